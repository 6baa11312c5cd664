/// A sparse matrix in compressed rows.
///
/// The entries of row `i` are `rowStarts[i] ..< rowStarts[i + 1]` of ``columnIndices`` and ``values``. Their order within
/// a row is free, and a column that occurs twice counts twice (its values add up). The columns of a matrix are the rows
/// of its transpose, so a CSC form is a `CSRMatrix` as well: see ``transposed(by:)``.
///
/// Invariants, checked where data comes in: the row starts begin at 0, never fall and end at the number of entries; every
/// column is in `0 ..< columns`; every value is finite.
package struct CSRMatrix: Sendable, Equatable {
  /// The number of rows.
  package let rows: Int

  /// The number of columns.
  package let columns: Int

  /// Where each row begins, and the number of entries at the end: `[rows + 1]`.
  package let rowStarts: [Int]

  /// The column of each entry: `[entries]`.
  package let columnIndices: [Int32]

  /// The value of each entry: `[entries]`.
  package let values: [Float]

  /// Creates a matrix from its three arrays, checking the invariants in O(rows + entries).
  ///
  /// - Throws: ``TrainingError/shape(subject:expected:found:)``, `rowStartsDecrease`, `columnOutOfRange`, `notFinite`.
  package init(
    rows: Int, columns: Int, rowStarts: [Int], columnIndices: [Int32], values: [Float]
  ) throws(TrainingError) {
    try Self.check(rowStarts: rowStarts, rows: rows, entries: values.count)
    try requireEqual("sparse matrix, column indices", columnIndices.count, expected: values.count)
    self.init(
      trustedRows: rows, columns: columns, rowStarts: rowStarts, columnIndices: columnIndices, values: values)
    for row in 0..<rows { try checkEntries(of: row) }
  }

  /// Creates a matrix from arrays that are known to keep the invariants.
  init(trustedRows rows: Int, columns: Int, rowStarts: [Int], columnIndices: [Int32], values: [Float]) {
    self.rows = rows
    self.columns = columns
    self.rowStarts = rowStarts
    self.columnIndices = columnIndices
    self.values = values
  }

  /// The number of stored entries.
  package var entryCount: Int { values.count }

  /// The entries of a row, as a range of ``values``.
  @inline(__always)
  package func entries(ofRow row: Int) -> Range<Int> { rowStarts[row]..<rowStarts[row + 1] }

  /// The matrix that has the given rows, in the given order. Rows may repeat. O(result).
  package func selectingRows(_ selection: [Int]) -> CSRMatrix {
    var starts = [0]
    var indices: [Int32] = []
    var kept: [Float] = []
    starts.reserveCapacity(selection.count + 1)
    for row in selection {
      indices.append(contentsOf: columnIndices[entries(ofRow: row)])
      kept.append(contentsOf: values[entries(ofRow: row)])
      starts.append(kept.count)
    }
    return CSRMatrix(
      trustedRows: selection.count, columns: columns, rowStarts: starts, columnIndices: indices, values: kept)
  }

  private static func check(rowStarts: [Int], rows: Int, entries: Int) throws(TrainingError) {
    guard rows >= 0 else { throw .shape(subject: "sparse matrix, rows", expected: 0, found: rows) }
    try requireEqual("sparse matrix, row starts", rowStarts.count, expected: rows + 1)
    try requireEqual("sparse matrix, first row start", rowStarts[0], expected: 0)
    for row in 0..<rows where rowStarts[row] > rowStarts[row + 1] {
      throw .rowStartsDecrease(row: row, start: rowStarts[row], end: rowStarts[row + 1])
    }
    try requireEqual("sparse matrix, last row start", rowStarts[rows], expected: entries)
  }

  private func checkEntries(of row: Int) throws(TrainingError) {
    for entry in entries(ofRow: row) {
      let column = Int(columnIndices[entry])
      guard column >= 0, column < columns else {
        throw .columnOutOfRange(row: row, entry: entry, column: column, columns: columns)
      }
      guard values[entry].isFinite else {
        throw .notFinite(subject: "sparse features", row: row, column: column, found: values[entry])
      }
    }
  }
}
