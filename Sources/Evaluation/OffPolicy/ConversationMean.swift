import Statistics

/// A mean with what each conversation adds to it, conversations being the independent draws: what intervals of the mean, and of
/// differences and ratios of two, follow from.
///
/// For θ = Σ_c ψ_c / Σ_c d_c over C conversations, the influences are u_c = (ψ_c − θ·d_c) / d̄. Few of them may carry nearly all of the
/// spread, those with large weights, and then the plain interval is too short for two reasons:
///
/// - the spread is known from few draws only: Student's t has as many degrees of freedom as the variance of the variance says,
///   2C / (κ − 1) with the kurtosis κ of the influences (Satterthwaite 1946);
/// - a reward that a heavy draw could have given was not seen yet: the sum of squares gets two made-up draws, one of the least and
///   one of the greatest reward (of dollars, that a match has given), at the weight Σ W³ / Σ W² that dominates the spread (in the manner of Agresti & Coull 1998).
struct ConversationMean: Sendable {
  /// The mean.
  var value: Double
  /// What each conversation adds [C]; their sum is 0.
  var influences: [Double]
  /// What draws would add that were not seen.
  var unseen: [Double] = []
  /// How far what is unknown could move the value down and up.
  var unknown = (down: 0.0, up: 0.0)

  /// The ratio of sums that conversations add up to.
  ///
  /// - Parameters:
  ///   - sums: ψ [C].
  ///   - counts: d [C]; their sum is above 0.
  ///   - unseen: what a draw that was not seen would add to ψ − θ·d.
  init(sums: [Double], counts: [Double], unseen: (_ value: Double) -> [Double] = { _ in [] }) {
    let total = counts.reduce(0, +)
    let value = sums.reduce(0, +) / total
    let scale = Double(sums.count) / total
    self.value = value
    influences = zip(sums, counts).map { ($0 - value * $1) * scale }
    self.unseen = unseen(value).map { $0 * scale }
  }

  private init(value: Double, influences: [Double], unseen: [Double], unknown: (down: Double, up: Double)) {
    (self.value, self.influences, self.unseen, self.unknown) = (value, influences, unseen, unknown)
  }

  static func + (left: ConversationMean, right: ConversationMean) -> ConversationMean {
    ConversationMean(
      value: left.value + right.value, influences: zip(left.influences, right.influences).map(+),
      unseen: left.unseen + right.unseen,
      unknown: (left.unknown.down + right.unknown.down, left.unknown.up + right.unknown.up))
  }

  /// The same with the other sign.
  static prefix func - (mean: ConversationMean) -> ConversationMean {
    ConversationMean(
      value: -mean.value, influences: mean.influences.map(-), unseen: mean.unseen.map(-),
      unknown: (mean.unknown.up, mean.unknown.down))
  }

  /// How many times another mean this one is, by the delta method; `nil` where the other is not above 0.
  func ratio(to other: ConversationMean) -> ConversationMean? {
    guard other.value > 0 else { return nil }
    let ratio = value / other.value
    return ConversationMean(
      value: ratio, influences: zip(influences, other.influences).map { ($0 - ratio * $1) / other.value },
      unseen: (unseen + other.unseen.map { -ratio * $0 }).map { $0 / other.value },
      unknown: (
        (unknown.down + ratio * other.unknown.up) / other.value, (unknown.up + ratio * other.unknown.down) / other.value
      ))
  }

  /// The value and its interval, both inside the range.
  func estimate(confidence: Double, range: ClosedRange<Double> = -.infinity ... .infinity) -> IntervalEstimate {
    let count = Double(influences.count)
    let all = influences + unseen
    let variance = all.reduce(0) { $0 + $1 * $1 } / max(1, count - 1)
    let fourth = all.reduce(0) { $0 + $1 * $1 * $1 * $1 } / count
    let kurtosis = variance > 0 ? fourth / (variance * variance) : 3
    let degrees = min(max(2 * count / max(kurtosis - 1, 1e-9), 3), 1e6)
    let reach = StudentT.quantile((1 + confidence) / 2, degrees: degrees) * (variance / count).squareRoot()
    func kept(_ value: Double) -> Double { min(max(value, range.lowerBound), range.upperBound) }
    return IntervalEstimate(
      value: kept(value), low: kept(value - reach - unknown.down), high: kept(value + reach + unknown.up))
  }
}

extension ConversationMean {
  /// The doubly robust mean of a policy.
  init(_ statistics: OffPolicyStatistics, _ sample: OffPolicySample) {
    let (range, heavy, requests) = (sample.range, statistics.dominantWeight, statistics.requests.reduce(0, +))
    self.init(sums: statistics.robust, counts: statistics.requests) { value in
      let seen = statistics.matchedRewards ?? (value, value)
      let ends = sample.isRangeKnown ? (range.lowerBound, range.upperBound) : seen
      return [ends.0, ends.1].map { heavy * ($0 - value) }
    }
    let unsupported = statistics.unsupported
    unknown = (
      max(0, unsupported.prediction - range.lowerBound * unsupported.weight) / requests,
      max(0, range.upperBound * unsupported.weight - unsupported.prediction) / requests
    )
  }
}

extension OffPolicyStatistics {
  /// The weight Σ W³ / Σ W² of the conversations that dominate the spread; 0 without any weight.
  fileprivate var dominantWeight: Double { Self.dominant(zip(products, drawWeights).map { $0 * $1 }) }

  static func dominant(_ weights: [Double]) -> Double {
    let squares = weights.reduce(0) { $0 + $1 * $1 }
    return squares > 0 ? weights.reduce(0) { $0 + $1 * $1 * $1 } / squares : 0
  }
}
