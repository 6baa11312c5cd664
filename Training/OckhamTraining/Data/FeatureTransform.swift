import Ockham

/// Everything about the features that is learned from training rows and from nothing else: document frequencies, which
/// buckets occur, means and deviations.
///
/// A fold of a cross-validation fits its own transform, so that held-out rows are as new to it as live requests are.
package struct FeatureTransform: Sendable {
  package let grams: GramWeighting
  /// The bucket behind each column of the compacted sparse matrix, rising.
  package let bucketOfColumn: [UInt32]
  private let columnOfBucket: [Int32]
  package let means: [Float]
  package let inverseDeviations: [Float]

  /// The limit of a model file that names none.
  package static let usualLimit: Float = 2

  /// The largest absolute value of a standardised feature; the runtime clips at the same.
  package let limit: Float

  /// Fits a transform to the given rows.
  package init(fitting dataset: Dataset, rows: [Int], limit: Float) {
    self.limit = limit
    grams = GramWeighting(dataset.grams, rows: rows, bucketCount: dataset.options.bucketCount)
    var columns = [Int32](repeating: -1, count: grams.squares.count)
    var buckets: [UInt32] = []
    for (bucket, square) in grams.squares.enumerated() where square != 0 {
      columns[bucket] = Int32(buckets.count)
      buckets.append(UInt32(bucket))
    }
    columnOfBucket = columns
    bucketOfColumn = buckets
    (means, inverseDeviations) = Self.moments(dataset.dense, rows: rows)
  }

  /// Mean and 1/deviation per column; a column that does not vary gets 0 and so has no effect.
  private static func moments(_ dense: DenseMatrix, rows: [Int]) -> ([Float], [Float]) {
    var sums = [Double](repeating: 0, count: dense.columns)
    var squares = sums
    for row in rows {
      for column in 0..<dense.columns { sums[column] += Double(dense[row, column]) }
    }
    let means = sums.map { $0 / Double(max(1, rows.count)) }
    for row in rows {
      for column in 0..<dense.columns {
        let difference = Double(dense[row, column]) - means[column]
        squares[column] += difference * difference
      }
    }
    let inverse = squares.map { square -> Float in
      let deviation = (square / Double(max(1, rows.count))).squareRoot()
      return deviation < 1e-5 ? 0 : Float(1 / deviation)
    }
    return (means.map(Float.init), inverse)
  }

  /// The sparse features of the given rows [rows × used buckets]: idf / norm of the namespace. Buckets that the transform
  /// has not seen are left out.
  package func sparse(_ dataset: Dataset, rows: [Int]) -> CSRMatrix {
    var starts = [0]
    var columns: [Int32] = []
    var values: [Float] = []
    starts.reserveCapacity(rows.count + 1)
    for row in rows {
      for group in dataset.grams.groups(ofRow: row) where !group.isEmpty {
        let buckets = dataset.grams.buckets[group]
        let norm = grams.norm(buckets)
        guard norm > 0 else { continue }
        for bucket in buckets where columnOfBucket[Int(bucket)] >= 0 {
          columns.append(columnOfBucket[Int(bucket)])
          values.append(grams.idf(bucket) / norm)
        }
      }
      starts.append(columns.count)
    }
    return CSRMatrix(
      trustedRows: rows.count, columns: bucketOfColumn.count, rowStarts: starts, columnIndices: columns,
      values: values)
  }

  /// The dense features of the given rows, standardised and clipped [rows × d].
  package func dense(_ dataset: Dataset, rows: [Int]) -> DenseMatrix {
    var result = DenseMatrix(repeating: 0, rows: rows.count, columns: means.count)
    for (place, row) in rows.enumerated() {
      for column in means.indices {
        let standardised = (dataset.dense[row, column] - means[column]) * inverseDeviations[column]
        result[place, column] = min(max(standardised, -limit), limit)
      }
    }
    return result
  }
}
