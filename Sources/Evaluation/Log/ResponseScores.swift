package import Statistics

/// What is predicted of the rows of a log given a tier's response: what a cascade decides on.
package struct ResponseScores: Sendable {
  /// By answering tier t below the last: P(good) of its response, and of each tier above given that response [n × (T − t)];
  /// NaN in rows where no response of the tier was scored, `nil` for a tier whose responses are not scored at all.
  package let probability: [Matrix<Float>?]

  /// The same as a check predicts it that looks at the form of responses alone; `nil` where there is none. Known in the rows in
  /// which ``probability`` is.
  package let form: [Matrix<Float>?]?

  /// Creates scores of a log.
  package init(probability: [Matrix<Float>?], form: [Matrix<Float>?]? = nil) {
    self.probability = probability
    self.form = form
  }

  /// The scores of the given rows, in the given order.
  package func selecting(_ rows: [Int]) -> ResponseScores {
    ResponseScores(probability: probability.map { $0?.selecting(rows) }, form: form?.map { $0?.selecting(rows) })
  }

  /// The tiers whose responses are scored, ascending.
  package var tiers: [Int] { probability.indices.filter { probability[$0] != nil } }

  /// Whether the responses of all these tiers are scored in a row.
  package func knows(row: Int) -> Bool {
    probability.allSatisfy { $0.map { !$0[row, 0].isNaN } ?? true }
  }

  /// What a cascade decides on that looks at form alone; `nil` without such a check of every tier that is scored.
  var byForm: ResponseScores? {
    guard let form, zip(form, probability).allSatisfy({ ($0 == nil) == ($1 == nil) }) else { return nil }
    return ResponseScores(probability: form)
  }

  /// All numbers of a row, as bits.
  func content(_ row: Int) -> [UInt64] {
    (probability + (form ?? [])).flatMap { $0.map { $0.row(row).map { UInt64($0.bitPattern) } } ?? [] }
  }
}

extension ResponseScores {
  /// Checks shapes and values against a log.
  func check(rows: Int, tierCount: Int) throws(EvaluationError) {
    for (field, matrices) in [("response scores", probability), ("form scores", form ?? [])] where !matrices.isEmpty {
      guard matrices.count == tierCount - 1 else {
        throw .length(field: field, expected: tierCount - 1, found: matrices.count)
      }
      for (tier, matrix) in matrices.enumerated() {
        guard let matrix else { continue }
        guard matrix.rows == rows, matrix.columns == tierCount - tier else {
          throw .shape(field: field, expected: [rows, tierCount - tier], found: [matrix.rows, matrix.columns])
        }
        for row in 0..<rows { try Self.check(matrix.row(row), field, row: row) }
      }
    }
  }

  private static func check(_ values: ArraySlice<Float>, _ field: String, row: Int) throws(EvaluationError) {
    let isUnknown = values.allSatisfy(\.isNaN)
    guard !isUnknown, let bad = values.first(where: { !($0 >= 0 && $0 <= 1) }) else { return }
    throw .value(field: field, row: row, expected: "all numbers from 0 to 1, or all NaN", found: Double(bad))
  }
}
