/// Where a request starts, and when its response is good enough: one rule for both.
///
/// A tier is asked for what it is worth from where the request stands. Before any response P are the probabilities of the
/// prompt heads; after the response of tier `t` they are those of its response heads, P(t's response is good) and P(tier j
/// would be good) for each j above. What was spent is spent: escalating costs all of what the next tier costs.
///
///     worth[j] = P[j] + premium · x[j]
///     W[j]     = worth[j] − λ · cost[j] + hope(best W above j − worth[j], spread[j])    from the last tier down
///
/// `x` runs from 0 at the first tier to 1 at the last in proportion to their costs. `hope` is what the right to escalate is
/// worth before the response is there: the mean of max(0, G) for a gain G anywhere within `spread[j]` of what is predicted now.
/// A request starts at the tier of greatest W, and escalates to the one of greatest W above it where that reaches the worth of
/// the response; between two equals the upper one. With λ = 0 quality alone counts; a premium prefers upper tiers beyond it.
public struct CascadePolicy: Sendable, Hashable {
  /// What a request costs in each tier on average, in USD or any other unit that ``lambda`` is stated in [T].
  public var tierCostUSD: [Double]

  /// How far the response of a tier can move the gain of those above, in probability from 0 up [T − 1]; 0 where it contains nothing new.
  public var spreads: [Float]

  /// The probability of a good answer that a dollar must buy, from 0 up.
  public var lambda: Double

  /// The probability that the last tier is credited with beyond its own, from 0 up.
  public var premium: Double

  /// The tiers that a request may start at.
  public var startTiers: TierSet

  /// The tiers whose responses are weighed; those of others are taken as they are.
  public var checkedTiers: TierSet

  /// Creates a policy that starts anywhere and weighs every response but that of the last tier.
  ///
  /// - Precondition: there is a spread between each two of the costs.
  public init(tierCostUSD: [Double], spreads: [Float], lambda: Double, premium: Double = 0) {
    precondition(tierCostUSD.count == spreads.count + 1, "a spread per tier but the last")
    self.tierCostUSD = tierCostUSD
    self.spreads = spreads
    self.lambda = lambda
    self.premium = premium
    startTiers = .all
    checkedTiers = .all
  }

  /// The number of tiers T.
  public var tierCount: Int { tierCostUSD.count }
}

/// What comes of weighing a response against the tiers above.
public struct Escalation: Sendable, Hashable {
  /// The tier above that is worth most.
  public var candidate: Int

  /// P(``candidate`` would be good) − P(the response is good), given the response.
  public var gain: Float

  /// What ``gain`` has to reach.
  public var threshold: Float

  /// Whether the request moves on to ``candidate``.
  public var isWorthwhile: Bool
}

extension CascadePolicy {
  /// The tier to ask first.
  ///
  /// - Parameters:
  ///   - probabilities: P(good) of each tier given the prompt [T].
  ///   - thresholdScales: what each step between tiers costs of its usual price [T − 1]; empty for 1. See ``ThresholdScaling``.
  ///   - allowed: the tiers that the request may use; all where none of them is there. Where it leaves none of
  ///     ``startTiers``, the request starts at the lowest allowed one.
  /// - Complexity: O(T), no allocation.
  public func start(_ probabilities: Span<Float>, thresholdScales: Span<Float> = Span(), allowed: TierSet = .all) -> Int
  {
    let open = allowed.known(of: tierCount)
    let best = best(of: open.intersection(startTiers), among: open, probabilities, first: 0, thresholdScales)
    return best?.tier ?? open.first ?? 0
  }

  /// The tier to ask first, with what it was weighed against: the lowest tier that the request may start at beside the best of
  /// those above. The threshold is what the gain of that one must reach, the worth of reading the lower one's response included.
  ///
  /// The parameters are those of ``start(_:thresholdScales:allowed:)``, and so is the tier.
  /// - Complexity: O(T), no allocation.
  public func weighStart(
    _ probabilities: Span<Float>, thresholdScales: Span<Float> = Span(), allowed: TierSet = .all
  ) -> TierChoice {
    let open = allowed.known(of: tierCount)
    let lowest = open.intersection(startTiers).first ?? open.first ?? 0
    let lower = TierSet(only: lowest)
    let others = open.intersection(startTiers).subtracting(lower)
    guard let base = best(of: lower, among: open, probabilities, first: 0, thresholdScales),
      let upper = best(of: others, among: open, probabilities, first: 0, thresholdScales)
    else { return TierChoice(tier: lowest, gain: 0, threshold: 0, candidate: lowest) }
    let surplus = upper.worth - base.worth
    let gain = probabilities[upper.tier] - probabilities[lowest]
    return TierChoice(
      tier: surplus >= 0 ? upper.tier : lowest, gain: gain, threshold: Float(Double(gain) - surplus),
      candidate: upper.tier)
  }

  /// Whether the response of a tier is good enough; `nil` where nothing is to be weighed: the response is not one of
  /// ``checkedTiers``, or no tier above is allowed.
  ///
  /// - Parameters:
  ///   - tier: the tier that answered.
  ///   - probabilities: P(good) given the response, of `tier` and of each tier above it [T − tier].
  ///   - thresholdScales, allowed: as for ``start(_:thresholdScales:allowed:)``.
  /// - Complexity: O(T), no allocation.
  public func escalation(
    from tier: Int, _ probabilities: Span<Float>, thresholdScales: Span<Float> = Span(), allowed: TierSet = .all
  ) -> Escalation? {
    let above = allowed.known(of: tierCount).intersection(TierSet(from: tier + 1))
    guard checkedTiers.contains(tier),
      let best = best(of: above, among: above, probabilities, first: tier, thresholdScales)
    else { return nil }
    let surplus = best.worth - worth(probabilities[0], tier)
    let gain = probabilities[best.tier - tier] - probabilities[0]
    return Escalation(
      candidate: best.tier, gain: gain, threshold: Float(Double(gain) - surplus), isWorthwhile: surplus >= 0)
  }

  private func worth(_ probability: Float, _ tier: Int) -> Double {
    guard premium > 0 else { return Double(probability) }
    let span = tierCostUSD[tierCount - 1] - tierCostUSD[0]
    let place =
      span > 0 ? (tierCostUSD[tier] - tierCostUSD[0]) / span : Double(tier) / Double(tierCount - 1)
    return Double(probability) + premium * place
  }

  /// The tier of greatest W.
  ///
  /// - Parameters:
  ///   - eligible: the tiers to choose from.
  ///   - allowed: those that may be escalated to.
  ///   - first: the tier that the first of the probabilities belongs to.
  private func best(
    of eligible: TierSet, among allowed: TierSet, _ probabilities: Span<Float>, first: Int,
    _ thresholdScales: Span<Float>
  ) -> (tier: Int, worth: Double)? {
    var (best, above): ((tier: Int, worth: Double)?, Double?) = (nil, nil)
    var cost = cost(of: tierCount - 1, thresholdScales)
    for tier in stride(from: tierCount - 1, through: first, by: -1) {
      if tier < tierCount - 1 { cost -= step(tier, thresholdScales) }
      guard allowed.contains(tier) else { continue }
      let value = value(worth(probabilities[tier - first], tier), tier, above: above) - lambda * cost
      if eligible.contains(tier), value > best?.worth ?? -.infinity { best = (tier, value) }
      above = max(above ?? value, value)
    }
    return best
  }

  /// worth + hope. A tier that is sure to be escalated from is worth what comes next, to the last bit.
  private func value(_ worth: Double, _ tier: Int, above: Double?) -> Double {
    guard let above, checkedTiers.contains(tier) else { return worth }
    let (mean, spread) = (above - worth, Double(spreads[tier]))
    if mean >= spread { return above }
    if mean <= -spread { return worth }
    return worth + (mean + spread) * (mean + spread) / (4 * spread)
  }

  private func cost(of tier: Int, _ scales: Span<Float>) -> Double {
    var cost = tierCostUSD[0]
    for index in 0..<tier { cost += step(index, scales) }
    return cost
  }

  /// What lies between two tiers. A step that is not above 0 stays as it is.
  private func step(_ index: Int, _ scales: Span<Float>) -> Double {
    let step = tierCostUSD[index + 1] - tierCostUSD[index]
    return step > 0 && !scales.isEmpty ? step * Double(scales[index]) : step
  }
}
