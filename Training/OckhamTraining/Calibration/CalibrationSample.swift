/// What a calibration is fitted to: the out-of-fold logits of one head and the outcomes of the rows.
///
/// Rows with an unknown label or with weight 0 are left out on creation.
package struct CalibrationSample: Sendable {
  /// The name of the head, for messages.
  package let head: String

  /// Finite.
  package let logits: [Float]

  /// In 0…1.
  package let labels: [Float]

  /// Above 0, finite.
  package let weights: [Float]

  /// Checks the data and drops rows that say nothing.
  ///
  /// - Parameter labels: in 0…1, NaN where unknown.
  /// - Throws: ``TrainingError`` `shape`, `notFinite`, `outOfRange`, `noLabels`; `oneOutcome` when all labels are 0 or
  ///   all are 1.
  package init(head: String, logits: [Float], labels: [Float], weights: [Float]? = nil) throws(TrainingError) {
    let weights = weights ?? [Float](repeating: 1, count: logits.count)
    try requireEqual("labels", labels.count, expected: logits.count)
    try checkWeights(weights, rows: logits.count)
    if let row = logits.firstIndex(where: { !$0.isFinite }) {
      throw .notFinite(subject: "logits", row: row, column: 0, found: logits[row])
    }
    if let row = labels.firstIndex(where: { !$0.isNaN && !($0 >= 0 && $0 <= 1) }) {
      throw .outOfRange(
        subject: "labels", row: row, column: 0, expected: "0…1, or NaN where unknown", found: labels[row])
    }
    let known = labels.indices.filter { !labels[$0].isNaN && weights[$0] > 0 }
    self.init(
      head: head, trusted: known.map { logits[$0] }, known.map { labels[$0] }, known.map { weights[$0] })
    try requireOutcomes(rows: labels.count)
  }

  private init(head: String, trusted logits: [Float], _ labels: [Float], _ weights: [Float]) {
    self.head = head
    self.logits = logits
    self.labels = labels
    self.weights = weights
  }

  private func requireOutcomes(rows: Int) throws(TrainingError) {
    guard let first = labels.first else { throw .noLabels(head: head, rows: rows) }
    guard first > 0 && first < 1 || labels.contains(where: { $0 != first }) else {
      throw .oneOutcome(head: head, labels: labels.count, value: first, needed: 1)
    }
  }

  /// The number of rows that say something.
  package var count: Int { logits.count }

  /// The rows at the given places.
  func selecting(_ rows: [Int]) -> CalibrationSample {
    CalibrationSample(
      head: head, trusted: rows.map { logits[$0] }, rows.map { labels[$0] }, rows.map { weights[$0] })
  }
}
