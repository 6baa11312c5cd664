extension ConfigurationReader {
  mutating func readObserve(_ node: ConfigurationNode) {
    guard let map = node.map("tier", "keys", "policies", "share", "models"),
      let name = map.required("tier", "the tier that answers").flatMap(tier)
    else { return }
    var observe = ObserveConfiguration(tier: name)
    map.set("keys", &observe.keys, observedKeys)
    map.set("policies", &observe.policies, observedPolicies)
    map.set("share", &observe.share) { $0.number(in: .leastNonzeroMagnitude...1) }
    map.set("models", &observe.models, observedModels)
    configuration.observe = observe
  }

  private func observedPolicies(_ node: ConfigurationNode) -> Set<String>? {
    let names = node.oneOrMore().compactMap(policyName)
    return names.isEmpty ? nothing(node, "the name of a policy") : Set(names)
  }

  private func observedKeys(_ node: ConfigurationNode) -> Set<String>? {
    let known = configuration.keys.map(\.name)
    let names = node.oneOrMore().compactMap { child -> String? in
      guard let name = child.text("the name of a key") else { return nil }
      if known.contains(name) { return name }
      reportUnresolved(name, child, kind: "a key", among: known)
      return nil
    }
    return names.isEmpty ? nothing(node, "the name of a key") : Set(names)
  }

  /// An empty list would watch nothing, or everything: nobody can tell.
  private func nothing(_ node: ConfigurationNode, _ expected: String) -> Set<String>? {
    if node.node.sequence?.isEmpty == true {
      node.report(expected: expected, found: "an empty list", remedy: "name one, or leave the list out for all")
    }
    return nil
  }

  /// Models by what clients ask for, each with the tier that its answers are of.
  private func observedModels(_ node: ConfigurationNode) -> [String: String]? {
    guard let entries = node.entries(of: "a mapping of models to tiers") else { return nil }
    let names = ModelNames(configuration)
    var models: [String: String] = [:]
    for (name, value) in entries {
      guard let tier = tier(value) else { continue }
      switch try? names.resolve(name) {
      case .target(_, tier: nil): models[name] = tier
      case .target(_, let own?), .tier(let own):
        guard tierNames[own] == tier else {
          value.report(
            expected: "\(tierNames[own]), the tier of \(SecretText.shown(name))", found: tier,
            remedy: "write \(tierNames[own])")
          continue
        }
        models[name] = tier
      default:
        let targets = configuration.tiers.flatMap(\.targets) + configuration.extraTargets
        reportUnresolved(
          name, value, kind: "a model, a target or a tier",
          among: Set(tierNames + targets.map(\.name) + targets.map(\.model)))
      }
    }
    return models
  }
}
