/// A dense matrix of single-precision numbers, row after row.
package struct DenseMatrix: Sendable, Equatable {
  /// The number of rows.
  package internal(set) var rows: Int

  /// The number of columns.
  package let columns: Int

  /// The numbers, `values[row * columns + column]`.
  package var values: [Float]

  /// Creates a matrix from its numbers, which may be anything: what they mean decides whether `NaN` is allowed.
  ///
  /// - Throws: ``TrainingError/shape(subject:expected:found:)`` unless there are `rows × columns` of them.
  package init(rows: Int, columns: Int, values: [Float]) throws(TrainingError) {
    guard rows >= 0, columns >= 0 else {
      throw .shape(subject: "dense matrix, rows and columns", expected: 0, found: min(rows, columns))
    }
    try requireEqual("dense matrix, values", values.count, expected: rows * columns)
    self.rows = rows
    self.columns = columns
    self.values = values
  }

  /// Creates a matrix that is the same number everywhere.
  package init(repeating value: Float, rows: Int, columns: Int) {
    self.rows = rows
    self.columns = columns
    self.values = [Float](repeating: value, count: rows * columns)
  }

  /// Creates a matrix of one column.
  init(column: [Float]) {
    rows = column.count
    columns = 1
    values = column
  }

  /// One number.
  package subscript(row: Int, column: Int) -> Float {
    get { values[row * columns + column] }
    set { values[row * columns + column] = newValue }
  }

  /// The matrix that has the given rows, in the given order. Rows may repeat. O(result).
  package func selectingRows(_ selection: [Int]) -> DenseMatrix {
    var result = DenseMatrix(repeating: 0, rows: selection.count, columns: columns)
    for (place, row) in selection.enumerated() {
      let source = values[row * columns..<(row + 1) * columns]
      result.values.replaceSubrange(place * columns..<(place + 1) * columns, with: source)
    }
    return result
  }

  /// The matrix with another's columns behind its own, row by row.
  ///
  /// - Precondition: both have the same rows.
  package func joiningColumns(_ other: DenseMatrix) -> DenseMatrix {
    precondition(rows == other.rows)
    var result = DenseMatrix(repeating: 0, rows: rows, columns: columns + other.columns)
    for row in 0..<rows {
      for column in 0..<columns { result[row, column] = self[row, column] }
      for column in 0..<other.columns { result[row, columns + column] = other[row, column] }
    }
    return result
  }

  /// Appends whole rows.
  ///
  /// - Precondition: `rowValues` is a multiple of the columns.
  mutating func appendRows(_ rowValues: [Float]) {
    precondition(columns > 0 && rowValues.count % columns == 0)
    rows += rowValues.count / columns
    values.append(contentsOf: rowValues)
  }

  /// Throws ``TrainingError/notFinite(subject:row:column:found:)`` at the first number that is not finite.
  func requireFinite(_ subject: String) throws(TrainingError) {
    guard let place = values.firstIndex(where: { !$0.isFinite }) else { return }
    throw .notFinite(subject: subject, row: place / columns, column: place % columns, found: values[place])
  }
}
