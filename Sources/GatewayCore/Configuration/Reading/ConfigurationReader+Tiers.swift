extension ConfigurationReader {
  /// Reads a list of tiers with names, or a mapping of names to tiers; cheapest first.
  mutating func readTiers(_ node: ConfigurationNode) {
    let isMapping = node.node.mapping != nil
    let entries: [(String?, ConfigurationNode)] =
      isMapping
      ? (node.entries(of: "tiers") ?? []).map { ($0.key, $0.value) } : (node.list() ?? []).map { (nil, $0) }
    guard GatewayConfiguration.tierCount.contains(entries.count) else {
      if isMapping || node.node.sequence != nil {
        node.report(
          expected: "1 to \(GatewayConfiguration.tierCount.upperBound) tiers", found: "\(entries.count)",
          remedy: "write the tiers in order, cheapest first")
      }
      return
    }
    for (name, value) in entries { readTier(name, value) }
  }

  private mutating func readTier(_ key: String?, _ node: ConfigurationNode) {
    var keys = ["targets", "context_tokens", "tools", "json", "images", "latency_ms"]
    if key == nil { keys.insert("name", at: 0) }
    guard let map = ConfigurationMap(node, keys: keys) else { return }
    let nameNode = map["name"] ?? node
    guard let name = key ?? map.required("name", "the tier's name")?.text("a name"),
      checkName(name, nameNode, role: "a tier"), isFree(name, nameNode)
    else { return }
    var tier = TierConfiguration(name: name, targets: [])
    configuration.tiers.append(tier)
    if let targets = map.required("targets", "a list of targets") { tier.targets = self.targets(targets) }
    map.set("context_tokens", &tier.contextTokens) { $0.integer(in: 1...1_000_000_000) }
    map.set("tools", &tier.hasTools) { $0.boolean() }
    map.set("json", &tier.hasJSON) { $0.boolean() }
    map.set("images", &tier.hasImages) { $0.boolean() }
    map.set("latency_ms", &tier.latencyMilliseconds) { $0.number(in: .positive) }
    configuration.tiers[configuration.tiers.count - 1] = tier
  }

  private mutating func targets(_ node: ConfigurationNode) -> [TargetConfiguration] {
    guard let list = node.list() else { return [] }
    if list.isEmpty {
      node.report(expected: "at least one target", found: "none", remedy: "add one: - {provider: NAME, model: MODEL}")
    }
    return list.compactMap { target($0) }
  }

  /// A target: `provider/model`, or a mapping.
  mutating func target(_ node: ConfigurationNode) -> TargetConfiguration? {
    guard node.node.scalar == nil else { return shortTarget(node) }
    guard
      let map = node.map(
        "name", "provider", "model", "weight", "price", "first_token_s", "parameters", "supports", "strict"),
      let providerNode = map.required("provider", "the name of a provider"),
      let model = map.required("model", "the provider's name of the model")?.text("the name of a model"),
      let provider = resolvedProvider(providerNode)
    else { return nil }
    var target = TargetConfiguration(name: "\(provider)/\(model)", provider: provider, model: model)
    map.set("name", &target.name) { $0.text("a name") }
    map.set("weight", &target.weight) { $0.number(in: 0...1_000_000) }
    map.set("price", &target.priceName) { $0.text("a name in the price catalogue") }
    map.set("first_token_s", &target.firstTokenSeconds) { $0.number(in: 0.001...86_400) }
    map.set("parameters", &target.parameters, read: Self.parameterRules)
    map.set("supports", &target.support, read: Self.support)
    map.set("strict", &target.isStrict) { $0.boolean() }
    guard checkName(target.name, map["name"] ?? node, role: "a target"), isFree(target.name, map["name"] ?? node)
    else { return nil }
    targetNames.insert(target.name)
    return target
  }

  private mutating func shortTarget(_ node: ConfigurationNode) -> TargetConfiguration? {
    guard let text = node.text("provider/model, or a mapping with provider and model") else { return nil }
    let parts = text.split(separator: "/", maxSplits: 1)
    guard parts.count == 2 else {
      node.report(
        expected: "provider/model, or a mapping with provider and model",
        remedy: "write the provider's name, /, the model")
      return nil
    }
    let provider = String(parts[0])
    guard configuration.providers[provider] != nil else {
      reportUnresolved(provider, node, kind: "a provider", among: configuration.providers.keys)
      return nil
    }
    guard checkName(text, node, role: "a target"), isFree(text, node) else { return nil }
    targetNames.insert(text)
    return TargetConfiguration(name: text, provider: provider, model: String(parts[1]))
  }

  private func resolvedProvider(_ node: ConfigurationNode) -> String? {
    guard let name = node.text("the name of a provider") else { return nil }
    if configuration.providers[name] != nil { return name }
    reportUnresolved(name, node, kind: "a provider", among: configuration.providers.keys)
    return nil
  }

  /// Whether a name is neither taken nor one that clients use to ask for routing.
  private func isFree(_ name: String, _ node: ConfigurationNode) -> Bool {
    if name == "auto" || name.hasPrefix("auto:") || name.hasPrefix("router-") {
      node.report(
        expected: "a name that asks for no routing", found: SecretText.shown(name),
        remedy: "choose a name other than auto, auto:… and router-…")
      return false
    }
    guard targetNames.contains(name) || tierNames.contains(name) else { return true }
    node.report(
      expected: "a name that no other tier or target has", found: "\(SecretText.shown(name)) twice",
      remedy: "give one of them another name under name")
    return false
  }

  /// The name of a tier; reports a name that is none.
  func tier(_ node: ConfigurationNode) -> String? {
    guard let name = node.text("the name of a tier") else { return nil }
    if tierNames.contains(name) { return name }
    reportUnresolved(name, node, kind: "a tier", among: tierNames)
    return nil
  }

  /// The name of a target.
  func targetName(_ node: ConfigurationNode) -> String? {
    guard let name = node.text("the name of a target") else { return nil }
    if targetNames.contains(name) { return name }
    reportUnresolved(name, node, kind: "a target", among: targetNames)
    return nil
  }
}
