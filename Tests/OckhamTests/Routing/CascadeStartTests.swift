import Testing

@testable import Ockham

/// Where a request starts, and what that was weighed against.
struct CascadeStartTests {
  private func random(_ draws: inout SplitMix64, tiers: Int) -> CascadePolicy {
    var policy = CascadePolicy(
      tierCostUSD: (0..<tiers).map { _ in Double.random(in: 0...10, using: &draws) },
      spreads: (1..<tiers).map { _ in Float.random(in: 0...1, using: &draws) },
      lambda: Bool.random(using: &draws) ? 0 : Double.random(in: 0...0.3, using: &draws),
      premium: Bool.random(using: &draws) ? 0 : Double.random(in: 0...1, using: &draws))
    policy.startTiers = TierSet(rawValue: .random(in: 1..<1 << UInt64(tiers), using: &draws))
    policy.checkedTiers = TierSet(rawValue: .random(in: 0..<1 << UInt64(tiers), using: &draws))
    return policy
  }

  /// The tier is that of `start`, and the gain reaches the threshold exactly where the upper tier is chosen.
  @Test func theChoiceIsThatOfTheRule() {
    var draws = SplitMix64(seed: 4)
    for _ in 0..<5_000 {
      let tiers = Int.random(in: 2...5, using: &draws)
      let policy = random(&draws, tiers: tiers)
      let probabilities = (0..<tiers).map { _ in Float.random(in: 0...1, using: &draws) }
      let scales = (1..<tiers).map { _ in Float.random(in: 0.25...4, using: &draws) }
      let allowed = TierSet(rawValue: .random(in: 0..<1 << UInt64(tiers), using: &draws))
      let choice = policy.weighStart(probabilities.span, thresholdScales: scales.span, allowed: allowed)
      #expect(choice.tier == policy.start(probabilities.span, thresholdScales: scales.span, allowed: allowed))
      guard choice.tier != choice.candidate || choice.gain != 0 else { continue }
      if abs(choice.gain - choice.threshold) > 1e-5 {
        #expect((choice.gain > choice.threshold) == (choice.tier == choice.candidate))
      }
    }
  }

  /// A cascade takes the place of the thresholds; constraints and the least quality hold all the same.
  @Test func constraintsHoldBesideACascade() {
    let cascade = CascadePolicy(tierCostUSD: [1, 10], spreads: [0], lambda: 0.02)
    var policy = Policy(thresholds: Thresholds(increments: [-1]))
    let (even, uneven): ([Float], [Float]) = ([0.5, 0.5], [0.5, 0.9])
    func decide(_ probabilities: [Float], allowed: TierSet = .all) -> Decision {
      policy.decide(by: cascade, probabilities.span, allowed: allowed, task: nil, model: 7)
    }
    #expect(decide(even).tier == 0 && decide(even).reason == .gainBelowThreshold)
    // The first tier, which is sure to be left again, costs 0.02 of quality on the way.
    #expect(decide(uneven).tier == 1 && decide(uneven).reason == .gainReachesThreshold)
    #expect(abs(decide(uneven).threshold - 0.38) < 1e-6 && decide(uneven).modelIdentifier == 7)
    #expect(
      decide(uneven, allowed: [0]).reason == .onlyAllowedTier && decide(uneven, allowed: []).reason == .noTierAllowed)
    policy.minimumQuality = 0.6
    #expect(decide([0.59, 0.7]).tier == 1 && decide([0.59, 0.7]).reason == .minimumQuality)
  }
}
