import Ockham

/// The n-grams of some rows of a dataset as a sparse matrix that is never built: an entry is idf(bucket) / norm(namespace),
/// so that the buckets themselves and one number per row and namespace are all there is to read.
///
/// Every fold reads the same buckets, each with idf and norms of its own. Buckets without a column count nothing.
struct NGramMatrix: SparseFeatures {
  private let grams: StoredNGrams
  private let selection: [Int]
  /// 1 / norm, 0 for an empty namespace [n × 4].
  private let rowScales: [Float]
  /// [B].
  private let columnScales: [Float]
  /// [B].
  private let bucketOfColumn: [UInt32]
  /// The column of each table row, −1 for none; empty where column and table row are the same.
  private let columnOfBucket: [Int32]
  let tableRows: Int

  let entryCount: Int

  /// The n-grams of `rows` weighted by a transform.
  init(_ grams: StoredNGrams, rows: [Int], _ transform: FeatureTransform, pool: WorkerPool) {
    self.grams = grams
    selection = rows
    tableRows = transform.columnOfBucket.count
    columnOfBucket = transform.columnOfBucket
    bucketOfColumn = transform.bucketOfColumn
    columnScales = bucketOfColumn.map(transform.grams.idf)
    rowScales = Self.scales(rows, pool) { row, group in
      let norm = transform.grams.norm(grams, grams.range(ofRow: row, group: group))
      return norm > 0 ? 1 / norm : 0
    }
    entryCount = rows.reduce(0) { $0 + grams.range(ofRow: $1).count }
  }

  /// The n-grams of `rows`, folded to the low bits of their buckets, each with value 1/√(n-grams of the row).
  ///
  /// - Parameter columns: a power of two.
  init(_ grams: StoredNGrams, rows: [Int], foldedTo columns: Int, pool: WorkerPool) {
    precondition(columns & (columns - 1) == 0)
    self.grams = grams
    selection = rows
    tableRows = columns
    columnOfBucket = []
    bucketOfColumn = (0..<UInt32(columns)).map(\.self)
    columnScales = [Float](repeating: 1, count: columns)
    rowScales = Self.scales(rows, pool) { row, _ in
      1 / Float(max(1, grams.range(ofRow: row).count)).squareRoot()
    }
    entryCount = rows.reduce(0) { $0 + grams.range(ofRow: $1).count }
  }

  private static func scales(
    _ rows: [Int], _ pool: WorkerPool, _ scale: @Sendable (_ row: Int, _ group: Int) -> Float
  ) -> [Float] {
    let groups = Namespace.allCases.count
    let chunks = fixedChunks(of: rows.count, size: 4_096)
    var result = [Float](repeating: 0, count: rows.count * groups)
    result.withSharedStorage { result in
      pool.forEach(chunks.count) { chunk in
        for place in chunks[chunk] {
          for group in 0..<groups { result.store(scale(rows[place], group), at: place * groups + group) }
        }
      }
    }
    return result
  }

  var rows: Int { selection.count }
  var columns: Int { bucketOfColumn.count }

  var columnPlaces: ColumnPlaces { ColumnPlaces(rows: bucketOfColumn, scales: columnScales) }

  func addProduct(_ block: Range<Int>, table: Span<Double>, stride: Int, into out: inout MutableSpan<Double>) {
    precondition(table.count >= tableRows * stride && out.count >= block.count * stride)
    let mask = UInt32(tableRows - 1)
    forEachGroup(block) { offset, buckets, scale in
      NGramProduct.gather(
        buckets, mask: mask, scale: scale, table: table, stride: stride, into: &out, at: offset * stride)
    }
  }

  func addTransposedProduct(
    _ block: Range<Int>, residuals: Span<Double>, stride: Int, into sums: inout MutableSpan<Double>
  ) {
    scatter(block, residuals, stride, into: &sums) { $0 }
  }

  func addSquaredProduct(
    _ block: Range<Int>, residuals: Span<Double>, stride: Int, into sums: inout MutableSpan<Double>
  ) {
    scatter(block, residuals, stride, into: &sums) { $0 * $0 }
  }

  @inline(__always)
  private func scatter(
    _ block: Range<Int>, _ residuals: Span<Double>, _ stride: Int, into sums: inout MutableSpan<Double>,
    _ factor: (Double) -> Double
  ) {
    precondition(sums.count >= tableRows * stride && residuals.count >= block.count * stride)
    let mask = UInt32(tableRows - 1)
    forEachGroup(block) { offset, buckets, scale in
      NGramProduct.scatter(
        buckets, mask: mask, scale: factor(scale), residuals: residuals, at: offset * stride, stride: stride,
        into: &sums)
    }
  }

  /// Calls `body` with the place in the block, the buckets and the scale of every namespace that is not empty.
  @inline(__always)
  private func forEachGroup(_ block: Range<Int>, _ body: (Int, Span<UInt32>, Double) -> Void) {
    let groups = Namespace.allCases.count
    let buckets = unsafe grams.buckets.elements
    for place in block {
      for group in 0..<groups {
        let range = grams.range(ofRow: selection[place], group: group)
        let scale = rowScales[place * groups + group]
        guard !range.isEmpty, scale > 0 else { continue }
        let run = unsafe UnsafeBufferPointer(rebasing: buckets[range])
        body(place - block.lowerBound, unsafe run.span, Double(scale))
      }
    }
  }

  func selectingRows(_ chosen: [Int]) -> CSRMatrix {
    var starts = [0]
    var indices: [Int32] = []
    var values: [Float] = []
    starts.reserveCapacity(chosen.count + 1)
    for place in chosen {
      forEachGroup(place..<place + 1) { _, buckets, scale in
        for index in buckets.indices {
          let bucket = Int(buckets[index]) & (tableRows - 1)
          let column = columnOfBucket.isEmpty ? Int32(bucket) : columnOfBucket[bucket]
          guard column >= 0 else { continue }
          indices.append(column)
          values.append(columnScales[Int(column)] * Float(scale))
        }
      }
      starts.append(indices.count)
    }
    return CSRMatrix(
      trustedRows: chosen.count, columns: columns, rowStarts: starts, columnIndices: indices, values: values)
  }
}
