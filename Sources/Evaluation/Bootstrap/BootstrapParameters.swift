/// How intervals are computed.
package struct BootstrapParameters: Sendable, Equatable {
  /// The number of resamples, at least 100.
  package var resamples: Int
  /// The seed of the draws: the same seed and log give the same intervals.
  package var seed: UInt64
  /// The share of resamples inside an interval, above 0 and below 1.
  package var confidence: Double

  /// Creates parameters; the defaults are those of reports.
  package init(resamples: Int = 1_000, seed: UInt64 = 1, confidence: Double = 0.95) {
    self.resamples = resamples
    self.seed = seed
    self.confidence = confidence
  }

  /// Checks the ranges before any work is done.
  func check() throws(EvaluationError) {
    guard resamples >= 100 else {
      throw .option(name: "resamples", expected: "at least 100", found: "\(resamples)")
    }
    guard confidence > 0, confidence < 1 else {
      throw .option(name: "confidence", expected: "a number above 0 and below 1", found: "\(confidence)")
    }
  }
}
