extension ConfigurationReader {
  mutating func readKeys(_ node: ConfigurationNode) {
    for child in node.list() ?? [] {
      guard let key = key(child) else { continue }
      let twice =
        configuration.keys.contains { $0.name == key.name }
        ? "name" : configuration.keys.contains { $0.sha256 == key.sha256 } ? "sha256" : nil
      if let twice {
        child.report(
          expected: "a \(twice) that no other key has", found: "one that stands above", remedy: "remove one of the keys"
        )
      }
      configuration.keys.append(key)
    }
    checkKeyNamesOfRules(node)
  }

  private func key(_ node: ConfigurationNode) -> KeyConfiguration? {
    guard
      let map = node.map(
        "name", "sha256", "daily_budget_usd", "monthly_budget_usd", "requests_per_minute", "tokens_per_minute",
        "models",
        "shadow")
    else { return nil }
    let name = map.required("name", "the key's name")?.text("a name")
    let hash = map.required("sha256", "the SHA-256 of the key").flatMap(Self.digest)
    var key = KeyConfiguration(name: name ?? "", sha256: hash ?? "")
    map.set("daily_budget_usd", &key.dailyBudgetUSD) { $0.number(in: .notNegative) }
    map.set("monthly_budget_usd", &key.monthlyBudgetUSD) { $0.number(in: .notNegative) }
    map.set("requests_per_minute", &key.requestsPerMinute) { $0.integer(in: 1...1_000_000_000) }
    map.set("tokens_per_minute", &key.tokensPerMinute) { $0.integer(in: 1...1_000_000_000_000) }
    map.set("models", &key.models) { Set($0.oneOrMore().compactMap(model)) }
    map.set("shadow", &key.allowsShadow) { $0.boolean() }
    return name == nil || hash == nil ? nil : key
  }

  static func digest(_ node: ConfigurationNode) -> String? {
    let expected = "64 hexadecimal digits: the SHA-256 of the key, never the key itself"
    guard let text = node.text(expected) else { return nil }
    let lower = text.lowercased()
    let isDigest = lower.utf8.count == 64 && lower.utf8.allSatisfy { $0.isDigit || (0x61...0x66).contains($0) }
    if isDigest { return lower }
    node.report(
      expected: expected, found: "a string of \(text.utf8.count) bytes",
      remedy: "write what this prints: printf %s \"$KEY\" | sha256sum")
    return nil
  }

  /// A name that a client may ask for; one that ends in `*` stands for all that begin alike.
  private func model(_ node: ConfigurationNode) -> String? {
    guard let name = node.text("the name of a tier, a target or a policy") else { return nil }
    if name.hasSuffix("*") || name.hasPrefix("router-") { return name }
    let models = (configuration.tiers.flatMap(\.targets) + configuration.extraTargets).map(\.model)
    let names = ["auto"] + configuration.policies.keys.map { "auto:\($0)" } + tierNames + targetNames + models
    if names.contains(name) { return name }
    reportUnresolved(name, node, kind: "a tier, a target, auto or auto:POLICY", among: Set(names))
    return nil
  }

  private func checkKeyNamesOfRules(_ node: ConfigurationNode) {
    let known = Set(configuration.keys.map(\.name))
    for rule in configuration.rules {
      for case .keys(let names) in rule.conditions {
        for name in names.subtracting(known).sorted() {
          node.report(
            expected: "a key for every name in rules", found: "none of the name \(SecretText.shown(name))",
            remedy: Suggestion.remedy(for: name, among: known))
        }
      }
    }
  }
}
