/// The features of all rows, in the forms that linear solvers multiply by.
struct LinearDesign: Sendable {
  /// X, `[n × B]`.
  let sparse: any SparseFeatures

  /// Where the columns of X stand in tables.
  let places: ColumnPlaces

  /// D, `[n × d]`, all finite.
  let dense: DenseRows

  /// - Throws: ``TrainingError/shape(subject:expected:found:)`` when the numbers of rows differ, `notFinite` for a
  ///   dense feature that is not.
  init(sparse: any SparseFeatures, dense: DenseRows) throws(TrainingError) {
    try requireEqual("dense features, rows", dense.rows, expected: sparse.rows)
    try dense.requireFinite("dense features")
    self.sparse = sparse
    places = sparse.columnPlaces
    self.dense = dense
  }

  /// The number of rows n.
  var rows: Int { sparse.rows }

  /// The rows that go through a dense product at a time: few enough for their features to stay in the cache.
  static let blockRows = 256

  /// Cuts the rows of a process into chunks for its threads: whole blocks, at most `most` chunks, whatever the number of
  /// threads. Without a team a process has all rows.
  func rowChunks(most: Int = 64, team: (any ProcessGroup)? = nil) -> [Range<Int>] {
    let blocks = (rows + Self.blockRows - 1) / Self.blockRows
    let (rank, count) = (team?.rank ?? 0, team?.count ?? 1)
    let own =
      min(rows, blocks * rank / count * Self.blockRows)..<min(rows, blocks * (rank + 1) / count * Self.blockRows)
    let ownBlocks = (own.count + Self.blockRows - 1) / Self.blockRows
    return fixedChunks(of: own.count, size: Self.blockRows * max(1, (ownBlocks + most - 1) / most))
      .map { own.lowerBound + $0.lowerBound..<own.lowerBound + $0.upperBound }
  }

  /// scale · W by table row, `[tableRows × stride]`: what the products of X read.
  func fillTable(_ table: inout [Double], from parameters: [Double], _ layout: LinearLayout) {
    let (parameters, rows, scales, stride) = (parameters.span, places.rows.span, places.scales.span, layout.stride)
    var table = table.mutableSpan
    for column in 0..<layout.sparseColumns {
      let (to, scale) = (Int(rows[column]) * stride, Double(scales[column]))
      for lane in 0..<stride { table[to + lane] = scale * parameters[column * stride + lane] }
    }
  }

  /// Z = X · W_sparse + D · W_dense + bias for all rows, `[n × stride]`.
  func logits(_ parameters: [Double], layout: LinearLayout, pool: WorkerPool) -> [Double] {
    var result = [Double](repeating: 0, count: rows * layout.stride)
    var filled = [Double](repeating: 0, count: sparse.tableRows * layout.stride)
    fillTable(&filled, from: parameters, layout)
    let (chunks, table) = (rowChunks(), filled)
    result.withSharedStorage { result in
      pool.forEach(chunks.count) { chunk in
        var scratch: [Double] = []
        for block in fixedChunks(of: chunks[chunk].count, size: Self.blockRows) {
          let block = block.lowerBound + chunks[chunk].lowerBound..<block.upperBound + chunks[chunk].lowerBound
          result.mutate(block.lowerBound * layout.stride..<block.upperBound * layout.stride) { out in
            dense.widen(block, into: &scratch)
            blockLogits(block, parameters, table: table, dense: scratch.span, layout, into: &out)
          }
        }
      }
    }
    return result
  }

  /// The logits of one block of rows, `[block × stride]`.
  ///
  /// - Parameters:
  ///   - table: what ``fillTable(_:from:_:)`` makes of the parameters.
  ///   - widened: the dense features of the block in double precision, `[block × d]`.
  func blockLogits(
    _ block: Range<Int>, _ parameters: [Double], table: [Double], dense widened: Span<Double>, _ layout: LinearLayout,
    into out: inout MutableSpan<Double>
  ) {
    let parameters = parameters.span
    for place in 0..<block.count * layout.stride {
      out[place] = parameters[layout.bias.lowerBound + place % layout.stride]
    }
    sparse.addProduct(block, table: table.span, stride: layout.stride, into: &out)
    let product = DenseProduct.Shape(
      m: block.count, n: layout.stride, k: layout.denseColumns, aStride: max(1, layout.denseColumns),
      bStride: layout.stride, cStride: layout.stride)
    DenseProduct.multiply(product, a: widened, b: parameters.extracting(layout.dense), beta: 1, c: &out)
  }
}
