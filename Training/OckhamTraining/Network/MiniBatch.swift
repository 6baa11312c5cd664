/// The sparse features of a few rows, by row and by the columns that occur in them.
struct MiniBatch: Sendable {
  /// `[b × B]`.
  let features: CSRMatrix

  /// The columns that occur, in order of first occurrence: `[u]`.
  let touched: [Int32]

  /// The columns that occur as rows, `[u × b]`.
  let transposed: CSRMatrix
}

/// Assembles mini-batches; keeps one word of memory per sparse column between them.
struct MiniBatchAssembly {
  /// The place of each column among the touched ones, −1 for the untouched: `[B]`.
  private var places: [Int32]

  init(columns: Int) { places = [Int32](repeating: -1, count: columns) }

  /// Cuts rows out of a matrix. O(entries of the rows).
  mutating func assemble(_ matrix: any SparseFeatures, rows: [Int]) -> MiniBatch {
    let features = matrix.selectingRows(rows)
    let (touched, starts) = countColumns(of: features)
    let transposed = transpose(features, touched: touched.count, starts: starts)
    for column in touched { places[Int(column)] = -1 }
    return MiniBatch(features: features, touched: touched, transposed: transposed)
  }

  private mutating func countColumns(of features: CSRMatrix) -> (touched: [Int32], starts: [Int]) {
    var touched: [Int32] = []
    var counts: [Int] = []
    for column in features.columnIndices {
      if places[Int(column)] < 0 {
        places[Int(column)] = Int32(touched.count)
        touched.append(column)
        counts.append(0)
      }
      counts[Int(places[Int(column)])] += 1
    }
    var starts = [0]
    starts.reserveCapacity(counts.count + 1)
    for count in counts { starts.append(starts[starts.count - 1] + count) }
    return (touched, starts)
  }

  private func transpose(_ features: CSRMatrix, touched: Int, starts: [Int]) -> CSRMatrix {
    var next = starts
    var rows = [Int32](repeating: 0, count: features.entryCount)
    var values = [Float](repeating: 0, count: features.entryCount)
    for row in 0..<features.rows {
      for entry in features.entries(ofRow: row) {
        let place = Int(places[Int(features.columnIndices[entry])])
        rows[next[place]] = Int32(row)
        values[next[place]] = features.values[entry]
        next[place] += 1
      }
    }
    return CSRMatrix(
      trustedRows: touched, columns: features.rows, rowStarts: starts, columnIndices: rows, values: values)
  }
}
