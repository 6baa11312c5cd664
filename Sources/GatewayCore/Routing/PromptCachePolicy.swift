import Ockham

/// Whether a conversation may change its tier: only where the gain beats its threshold and pays for the prompt cache that
/// is left behind.
///
/// With c the present tier and p the one that the policy proposes, Θ(t) the sum of the steps up to tier t, a request is
/// worth U(t) = P(t) − Θ(t). The steps stand for the difference in cost of answers whose prompts are paid in full. To stay
/// is cheaper than that by the discount on what the provider of c has cached: the tokens of the conversation so far, at
/// the difference between c's plain and cached price. So the request moves where
///
///     U(p) − U(c) ≥ λ · tokens · (input price of c − cached price of c)
///
/// with λ, the quality that a dollar buys, as the thresholds have it: the sum of the steps that cost, over the difference
/// in mean cost between the last and the first tier. Where a price or λ is unknown the discount cannot be weighed, and
/// the conversation stays.
struct PromptCachePolicy {
  let tiers: TierTable
  let policy: Policy
  let needs: RequestNeeds
  let request: Request
  let scores: Scores
  /// What a request costs on average per tier, in USD; empty where the model does not know.
  let meanCosts: [Double]

  /// What moving wins, and what it must win: both in probability. `nil` where the latter is unknown.
  func weigh(from present: Int, to proposed: Int) -> (gain: Float, threshold: Float)? {
    guard let lost = lostDiscountUSD(in: present), let lambda else { return nil }
    let steps = policy.thresholds.scaled(by: scores.thresholdScales).increments
    let total = { (tier: Int) in steps[..<tier].reduce(0, +) }
    let gain = scores.probabilities[proposed] - scores.probabilities[present]
    return (gain, total(proposed) - total(present) + Float(min(lambda * lost, 1)))
  }

  /// The discount on the conversation so far. A cache price that the catalogue does not give counts as 0: it is never
  /// above the plain one.
  private func lostDiscountUSD(in tier: Int) -> Double? {
    guard let price = tiers.prices[tier]?.forPrompt(tokens: needs.inputTokens), let input = price.input else {
      return nil
    }
    return Double(tokensSoFar) * max(0, input - (price.cachedInput ?? 0))
  }

  /// An estimate of the tokens up to the last answer, which the provider has seen before.
  private var tokensSoFar: Int {
    guard let last = request.segments.lastIndex(where: { $0.role == .assistant }) else { return 0 }
    let seen = request.segments[...last]
    return TokenEstimate.tokens(bytes: seen.reduce(0) { $0 + $1.text.utf8.count }, messages: seen.count)
  }

  /// Probability per USD.
  private var lambda: Double? {
    let steps = policy.thresholds.increments.reduce(0) { $0 + Double(max(0, $1)) }
    if steps == 0 { return 0 }
    let last = tiers.limits.count - 1
    let costs: (Double?, Double?) =
      meanCosts.count == tiers.limits.count
      ? (meanCosts[0], meanCosts[last])
      : (needs.costUSD(in: tiers.limits[0]), needs.costUSD(in: tiers.limits[last]))
    guard let low = costs.0, let high = costs.1, high > low else { return nil }
    return steps / (high - low)
  }
}
