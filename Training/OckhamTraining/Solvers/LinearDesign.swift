/// The features of all rows, in the forms that linear solvers multiply by.
struct LinearDesign: Sendable {
  /// X, `[n × B]`.
  let sparse: CSRMatrix

  /// Xᵀ, `[B × n]`; empty when the design is only for prediction.
  let transposed: CSRMatrix

  /// D, `[n × d]`, all finite.
  let dense: DenseMatrix

  /// - Throws: ``TrainingError/shape(subject:expected:found:)`` when the numbers of rows differ, `notFinite` for a
  ///   dense feature that is not.
  init(sparse: CSRMatrix, dense: DenseMatrix, transposedBy pool: WorkerPool?) throws(TrainingError) {
    try requireEqual("dense features, rows", dense.rows, expected: sparse.rows)
    try dense.requireFinite("dense features")
    self.sparse = sparse
    self.dense = dense
    transposed =
      pool.map { sparse.transposed(by: $0) }
      ?? CSRMatrix(trustedRows: 0, columns: sparse.rows, rowStarts: [0], columnIndices: [], values: [])
  }

  /// The number of rows n.
  var rows: Int { sparse.rows }

  /// The rows that go through a dense product at a time: few enough for their features to stay in the cache.
  static let blockRows = 256

  /// Cuts the rows into chunks for the threads: whole blocks, at most 64 chunks, whatever the number of threads.
  var rowChunks: [Range<Int>] {
    let blocks = (rows + Self.blockRows - 1) / Self.blockRows
    return fixedChunks(of: rows, size: Self.blockRows * max(1, (blocks + 63) / 64))
  }

  /// Z = X · W_sparse + D · W_dense + bias for all rows, `[n × stride]`.
  func logits(_ parameters: [Double], layout: LinearLayout, pool: WorkerPool) -> [Double] {
    var result = [Double](repeating: 0, count: rows * layout.stride)
    let chunks = rowChunks
    result.withSharedStorage { result in
      pool.forEach(chunks.count) { chunk in
        var scratch: [Double] = []
        for block in fixedChunks(of: chunks[chunk].count, size: Self.blockRows) {
          let block = block.lowerBound + chunks[chunk].lowerBound..<block.upperBound + chunks[chunk].lowerBound
          result.mutate(block.lowerBound * layout.stride..<block.upperBound * layout.stride) { out in
            widenDense(block, into: &scratch)
            blockLogits(block, parameters, dense: scratch.span, layout, into: &out)
          }
        }
      }
    }
    return result
  }

  /// The logits of one block of rows, `[block × stride]`.
  ///
  /// - Parameter widened: the dense features of the block in double precision, `[block × d]`.
  func blockLogits(
    _ block: Range<Int>, _ parameters: [Double], dense widened: Span<Double>, _ layout: LinearLayout,
    into out: inout MutableSpan<Double>
  ) {
    let parameters = parameters.span
    for place in 0..<block.count * layout.stride {
      out[place] = parameters[layout.bias.lowerBound + place % layout.stride]
    }
    SparseProduct.accumulate(sparse, rows: block, times: parameters, stride: layout.stride, into: &out)
    let product = DenseProduct.Shape(
      m: block.count, n: layout.stride, k: layout.denseColumns, aStride: max(1, layout.denseColumns),
      bStride: layout.stride, cStride: layout.stride)
    DenseProduct.multiply(product, a: widened, b: parameters.extracting(layout.dense), beta: 1, c: &out)
  }

  /// Copies the dense features of a block of rows in double precision, `[block × d]`.
  func widenDense(_ block: Range<Int>, into scratch: inout [Double]) {
    let places = block.lowerBound * dense.columns..<block.upperBound * dense.columns
    if scratch.count < places.count { scratch = [Double](repeating: 0, count: places.count) }
    let source = dense.values.span
    var target = scratch.mutableSpan
    for place in 0..<places.count {
      unsafe target[unchecked: place] = Double(source[unchecked: places.lowerBound + place])
    }
  }
}
