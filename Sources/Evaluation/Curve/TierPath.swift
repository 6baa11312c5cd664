/// The tiers that a row goes to as λ falls from ∞ (the first, whatever the others are worth) to −∞ (the last, whatever it
/// costs).
struct TierPath {
  /// A change to a tier further up.
  struct Change: Equatable {
    /// The λ at and below which the row is at ``tier``.
    var lambda: Double
    var tier: Int
  }

  /// The changes in descending order of λ; the last one leads to the last tier.
  private(set) var changes: [Change] = []

  /// - Parameters:
  ///   - probabilities: P(good) [T].
  ///   - scaledCosts: what λ ≥ 0 is multiplied with, rising [T].
  ///   - costs: what λ < 0 is multiplied with, rising [T]: steps below 0 are not scaled.
  /// - Complexity: O(T²).
  init(_ probabilities: [Double], scaledCosts: [Double], costs: [Double]) {
    var tier = 0
    while tier < probabilities.count - 1 {
      let above = (tier + 1)..<probabilities.count
      let isWorthwhile = above.contains { probabilities[$0] >= probabilities[tier] }
      let prices = isWorthwhile ? scaledCosts : costs
      var next = Change(lambda: -.infinity, tier: tier)
      for upper in above {
        let lambda = (probabilities[upper] - probabilities[tier]) / (prices[upper] - prices[tier])
        if lambda >= next.lambda { next = Change(lambda: lambda, tier: upper) }
      }
      changes.append(next)
      tier = next.tier
    }
  }
}
