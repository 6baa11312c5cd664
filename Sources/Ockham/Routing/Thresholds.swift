/// The least gain worth paying for, one value per step up the tiers.
///
/// With tiers 0 … T−1 and steps θ₀ … θ_{T−2}, moving from tier `a` up to tier `b` must win at least
/// θ_a + … + θ_{b−1} of probability that the answer is good. ``choose(_:allowed:)`` therefore takes the tier that
/// maximises P(t) − (θ₀ + … + θ_{t−1}); between two equals the upper one, so that a gain that just meets its threshold
/// moves up. Skipping a tier is possible: where the middle tier wins nothing over the first but the last one does, the
/// two steps are paid together.
///
/// Cost-sensitive decisions compare expected gain and price (Elkan 2001); with θ_k = λ · (cost_{k+1} − cost_k) the rule is the optimal
/// one for λ, the quality that a dollar must buy. A tier whose gain is NaN is not moved to.
public struct Thresholds: Sendable, Hashable {
  /// The increments, in probability: `increments[k]` stands between tier `k` and tier `k + 1`. Any finite value; a negative one
  /// favours the upper tier.
  public var increments: [Float]

  /// Creates thresholds from the increments between neighbouring tiers.
  public init(increments: [Float]) { self.increments = increments }

  /// The thresholds at one point of the cost–quality frontier: increment k is λ · (cost of tier k + 1 − cost of tier k).
  ///
  /// - Parameters:
  ///   - lambda: the quality that a dollar must buy (probability per USD), at least 0.
  ///   - tierCosts: what a request costs in each tier, in USD or any other unit that `lambda` is stated in.
  public init(lambda: Double, tierCosts: [Double]) {
    increments = zip(tierCosts, tierCosts.dropFirst()).map { Float(lambda * ($1 - $0)) }
  }

  /// The number of tiers that these thresholds stand between.
  public var tierCount: Int { increments.count + 1 }
}

/// The outcome of weighing the gain of the upper tiers against the thresholds.
public struct TierChoice: Sendable, Hashable {
  /// The index of the chosen tier.
  public var tier: Int

  /// The probability won by moving from the lowest allowed tier to ``candidate``; 0 when there is no tier to move to.
  public var gain: Float

  /// What ``gain`` had to reach: the sum of the steps between the lowest allowed tier and ``candidate``.
  public var threshold: Float

  /// The upper tier that was weighed: the chosen one when the request moved up, else the one that came closest.
  public var candidate: Int
}

extension Thresholds {
  /// Chooses the tier whose probability pays best for its steps.
  ///
  /// - Parameters:
  ///   - probabilities: P(good) per tier, as many as there are tiers.
  ///   - thresholdScales: what each step is multiplied with, as many as there are steps; empty for the steps as they are.
  ///   - allowed: the tiers that may be used; those that are not there are ignored. When no tier is allowed, all are: a
  ///     constraint that rules everything out is the caller's to report.
  /// - Precondition: as many probabilities as ``tierCount``, and as many scales as increments or none.
  /// - Complexity: O(tiers), no allocation.
  public func choose(
    _ probabilities: Span<Float>, thresholdScales: Span<Float> = Span(), allowed: TierSet = .all
  ) -> TierChoice {
    let open = allowed.known(of: tierCount)
    let base = open.first ?? 0
    var choice = TierChoice(tier: base, gain: 0, threshold: 0, candidate: base)
    var bestNet = -Float.infinity
    var threshold: Float = 0
    for tier in base..<tierCount {
      if tier > base { threshold += step(tier - 1, thresholdScales) }
      guard tier > base, open.contains(tier) else { continue }
      let gain = probabilities[tier] - probabilities[base]
      guard gain - threshold >= bestNet else { continue }
      bestNet = gain - threshold
      choice = TierChoice(tier: base, gain: gain, threshold: threshold, candidate: tier)
    }
    if choice.candidate > base, choice.gain >= choice.threshold { choice.tier = choice.candidate }
    return choice
  }

  /// A step at its scale. A step that is not above 0 stays as it is: it favours the upper tier whatever that costs.
  func step(_ index: Int, _ scales: Span<Float>) -> Float {
    let step = increments[index]
    return step > 0 && !scales.isEmpty ? step * scales[index] : step
  }

  /// The thresholds of one request: each step at its scale [steps], as ``choose(_:thresholdScales:allowed:)`` takes it.
  public func scaled(by thresholdScales: [Float]) -> Thresholds {
    Thresholds(increments: increments.indices.map { step($0, thresholdScales.span) })
  }
}
