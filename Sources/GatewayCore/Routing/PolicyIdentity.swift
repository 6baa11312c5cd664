import TextKit

/// What a gateway decides by, as hashes that are alike wherever the same things decide: of one part each, so that a change
/// of prices can be distinguished from a change of what is decided.
///
/// Whether decisions are followed (`observe`) is no part of it, nor are targets and how they are called.
package struct PolicyIdentity: Sendable, Hashable {
  /// Of the model; 0 without one.
  package let model: UInt64
  /// Of each policy's thresholds, limits, pins, exploration and looks at answers, and of how conversations stay.
  package let thresholds: UInt64
  /// Of the tiers and what they can do, and of the rules, in order.
  package let rules: UInt64
  /// Of the tiers' prices.
  package let prices: UInt64

  /// All four together: `policy_hash` of a log.
  package let hash: UInt64

  package init(model: UInt64, thresholds: UInt64, rules: UInt64, prices: UInt64) {
    (self.model, self.thresholds, self.rules, self.prices) = (model, thresholds, rules, prices)
    var hash = PolicyHash()
    for part in [model, thresholds, rules, prices] { hash.add(part.hexadecimal) }
    self.hash = hash.value
  }

  /// Each hash as logs write it, by the name of its column.
  package var columns: [(name: String, value: String)] {
    [
      ("policy_hash", hash), ("model_hash", model), ("thresholds_hash", thresholds), ("rules_hash", rules),
      ("prices_hash", prices),
    ].map { ($0, $1.hexadecimal) }
  }
}

extension PolicyIdentity {
  /// - Parameter steps: the thresholds of each policy, its own or the model's.
  init(_ configuration: GatewayConfiguration, model: UInt64?, steps: [String: [Float]], _ tiers: TierTable) {
    var prices = PolicyHash()
    for limits in tiers.limits {
      prices.add(limits.inputUSDPerMillionTokens)
      prices.add(limits.outputUSDPerMillionTokens)
    }
    // What a lost prompt cache costs is weighed too.
    for price in tiers.prices { prices.add(price?.cachedInput) }
    self.init(
      model: model ?? 0, thresholds: Self.thresholds(configuration, steps), rules: Self.rules(configuration, tiers),
      prices: prices.value)
  }

  private static func thresholds(_ configuration: GatewayConfiguration, _ steps: [String: [Float]]) -> UInt64 {
    var hash = PolicyHash()
    for name in steps.keys.sorted() {
      hash.add(name)
      for step in steps[name] ?? [] { hash.add(Double(step)) }
      let policy = configuration.policies[name] ?? PolicyConfiguration()
      hash.add(policy.minimumQuality.map(Double.init))
      hash.add(policy.maximumCostUSD)
      hash.add(policy.maximumLatencyMilliseconds)
      for (task, tiers) in policy.taskPins.sorted(by: { $0.key.name < $1.key.name }) {
        hash.add(task.name)
        hash.add(tiers)
      }
      hash.add(policy.explorationRate)
      hash.add(policy.cascade)
      hash.add(policy.ensemble)
    }
    let sessions = configuration.sessions
    hash.add("\(sessions.isSticky) \(sessions.weighsCache) \(sessions.lowerTurns)")
    return hash.value
  }

  private static func rules(_ configuration: GatewayConfiguration, _ tiers: TierTable) -> UInt64 {
    var hash = PolicyHash()
    for (tier, limits) in zip(configuration.tiers, tiers.limits) {
      hash.add(tier.name)
      hash.add(limits.contextTokens.map(Double.init))
      hash.add("\(limits.capabilities.rawValue)")
      hash.add(limits.latencyMilliseconds)
    }
    for rule in configuration.rules {
      hash.add(rule.name)
      for condition in rule.conditions { hash.add(condition) }
      hash.add(rule.action)
      hash.add("\(rule.isPrivate)")
    }
    return hash.value
  }
}

/// A hash of values in order, each distinguished from the next.
private struct PolicyHash {
  private var hash = ContentHash()

  var value: UInt64 { hash.value }

  mutating func add(_ text: String) {
    hash.append(text.utf8Span.span)
    // In no UTF-8.
    hash.append(0xFF)
  }

  mutating func add(_ number: Double?) { add(number.map { "\($0)" } ?? "none") }

  mutating func add(_ texts: [String]) {
    add("\(texts.count)")
    for text in texts { add(text) }
  }

  mutating func add(_ cascade: CascadeConfiguration?) {
    guard let cascade else { return add("none") }
    add(Double(cascade.maximumSteps))
    add(cascade.minimumMeanLogprob)
    add(cascade.judge ?? "")
    add(cascade.minimumScore)
    // A cascade that is not learned keeps the hash that it had.
    if let learned = cascade.learned { add("learned \(learned.explorationRate)") }
  }

  mutating func add(_ ensemble: EnsembleConfiguration?) {
    guard let ensemble else { return add("none") }
    add(Double(ensemble.answers))
    add(ensemble.choice.rawValue)
    add(ensemble.judge ?? "")
  }

  mutating func add(_ condition: Rule.Condition) {
    switch condition {
    case .textBytes(let range): add("text_bytes \(range)")
    case .languages(let codes): add(["languages"] + codes.sorted())
    case .keywords(let words): add(["keywords"] + words)
    case .header(let name, let values): add(["headers", name] + values)
    case .keys(let names): add(["keys"] + names.sorted())
    case .tasks(let kinds): add(["tasks"] + kinds.map(\.name).sorted())
    case .hasTools(let wanted): add("tools \(wanted)")
    case .hasImages(let wanted): add("images \(wanted)")
    case .turns(let range): add("turns \(range)")
    case .share(let share): add("share \(share)")
    }
  }

  mutating func add(_ action: Rule.Action) {
    switch action {
    case .pin(let tier): add(["tier", tier])
    case .target(let name): add(["target", name])
    case .forbid(let tiers): add(["forbid"] + tiers.sorted())
    case .atLeast(let tier): add(["at_least", tier])
    case .atMost(let tier): add(["at_most", tier])
    case .policy(let name): add(["policy", name])
    }
  }
}
