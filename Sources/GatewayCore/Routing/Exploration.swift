import Ockham

/// Sends a share of the requests to a tier drawn at random, so that a log also shows what the other tiers would have made
/// of a request.
///
/// With ε the share, A the tiers that may be drawn and g the policy's own choice, tier t is taken with probability
/// ε / |A| + (1 − ε) · [t = g]: the propensity. It is logged, for estimates of what other policies would have made of the
/// same requests. Nothing that trains weighs by it.
struct Exploration {
  /// ε, from 0 to 0.5.
  let rate: Double
  /// The tiers that may be drawn; has the policy's choice.
  let tiers: TierSet

  /// The tier to take and the probability with which it is taken.
  ///
  /// - Parameter random: gives numbers from 0 up to 1; asked once or twice, and not at all without exploration.
  func choose(greedy: Int, random: () -> Double) -> (tier: Int, propensity: Double) {
    let count = tiers.count
    guard rate > 0, count > 1 else { return (greedy, 1) }
    let tier = random() < rate ? draw(Int(random() * Double(count))) : greedy
    return (tier, rate / Double(count) + (tier == greedy ? 1 - rate : 0))
  }

  /// The tier with that index in the set.
  private func draw(_ index: Int) -> Int { Array(tiers)[min(index, tiers.count - 1)] }
}
