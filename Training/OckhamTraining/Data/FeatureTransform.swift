import Ockham

/// How features are scaled before they are weighted: settings that cross-validation chooses.
package struct FeatureScaling: Sendable, Equatable {
  /// The largest absolute value of a standardised dense feature.
  package var denseLimit: Float = 2
  /// The exponent of idf in an n-gram's value; 0 is plain presence.
  package var idfExponent = 1.0

  package init(denseLimit: Float = 2, idfExponent: Double = 1) {
    self.denseLimit = denseLimit
    self.idfExponent = idfExponent
  }
}

/// Everything about the features that is learned from training rows and from nothing else: document frequencies, which
/// buckets occur, means and deviations.
///
/// A fold of a cross-validation fits its own transform, so that held-out rows are as new to it as live requests are.
package struct FeatureTransform: Sendable {
  package let grams: NGramWeighting
  /// The bucket behind each column of the compacted sparse matrix, rising.
  package let bucketOfColumn: [UInt32]
  /// The column of each bucket, −1 for one that no training row has.
  let columnOfBucket: [Int32]
  package let means: [Float]
  package let inverseDeviations: [Float]

  /// The limit of a model file that names none.
  package static let usualLimit: Float = 2

  /// What was chosen before any row was seen.
  package let scaling: FeatureScaling

  /// The largest absolute value of a standardised feature; the runtime clips at the same.
  package var limit: Float { scaling.denseLimit }

  /// Fits a transform to the given rows.
  package init(fitting dataset: Dataset, rows: [Int], scaling: FeatureScaling) {
    self.scaling = scaling
    grams = NGramWeighting(
      dataset.grams, rows: rows, bucketCount: dataset.options.bucketCount, exponent: scaling.idfExponent)
    var columns = [Int32](repeating: -1, count: grams.squares.count)
    var buckets: [UInt32] = []
    for (bucket, square) in grams.squares.enumerated() where square != 0 {
      columns[bucket] = Int32(buckets.count)
      buckets.append(UInt32(bucket))
    }
    columnOfBucket = columns
    bucketOfColumn = buckets
    (means, inverseDeviations) = Self.moments(dataset.dense, columns: dataset.denseColumns, rows: rows)
  }

  /// Mean and 1/deviation per column; a column that does not vary gets 0 and so has no effect.
  private static func moments(_ dense: Column<Float>, columns: Int, rows: [Int]) -> ([Float], [Float]) {
    var sums = [Double](repeating: 0, count: columns)
    var squares = sums
    for row in rows {
      for column in 0..<columns { sums[column] += Double(dense[row * columns + column]) }
    }
    let means = sums.map { $0 / Double(max(1, rows.count)) }
    for row in rows {
      for column in 0..<columns {
        let difference = Double(dense[row * columns + column]) - means[column]
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
  package func sparse(
    _ dataset: Dataset, rows: [Int], pool: WorkerPool = WorkerPool(threads: 1)
  ) -> any SparseFeatures {
    NGramMatrix(dataset.grams, rows: rows, self, pool: pool)
  }

  /// The dense features of the given rows, standardised and clipped [rows × d].
  package func dense(_ dataset: Dataset, rows: [Int]) -> DenseRows {
    DenseRows(dataset.dense, rows: rows, self)
  }

  /// Standardises a row in double precision, `[d]` from `place`.
  func standardise(_ row: Span<Float>, into target: inout MutableSpan<Double>, at place: Int) {
    let (means, scales, count) = (means.span, inverseDeviations.span, means.count)
    precondition(row.count >= count && target.count >= place + count)
    for column in 0..<count {
      let value = unsafe (row[unchecked: column] - means[unchecked: column]) * scales[unchecked: column]
      unsafe target[unchecked: place + column] = Double(min(max(value, -limit), limit))
    }
  }

  @inline(__always)
  func standardise(_ value: Float, _ column: Int) -> Float {
    let standardised = (value - means[column]) * inverseDeviations[column]
    return min(max(standardised, -limit), limit)
  }
}
