import Statistics

/// The targets to try for a request, in order.
package struct AttemptPlan: Sendable, Hashable {
  package struct Step: Sendable, Hashable {
    /// `nil` for a target outside the tiers.
    package var tier: Int?
    package var target: TargetConfiguration
  }

  package var steps: [Step]

  /// The plan for a decision.
  ///
  /// A named target stands alone. Else come the targets of the chosen tier, then those of each allowed tier above it
  /// where failures escalate. Within a tier one target is drawn by weight to begin, and the others follow in order; the
  /// draw is the same for all requests of a conversation, so that a provider's prompt cache is met again.
  ///
  /// - Parameter random: a number from 0 up to 1, for requests that belong to no conversation.
  package init(
    for decision: RoutingDecision, in configuration: GatewayConfiguration, random: () -> Double
  ) {
    if let name = decision.target {
      steps = Self.find(name, in: configuration).map { [$0] } ?? []
      return
    }
    guard let tier = decision.tier, configuration.tiers.indices.contains(tier) else {
      steps = []
      return
    }
    let above = configuration.retries.escalates ? (tier + 1)..<max(tier + 1, configuration.tiers.count) : 0..<0
    let tiers = [tier] + above.filter(decision.allowedTiers.contains)
    steps = tiers.flatMap { tier in
      let share = decision.session.map { Self.share(of: $0, tier: tier) } ?? random()
      let tierName = configuration.tiers[tier].name
      return Self.order(configuration.tiers[tier].targets, at: share, first: decision.firstTargets[tierName])
        .map { Step(tier: tier, target: $0) }
    }
  }

  /// The target of a name, with its tier.
  static func find(_ name: String, in configuration: GatewayConfiguration) -> Step? {
    for (index, tier) in configuration.tiers.enumerated() {
      if let target = tier.targets.first(where: { $0.name == name }) { return Step(tier: index, target: target) }
    }
    return configuration.extraTargets.first { $0.name == name }.map { Step(tier: nil, target: $0) }
  }

  private static func share(of session: UInt64, tier: Int) -> Double {
    Double(SplitMix64.mixed(session &+ UInt64(tier) &* 0x9E37_79B9_7F4A_7C15) >> 11) * 0x1p-53
  }

  /// The targets with the one in front that is named, or else whose part of the weights holds the share.
  private static func order(
    _ targets: [TargetConfiguration], at share: Double, first name: String?
  ) -> [TargetConfiguration] {
    if let name, let named = targets.firstIndex(where: { $0.name == name }) {
      return [targets[named]] + targets[..<named] + targets[(named + 1)...]
    }
    let total = targets.reduce(0) { $0 + $1.weight }
    guard total > 0, let last = targets.lastIndex(where: { $0.weight > 0 }) else { return targets }
    var rest = share * total
    // Rounding may leave a rest behind the last: it is that one's.
    let drawn = targets.indices.first { index in
      rest -= targets[index].weight
      return rest < 0 && targets[index].weight > 0
    }
    let first = drawn ?? last
    return [targets[first]] + targets[..<first] + targets[(first + 1)...]
  }
}
