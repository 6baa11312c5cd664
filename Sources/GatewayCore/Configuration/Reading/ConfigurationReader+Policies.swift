import Ockham

extension ConfigurationReader {
  mutating func readPolicies(_ node: ConfigurationNode) {
    for (name, value) in node.entries(of: "a mapping of a name to each policy") ?? [] {
      guard checkName(name, value, role: "a policy") else { continue }
      // An entry without a value is the policy with all defaults.
      configuration.policies[name] = value.isNull ? PolicyConfiguration() : policy(value) ?? PolicyConfiguration()
    }
  }

  private func policy(_ node: ConfigurationNode) -> PolicyConfiguration? {
    guard
      let map = node.map(
        "thresholds", "minimum_quality", "max_cost_usd", "max_latency_ms", "pins", "exploration", "cascade", "ensemble")
    else { return nil }
    var policy = PolicyConfiguration()
    map.set("thresholds", &policy.thresholds, read: thresholds)
    map.set("minimum_quality", &policy.minimumQuality) { $0.number(in: 0...1).map(Float.init) }
    map.set("max_cost_usd", &policy.maximumCostUSD) { $0.number(in: .positive) }
    map.set("max_latency_ms", &policy.maximumLatencyMilliseconds) { $0.number(in: .positive) }
    map.set("pins", &policy.taskPins, read: pins)
    map.set("exploration", &policy.explorationRate) { $0.number(in: 0...0.5) }
    map.set("cascade", &policy.cascade, read: cascade)
    map.set("ensemble", &policy.ensemble, read: ensemble)
    if policy.cascade != nil, policy.ensemble != nil {
      node.report(expected: "cascade or ensemble", found: "both", remedy: "remove one, or write two policies")
    }
    return policy
  }

  private func thresholds(_ node: ConfigurationNode) -> [Float]? {
    guard let list = node.list() else { return nil }
    let steps = list.compactMap { $0.number(in: -1...1).map(Float.init) }
    guard steps.count == list.count else { return nil }
    guard steps.count == tierNames.count - 1 || tierNames.isEmpty else {
      node.report(
        expected: "one threshold per step up: \(tierNames.count - 1) for \(tierNames.count) tiers",
        found: "\(steps.count)", remedy: "write the least gain in quality that pays for each step")
      return nil
    }
    return steps
  }

  private func pins(_ node: ConfigurationNode) -> [TaskKind: [String]]? {
    guard let entries = node.entries(of: "a mapping of kinds of task to tiers") else { return nil }
    var pins: [TaskKind: [String]] = [:]
    for (name, value) in entries {
      guard let task = task(name, value) else { continue }
      let tiers = value.oneOrMore().compactMap(tier)
      pins[task] = nonempty(tiers, value, "the name of a tier", remedy: "name one, or leave the kind out for all")
    }
    return pins
  }

  func task(_ name: String, _ node: ConfigurationNode) -> TaskKind? {
    if let task = TaskKind(name: name) { return task }
    reportUnresolved(name, node, kind: "a kind of task", among: TaskKind.allCases.map(\.name))
    return nil
  }

  private func cascade(_ node: ConfigurationNode) -> CascadeConfiguration? {
    guard
      let map = node.map(
        "learned", "explore", "max_steps", "min_mean_logprob", "judge", "min_score", "max_s", "max_usd", "min_mark")
    else { return nil }
    var cascade = CascadeConfiguration()
    readLearned(map, into: &cascade)
    map.set("max_steps", &cascade.maximumSteps) { $0.integer(in: GatewayConfiguration.tierCount) }
    map.set("min_mean_logprob", &cascade.minimumMeanLogprob) { $0.number(in: -100...0) }
    map.set("judge", &cascade.judge, read: targetName)
    map.set("min_score", formerly: "min_mark", &cascade.minimumScore) { $0.number(in: 0...1) }
    cascade.bounds = bounds(map)
    return cascade
  }

  /// A learned cascade goes as far up as its model says, unless told otherwise.
  private func readLearned(_ map: ConfigurationMap, into cascade: inout CascadeConfiguration) {
    var isLearned = false
    map.set("learned", &isLearned) { $0.boolean() }
    guard isLearned else {
      map["explore"]?.report(
        expected: "learned: true beside explore", found: "a cascade without response heads",
        remedy: "add learned: true, or leave explore out")
      return
    }
    var learned = CascadeConfiguration.Learned()
    map.set("explore", &learned.explorationRate) { $0.number(in: 0...0.5) }
    cascade.learned = learned
    cascade.maximumSteps = GatewayConfiguration.tierCount.upperBound
  }

  private func ensemble(_ node: ConfigurationNode) -> EnsembleConfiguration? {
    guard let map = node.map("answers", "choose", "judge", "max_s", "max_usd") else { return nil }
    var ensemble = EnsembleConfiguration()
    map.set("answers", &ensemble.answers) { $0.integer(in: 2...16) }
    map.set("choose", &ensemble.choice) { $0.choice(EnsembleConfiguration.Choice.self) }
    map.set("judge", &ensemble.judge, read: targetName)
    ensemble.bounds = bounds(map)
    if ensemble.choice == .judge, map["judge"] == nil {
      node.report(expected: "judge: the name of a target", found: "none", remedy: "add judge, or choose: majority")
    }
    return ensemble
  }

  private func bounds(_ map: ConfigurationMap) -> MultiCallLimits {
    var bounds = MultiCallLimits()
    map.set("max_s", &bounds.seconds) { $0.number(in: 0.001...86_400) }
    map.set("max_usd", &bounds.costUSD) { $0.number(in: .notNegative) }
    return bounds
  }
}
