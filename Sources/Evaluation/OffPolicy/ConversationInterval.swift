import Statistics

/// The doubly robust estimate with its interval, conversations being the independent draws.
///
/// θ = Σ_c ψ_c / Σ_c d_c over C conversations, with influences u_c = (ψ_c − θ·d_c) / d̄. Few of them may carry nearly all of the
/// spread, those with large weights, and then the plain interval is too short for two reasons:
///
/// - the spread is known from few draws only: Student's t has as many degrees of freedom as the variance of the variance says,
///   2C / (κ − 1) with the kurtosis κ of the influences (Satterthwaite 1946);
/// - a reward that a heavy draw could have given was not seen yet: the sum of squares gets two made-up draws, one of the least and
///   one of the greatest reward (of dollars, that a match has given), at the weight Σ W³ / Σ W² that dominates the spread (in the manner of Agresti & Coull 1998).
struct ConversationInterval {
  private let value: Double
  private let standardError: Double
  private let degrees: Double
  private let range: ClosedRange<Double>
  /// How far rows without support could move the value down and up.
  private let unknown: (down: Double, up: Double)

  init(_ tally: OffPolicyTally, _ sample: OffPolicySample) {
    let range = sample.range
    let requests = tally.requests.reduce(0, +)
    let value = tally.robust.reduce(0, +) / requests
    let count = Double(tally.robust.count)
    let heavy = Self.dominantWeight(tally)
    let seen = zip(tally.robust, tally.requests).map { $0 - value * $1 }
    let seenRewards = tally.matchedRewards ?? (value, value)
    let ends = sample.isRangeKnown ? (range.lowerBound, range.upperBound) : seenRewards
    let unseen = [ends.0, ends.1].map { heavy * ($0 - value) }
    let influences = (seen + unseen).map { $0 * count / requests }
    let variance = influences.reduce(0) { $0 + $1 * $1 } / max(1, count - 1)
    let fourth = influences.reduce(0) { $0 + $1 * $1 * $1 * $1 } / count
    let kurtosis = variance > 0 ? fourth / (variance * variance) : 3
    let unsupported = tally.unsupported
    self.value = value
    self.range = range
    standardError = (variance / count).squareRoot()
    degrees = min(max(2 * count / max(kurtosis - 1, 1e-9), 3), 1e6)
    unknown = (
      max(0, unsupported.prediction - range.lowerBound * unsupported.weight) / requests,
      max(0, range.upperBound * unsupported.weight - unsupported.prediction) / requests
    )
  }

  private static func dominantWeight(_ tally: OffPolicyTally) -> Double {
    let weights = zip(tally.products, tally.drawWeights).map { $0 * $1 }
    let squares = weights.reduce(0) { $0 + $1 * $1 }
    return squares > 0 ? weights.reduce(0) { $0 + $1 * $1 * $1 } / squares : 0
  }

  /// The value and its interval, both inside the range of rewards.
  func estimate(confidence: Double) -> IntervalEstimate {
    let reach = StudentT.quantile((1 + confidence) / 2, degrees: degrees) * standardError
    func kept(_ value: Double) -> Double { min(max(value, range.lowerBound), range.upperBound) }
    return IntervalEstimate(
      value: kept(value), low: kept(value - reach - unknown.down), high: kept(value + reach + unknown.up))
  }
}
