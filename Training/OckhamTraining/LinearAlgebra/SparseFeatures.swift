/// Sparse features X `[n × B]` as linear solvers and networks read them.
///
/// Kernels work on tables `[tableRows × stride]`, one row per column of X, which may stand apart and be scaled: see
/// ``ColumnPlaces``. X · W is the product with a table that holds scale · W; Xᵀ · R is read out of a table of sums,
/// times the scale.
package protocol SparseFeatures: Sendable {
  /// n.
  var rows: Int { get }

  /// B.
  var columns: Int { get }

  /// Entries over all rows.
  var entryCount: Int { get }

  /// The rows of a table, at least B.
  var tableRows: Int { get }

  /// Where columns stand in a table.
  var columnPlaces: ColumnPlaces { get }

  /// `out[i − block.lowerBound, :] += X[i, :] · W` for the rows of a block.
  ///
  /// - Parameters:
  ///   - table: scale · W, `[tableRows × stride]`.
  ///   - out: `[block.count × stride]`.
  func addProduct(_ block: Range<Int>, table: Span<Double>, stride: Int, into out: inout MutableSpan<Double>)

  /// `sums += X[block, :]ᵀ · R` but for the scale of the columns; rows in order.
  ///
  /// - Parameters:
  ///   - residuals: R, `[block.count × stride]`.
  ///   - sums: `[tableRows × stride]`.
  func addTransposedProduct(
    _ block: Range<Int>, residuals: Span<Double>, stride: Int, into sums: inout MutableSpan<Double>)

  /// The same with every entry of X squared; the scale of the columns is left out as before.
  func addSquaredProduct(
    _ block: Range<Int>, residuals: Span<Double>, stride: Int, into sums: inout MutableSpan<Double>)

  /// The matrix that has the given rows, in the given order.
  func selectingRows(_ selection: [Int]) -> CSRMatrix
}

/// Where the columns of sparse features stand in a table, and what their entries are multiplied by.
package struct ColumnPlaces: Sendable {
  /// The table row of each column, rising `[B]`.
  let rows: [UInt32]

  /// `[B]`.
  let scales: [Float]

  /// The places of the same features squared.
  var squared: ColumnPlaces { ColumnPlaces(rows: rows, scales: scales.map { $0 * $0 }) }
}

extension CSRMatrix: SparseFeatures {
  package var tableRows: Int { columns }

  package var columnPlaces: ColumnPlaces {
    ColumnPlaces(rows: (0..<UInt32(columns)).map(\.self), scales: [Float](repeating: 1, count: columns))
  }

  package func addProduct(
    _ block: Range<Int>, table: Span<Double>, stride: Int, into out: inout MutableSpan<Double>
  ) {
    SparseProduct.accumulate(self, rows: block, times: table, stride: stride, into: &out)
  }

  package func addTransposedProduct(
    _ block: Range<Int>, residuals: Span<Double>, stride: Int, into sums: inout MutableSpan<Double>
  ) {
    scatter(block, residuals, stride, into: &sums) { $0 }
  }

  package func addSquaredProduct(
    _ block: Range<Int>, residuals: Span<Double>, stride: Int, into sums: inout MutableSpan<Double>
  ) {
    scatter(block, residuals, stride, into: &sums) { $0 * $0 }
  }

  private func scatter(
    _ block: Range<Int>, _ residuals: Span<Double>, _ stride: Int, into sums: inout MutableSpan<Double>,
    _ factor: (Double) -> Double
  ) {
    for row in block {
      let from = (row - block.lowerBound) * stride
      for entry in entries(ofRow: row) {
        let (to, factor) = (Int(columnIndices[entry]) * stride, factor(Double(values[entry])))
        for lane in 0..<stride { sums[to + lane] += factor * residuals[from + lane] }
      }
    }
  }
}
