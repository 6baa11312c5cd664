import Statistics

/// A figure with the range in which a percentile bootstrap finds it.
package struct Interval: Sendable, Equatable {
  /// The figure on the log itself.
  package var estimate: Double
  /// The lower end.
  package var lower: Double
  /// The upper end.
  package var upper: Double

  /// Creates an interval.
  init(estimate: Double, lower: Double, upper: Double) {
    self.estimate = estimate
    self.lower = lower
    self.upper = upper
  }

  /// The share of resamples without a value (no gap to recover in them) above which no interval is given: leaving many
  /// of them out would favour the resamples in which the stronger tier looks good.
  static let tolerableUndefinedShare = 0.05

  /// The percentile interval (Efron & Tibshirani 1993) of the values that a figure takes in the resamples.
  ///
  /// - Parameters:
  ///   - values: one per resample, `nil` where the figure has no meaning.
  /// - Returns: `nil` when the estimate is, or when more than 5 % of the values are.
  init?(estimate: Double?, values: [Double?], confidence: Double) {
    let known = values.compactMap(\.self).sorted()
    let tolerable = Double(values.count) * (1 - Self.tolerableUndefinedShare)
    guard let estimate, !known.isEmpty, Double(known.count) >= tolerable else { return nil }
    self.estimate = estimate
    lower = Quantile.linear(known, fraction: (1 - confidence) / 2)
    upper = Quantile.linear(known, fraction: (1 + confidence) / 2)
  }
}

extension Interval {
  /// A share with its exact two-sided interval (Clopper & Pearson 1934); `nil` of no draws. It takes the draws as
  /// independent: repeated questions make it too narrow.
  init?(successes: Int, count: Int, confidence: Double) {
    guard count > 0 else { return nil }
    let level = (1 - confidence) / 2
    estimate = Double(successes) / Double(count)
    lower = 1 - BinomialTest.upperBound(successes: count - successes, count: count, level: level)
    upper = BinomialTest.upperBound(successes: successes, count: count, level: level)
  }
}

extension Interval {
  /// 1 where the whole interval lies above 0, −1 where it lies below, 0 where it cannot decide.
  var sign: Int { lower > 0 ? 1 : upper < 0 ? -1 : 0 }
}
