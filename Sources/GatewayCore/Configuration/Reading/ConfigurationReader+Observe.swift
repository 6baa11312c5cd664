extension ConfigurationReader {
  mutating func readObserve(_ node: ConfigurationNode) {
    guard let map = node.map("tier", "keys", "policies", "share", "models"),
      let name = map.required("tier", "the tier that answers").flatMap(tier)
    else { return }
    var observe = ObserveConfiguration(tier: name)
    map.set("keys", &observe.keys, read: observedKeys)
    map.set("policies", &observe.policies, read: observedPolicies)
    map.set("share", &observe.share) { $0.number(in: .leastNonzeroMagnitude...1) }
    map.set("models", &observe.models, read: observedModels)
    configuration.observe = observe
  }

  private func observedPolicies(_ node: ConfigurationNode) -> Set<String>? {
    let names = node.oneOrMore().compactMap(policyName)
    return nonempty(names, node, "the name of a policy", remedy: Self.remedy).map { Set($0) }
  }

  private func observedKeys(_ node: ConfigurationNode) -> Set<String>? {
    let known = configuration.keys.map(\.name)
    let names = node.oneOrMore().compactMap { child -> String? in
      guard let name = child.text("the name of a key") else { return nil }
      if known.contains(name) { return name }
      reportUnresolved(name, child, kind: "a key", among: known)
      return nil
    }
    return nonempty(names, node, "the name of a key", remedy: Self.remedy).map { Set($0) }
  }

  private static let remedy = "name one, or leave the list out for all"

  /// Models by what clients ask for, each with the tier that its answers are of.
  private func observedModels(_ node: ConfigurationNode) -> [String: String]? {
    guard let entries = node.entries(of: "a mapping of models to tiers") else { return nil }
    var models: [String: String] = [:]
    for (name, value) in entries {
      guard let tier = tier(value) else { continue }
      guard let asked = self.tier(asked: name) else {
        let targets = configuration.tiers.flatMap(\.targets) + configuration.extraTargets
        reportUnresolved(
          name, value, kind: "a model, a target or a tier",
          among: Set(tierNames + targets.map(\.name) + targets.map(\.model)))
        continue
      }
      if let own = asked, own != tier {
        value.report(
          expected: "\(own), the tier of \(SecretText.shown(name))", found: SecretText.shown(tier),
          remedy: "write \(own)")
      } else {
        models[name] = tier
      }
    }
    return models
  }

  /// The tier of what a request gets that asks for a name, as the router resolves it: a tier, a target by its name, or the first of its
  /// model; `.some(nil)` for a target outside the tiers, `nil` where nothing has the name.
  private func tier(asked name: String) -> String?? {
    if tierNames.contains(name) { return name }
    var targets: [(tier: String?, target: TargetConfiguration)] = []
    for tier in configuration.tiers { targets += tier.targets.map { (tier.name, $0) } }
    targets += configuration.extraTargets.map { (nil, $0) }
    let found = targets.first { $0.target.name == name } ?? targets.first { $0.target.model == name }
    return found.map(\.tier)
  }
}
