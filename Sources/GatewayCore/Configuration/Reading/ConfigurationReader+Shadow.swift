import Judging

extension ConfigurationReader {
  /// Read after providers, tiers, targets and keys: it names them.
  mutating func readShadow(_ node: ConfigurationNode) {
    guard
      let map = node.map(
        "usd_per_day", "audit", "tiers", "baseline", "judge", "method", "rubric", "both_orders", "capacity",
        "requests_per_minute", "without_keys", "without_tasks", "providers")
    else { return }
    var shadow = ShadowConfiguration()
    guard let budget = map.required("usd_per_day", "what copies and their judge may cost a UTC day") else { return }
    if let number = budget.number(in: .positive) { shadow.dailyBudgetUSD = number }
    map.set("audit", &shadow.auditShare) { $0.number(in: 0...1) }
    map.set("tiers", &shadow.tiers) { $0.oneOrMore().compactMap(tier) }
    map.set("baseline", &shadow.baseline, read: tier)
    map.set("judge", &shadow.judge, read: targetName)
    map.set("method", &shadow.method) { $0.choice(ShadowMethod.self) }
    map.set("rubric", &shadow.rubric) { $0.text("what makes an answer good") }
    map.set("both_orders", &shadow.bothOrdersShare) { $0.number(in: 0...1) }
    map.set("capacity", &shadow.capacityShare) { $0.number(in: .leastNonzeroMagnitude...1) }
    map.set("requests_per_minute", &shadow.requestsPerMinute) { $0.integer(in: 1...1_000_000) }
    map.set("without_keys", &shadow.keysLeftOut) { Set($0.oneOrMore().compactMap(keyName)) }
    map.set("without_tasks", &shadow.tasksLeftOut) { node in
      Set(node.oneOrMore().compactMap { child in child.text("a kind of task").flatMap { task($0, child) } })
    }
    map.set("providers", &shadow.providers, read: providersOfCopies)
    check(shadow, map)
    configuration.shadow = shadow
  }

  private func keyName(_ node: ConfigurationNode) -> String? {
    guard let name = node.text("the name of a key") else { return nil }
    let known = configuration.keys.map(\.name)
    if known.contains(name) { return name }
    reportUnresolved(name, node, kind: "a key", among: known)
    return nil
  }

  private func providersOfCopies(_ node: ConfigurationNode) -> [String: String]? {
    guard let entries = node.entries(of: "a mapping of a provider to the one that its copies go to") else { return nil }
    var pairs: [String: String] = [:]
    for (name, value) in entries {
      guard let other = value.text("the name of a provider") else { continue }
      for name in [name, other] where configuration.providers[name] == nil {
        reportUnresolved(name, value, kind: "a provider", among: configuration.providers.keys)
      }
      pairs[name] = other
      guard let from = configuration.providers[name], let to = configuration.providers[other] else { continue }
      if from.kind != to.kind {
        value.report(
          expected: "a provider of the kind \(from.kind.rawValue)", found: "one of the kind \(to.kind.rawValue)",
          remedy: "name one that has the same models")
      }
    }
    return pairs
  }

  private func check(_ shadow: ShadowConfiguration, _ map: ConfigurationMap) {
    let tiers = shadow.tiers.isEmpty ? tierNames : shadow.tiers
    if let baseline = shadow.baseline, !tiers.contains(baseline), let node = map["baseline"] {
      node.report(
        expected: "one of the tiers that copies may go to", found: SecretText.shown(baseline),
        remedy: "add it to shadow.tiers")
    }
    checkJudge(shadow, tiers, map)
    if tierNames.count < 2 {
      map.node.report(
        expected: "two tiers or more to compare", found: "\(tierNames.count)", remedy: "add a tier, or remove shadow")
    }
  }

  /// A judge favours answers of its own model and family.
  private func checkJudge(_ shadow: ShadowConfiguration, _ tiers: [String], _ map: ConfigurationMap) {
    let known = configuration.tiers.flatMap(\.targets) + configuration.extraTargets
    guard let node = map["judge"], let judge = known.first(where: { $0.name == shadow.judge }) else { return }
    let judged = configuration.tiers.filter { tiers.contains($0.name) }.flatMap(\.targets)
    if let own = judged.first(where: { ModelFamily.areRelated($0.model, judge.model) }) {
      node.report(
        expected: "a judge of another family than those that it judges",
        found: "\(SecretText.shown(judge.model)) beside \(SecretText.shown(own.model))",
        remedy: "name a target of another family, or leave that tier out of shadow.tiers")
    }
  }
}
