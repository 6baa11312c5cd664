/// How thresholds are chosen.
package struct ThresholdChoiceParameters: Sendable, Equatable {
  /// 1 − δ: how sure the promise must be, above 0 and below 1.
  package var confidence: Double
  /// The number of policies to test on either side of gain 0, at least 10.
  package var gridCount: Int
  /// The seed of the order in which rows are tested.
  package var seed: UInt64

  /// Creates parameters; the defaults are those of `calibrate`.
  package init(confidence: Double = 0.95, gridCount: Int = 1_000, seed: UInt64 = 1) {
    self.confidence = confidence
    self.gridCount = gridCount
    self.seed = seed
  }

  /// Checks the ranges before any work is done.
  func check() throws(EvaluationError) {
    guard confidence > 0, confidence < 1 else {
      throw .option(name: "confidence", expected: "a number above 0 and below 1", found: "\(confidence)")
    }
    guard gridCount >= 10 else { throw .option(name: "grid", expected: "at least 10", found: "\(gridCount)") }
  }
}
