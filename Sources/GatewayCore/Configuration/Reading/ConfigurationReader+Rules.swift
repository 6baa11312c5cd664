extension ConfigurationReader {
  mutating func readRules(_ node: ConfigurationNode) {
    for child in node.list() ?? [] {
      guard let rule = rule(child) else { continue }
      if configuration.rules.contains(where: { $0.name == rule.name }) {
        child.report(
          expected: "a name that no other rule has", found: "\(SecretText.shown(rule.name)) twice",
          remedy: "rename one: logs identify rules by name")
      }
      configuration.rules.append(rule)
    }
  }

  private func rule(_ node: ConfigurationNode) -> Rule? {
    guard let map = node.map("name", "when", "then", "private") else { return nil }
    let name = map.required("name", "the rule's name")?.text("a name")
    let conditions = map["when"].map(conditions) ?? []
    let action = map.required("then", "what the rule does").flatMap(action)
    guard let name, let action else { return nil }
    var rule = Rule(name: name, conditions: conditions, action: action)
    map.set("private", &rule.isPrivate) { $0.boolean() }
    return rule
  }

  private func conditions(_ node: ConfigurationNode) -> [Rule.Condition] {
    guard
      let map = node.map(
        "text_bytes", "languages", "keywords", "headers", "keys", "tasks", "tools", "images", "turns", "share")
    else { return [] }
    var conditions: [Rule.Condition] = []
    func add(_ key: String, _ read: (ConfigurationNode) -> Rule.Condition?) {
      if let condition = map[key].flatMap(read) { conditions.append(condition) }
    }
    add("text_bytes") { Self.range($0).map(Rule.Condition.textBytes) }
    add("languages") { languages($0).map(Rule.Condition.languages) }
    add("keywords") { values($0.texts("a word"), $0, "a word").map(Rule.Condition.keywords) }
    add("keys") { values($0.texts("the name of a key"), $0, "the name of a key").map { .keys(Set($0)) } }
    add("tasks") { node in
      let kinds = node.oneOrMore().compactMap { child in child.text().flatMap { task($0, child) } }
      return values(kinds, node, "a kind of task").map { .tasks(Set($0)) }
    }
    add("tools") { $0.boolean().map(Rule.Condition.hasTools) }
    add("images") { $0.boolean().map(Rule.Condition.hasImages) }
    add("turns") { Self.range($0).map(Rule.Condition.turns) }
    add("share") { $0.number(in: 0...1).map(Rule.Condition.share) }
    return conditions + (map["headers"].map(headerConditions) ?? [])
  }

  /// The values of a condition. A rule whose condition has none would hold for every request, were it dropped.
  private func values<Element>(_ values: [Element], _ node: ConfigurationNode, _ expected: String) -> [Element]? {
    nonempty(values, node, expected, remedy: "name one, or leave the condition out")
  }

  /// `{min, max}`, either of them alone, or one number for both.
  private static func range(_ node: ConfigurationNode) -> ClosedRange<Int>? {
    if node.node.scalar != nil { return node.integer(in: 0...Int.max).map { $0...$0 } }
    guard let map = node.map("min", "max") else { return nil }
    var lower = 0, upper = Int.max
    map.set("min", &lower) { $0.integer(in: 0...Int.max) }
    map.set("max", &upper) { $0.integer(in: 0...Int.max) }
    guard lower <= upper else {
      node.report(expected: "min of at most max", found: "min above max", remedy: "swap them")
      return nil
    }
    return lower...upper
  }

  private func languages(_ node: ConfigurationNode) -> Set<String>? {
    let known = Rule.languages
    var codes: [String] = []
    for child in node.oneOrMore() {
      guard let code = child.text("a language such as en") else { continue }
      if known.contains(code) {
        codes.append(code)
      } else {
        reportUnresolved(code, child, kind: "a language that can be guessed", among: known)
      }
    }
    return values(codes, node, "a language such as en").map { Set($0) }
  }

  /// A mapping of names to a value or a list of values; nothing or `true` after the colon for any value.
  private func headerConditions(_ node: ConfigurationNode) -> [Rule.Condition] {
    (node.entries(of: "a mapping of headers to values") ?? []).compactMap { name, value in
      if value.isNull || value.node.scalar?.string == "true" { return .header(name: name.lowercased(), values: []) }
      let texts = value.texts("the value of a header")
      return values(texts, value, "the value of a header").map { .header(name: name.lowercased(), values: $0) }
    }
  }

  private func action(_ node: ConfigurationNode) -> Rule.Action? {
    guard let map = node.map("tier", "target", "forbid", "at_least", "at_most", "policy") else { return nil }
    let readers: [(String, (ConfigurationNode) -> Rule.Action?)] = [
      ("tier", { tier($0).map { .pin(tier: $0) } }),
      ("target", { targetName($0).map { .target($0) } }),
      (
        "forbid",
        { node in
          let tiers = node.oneOrMore().compactMap(tier)
          return nonempty(tiers, node, "the name of a tier", remedy: "name one, or remove the rule")
            .map { .forbid(tiers: Set($0)) }
        }
      ),
      ("at_least", { tier($0).map { .atLeast(tier: $0) } }),
      ("at_most", { tier($0).map { .atMost(tier: $0) } }),
      ("policy", { policyName($0).map { .policy($0) } }),
    ]
    let present = readers.filter { map[$0.0] != nil }
    guard present.count == 1, let (key, read) = present.first else {
      node.report(
        expected: "one of tier, target, forbid, at_least, at_most, policy", found: "\(present.count)",
        remedy: "write one rule per action")
      return nil
    }
    return map[key].flatMap(read)
  }

  func policyName(_ node: ConfigurationNode) -> String? {
    guard let name = node.text("the name of a policy") else { return nil }
    if configuration.policies[name] != nil { return name }
    reportUnresolved(name, node, kind: "a policy", among: configuration.policies.keys)
    return nil
  }
}
