package import Statistics

/// What is predicted of the rows of a log given a tier's response: what a cascade decides on.
package struct ResponseScores: Sendable {
  /// By answering tier t below the last: P(good) of its response, and of each tier above given that response [n × (T − t)];
  /// NaN in rows where no response of the tier was scored, `nil` for a tier whose responses are not scored at all.
  package let probability: [Matrix<Float>?]

  /// Whether the response of each tier below the last has the form that its request demands [n × (T − 1)]: 1, 0, or NaN where
  /// that is unknown; `nil` where nothing tells. All that a check by form alone reads.
  package let form: Matrix<Float>?

  /// Creates scores of a log.
  package init(probability: [Matrix<Float>?], form: Matrix<Float>? = nil) {
    self.probability = probability
    self.form = form
  }

  /// The scores of the given rows, in the given order.
  package func selecting(_ rows: [Int]) -> ResponseScores {
    ResponseScores(probability: probability.map { $0?.selecting(rows) }, form: form?.selecting(rows))
  }

  /// The tiers whose responses are scored, ascending.
  package var tiers: [Int] { probability.indices.filter { probability[$0] != nil } }

  /// Whether the responses of all these tiers are scored in a row.
  package func knows(row: Int) -> Bool {
    probability.allSatisfy { $0.map { !$0[row, 0].isNaN } ?? true }
  }

  /// All numbers of a row, as bits.
  func content(_ row: Int) -> [UInt64] {
    probability.flatMap { $0.map { $0.row(row).map { UInt64($0.bitPattern) } } ?? [] }
      + (form.map { $0.row(row).map { UInt64($0.bitPattern) } } ?? [])
  }
}

extension ResponseScores {
  /// Checks shapes and values against a log.
  func check(rows: Int, tierNames: [String]) throws(EvaluationError) {
    let tiers = tierNames.count
    guard probability.count == tiers - 1 else {
      throw .length(field: "response scores", expected: tiers - 1, found: probability.count)
    }
    for (tier, matrix) in probability.enumerated() {
      guard let matrix else { continue }
      guard matrix.rows == rows, matrix.columns == tiers - tier else {
        throw .shape(
          field: "response scores", expected: [rows, tiers - tier], found: [matrix.rows, matrix.columns])
      }
      for row in 0..<rows { try Self.check(matrix.row(row), row: row, "all numbers from 0 to 1, or all NaN") }
    }
    guard let form else { return }
    guard form.rows == rows, form.columns == tiers - 1 else {
      throw .shape(field: "response forms", expected: [rows, tiers - 1], found: [form.rows, form.columns])
    }
    for row in 0..<rows {
      for value in form.row(row) {
        try Self.check([value], row: row, "0, 1, or NaN where unknown") { $0 == 0 || $0 == 1 }
      }
    }
  }

  private static func check(
    _ values: ArraySlice<Float>, row: Int, _ expected: String, isValid: (Float) -> Bool = { $0 >= 0 && $0 <= 1 }
  ) throws(EvaluationError) {
    let unknown = values.count(where: \.isNaN)
    let isPartial = unknown > 0 && unknown < values.count
    guard let bad = values.first(where: { $0.isNaN ? isPartial : !isValid($0) }) else { return }
    throw .value(field: "response score", row: row, expected: expected, found: Double(bad))
  }
}
