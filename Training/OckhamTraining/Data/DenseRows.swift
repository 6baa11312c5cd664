/// Dense features D `[n × d]` as solvers read them: a matrix, or rows of a dataset that are standardised as they are read.
package struct DenseRows: Sendable {
  private enum Source: Sendable {
    case matrix(DenseMatrix)
    case standardised(Column<Float>, rows: [Int], FeatureTransform)
  }

  private let source: Source

  /// n.
  package let rows: Int

  /// d.
  package let columns: Int

  package init(_ matrix: DenseMatrix) {
    source = .matrix(matrix)
    rows = matrix.rows
    columns = matrix.columns
  }

  /// - Parameter values: finite, [rows of the dataset × d].
  init(_ values: Column<Float>, rows: [Int], _ transform: FeatureTransform) {
    source = .standardised(values, rows: rows, transform)
    self.rows = rows.count
    columns = transform.means.count
  }

  /// Calls `body` with each number of a row.
  @inline(__always)
  func forEachValue(ofRow row: Int, _ body: (_ column: Int, Float) -> Void) {
    switch source {
    case .matrix(let matrix):
      for column in 0..<columns { body(column, matrix.values[row * columns + column]) }
    case .standardised(let values, let rows, let transform):
      let start = rows[row] * columns
      for column in 0..<columns { body(column, transform.standardise(values[start + column], column)) }
    }
  }

  /// Copies a block of rows in double precision, `[block × d]`.
  func widen(_ block: Range<Int>, into scratch: inout [Double]) {
    if scratch.count < block.count * columns { scratch = [Double](repeating: 0, count: block.count * columns) }
    var target = scratch.mutableSpan
    switch source {
    case .matrix(let matrix):
      let values = matrix.values.span
      for place in 0..<block.count * columns { target[place] = Double(values[block.lowerBound * columns + place]) }
    case .standardised(let values, let rows, let transform):
      let elements = unsafe values.elements
      for row in block {
        let run = unsafe UnsafeBufferPointer(rebasing: elements[rows[row] * columns..<(rows[row] + 1) * columns])
        transform.standardise(unsafe run.span, into: &target, at: (row - block.lowerBound) * columns)
      }
    }
  }

  /// The matrix that has the given rows, in the given order.
  package func selectingRows(_ selection: [Int]) -> DenseMatrix {
    var result = DenseMatrix(repeating: 0, rows: selection.count, columns: columns)
    for (place, row) in selection.enumerated() {
      forEachValue(ofRow: row) { column, value in result[place, column] = value }
    }
    return result
  }

  /// Throws ``TrainingError/notFinite(subject:row:column:found:)`` at the first number that is not finite.
  func requireFinite(_ subject: String) throws(TrainingError) {
    guard case .matrix(let matrix) = source else { return }
    try matrix.requireFinite(subject)
  }
}
