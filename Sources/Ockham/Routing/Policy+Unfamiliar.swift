extension Policy {
  /// Goes up where a request is unlike those that the model is meant for and a cheaper tier may do harm: to the tier above the chosen one
  /// that pays best if quality on foreign requests is at the end of its interval that speaks for going up.
  ///
  /// - Parameters:
  ///   - probabilities: P(good) per tier, as the decision was made by.
  ///   - doubts: how far each tier's probability may be lower and higher [tiers]; empty for a request that is familiar.
  ///   - thresholdScales: as in ``Thresholds/choose(_:thresholdScales:allowed:)``.
  ///   - allowed: see ``allowedTiers(for:task:)``.
  /// - Complexity: O(tiers), no allocation.
  package func raise(
    _ decision: inout Decision, _ probabilities: Span<Float>, doubts: (below: Span<Float>, above: Span<Float>),
    thresholdScales: Span<Float>, allowed: TierSet
  ) {
    guard !doubts.below.isEmpty else { return }
    decision.isUnfamiliar = true
    let low = probabilities[decision.tier] - doubts.below[decision.tier]
    var (best, bestNet, threshold) = (decision.tier, Float.zero, Float.zero)
    for upper in decision.tier + 1..<max(decision.tier + 1, thresholds.tierCount) {
      threshold += thresholds.step(upper - 1, thresholdScales)
      guard allowed.contains(upper) else { continue }
      let net = ((probabilities[upper] + doubts.above[upper]) - low) - threshold
      if net >= bestNet { (best, bestNet) = (upper, net) }
    }
    guard best > decision.tier else { return }
    decision.tier = best
    decision.reason = .unfamiliar
  }
}
