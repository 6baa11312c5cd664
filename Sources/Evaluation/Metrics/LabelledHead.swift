/// The predictions of one tier's head beside what is known to have happened: the input of every head metric.
///
/// All arrays have one element per row in which the tier's quality is known [m].
package struct LabelledHead: Sendable {
  /// P(good) as predicted, 0…1.
  package let probabilities: [Double]

  /// The quality, 0…1. It need not be 0 or 1.
  package let labels: [Double]

  /// How much each row counts, above 0.
  package let weights: [Double]

  /// Creates a head's data.
  ///
  /// - Precondition: all three have the same count.
  package init(probabilities: [Double], labels: [Double], weights: [Double]) {
    precondition(probabilities.count == labels.count && labels.count == weights.count)
    self.probabilities = probabilities
    self.labels = labels
    self.weights = weights
  }

  /// The rows of a log in which the quality of `tier` is known.
  package init(_ log: ScoredLog, tier: Int) {
    let rows = (0..<log.rowCount).filter { !log.quality[$0, tier].isNaN }
    self.init(
      probabilities: rows.map { Double(log.probability[$0, tier]) }, labels: rows.map { log.quality[$0, tier] },
      weights: rows.map { log.weights[$0] })
  }

  /// The number of rows m.
  package var count: Int { labels.count }

  /// Σ w·f(row) / Σ w, or `nil` without rows.
  func mean(_ value: (Int) -> Double) -> Double? {
    guard count > 0 else { return nil }
    var sum = 0.0
    var total = 0.0
    for row in 0..<count {
      sum += weights[row] * value(row)
      total += weights[row]
    }
    return sum / total
  }
}
