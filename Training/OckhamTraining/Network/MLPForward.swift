/// The forward pass of a network over b rows, with everything that the backward pass needs.
struct MLPForward: Sendable {
  /// [bag | D], `[b × (m + d)]`, after dropout.
  private(set) var input: [Float]

  /// relu(input · W₁ + b₁), `[b × h]`.
  private(set) var hidden: [Float]

  /// `[b × T]`.
  private(set) var logits: [Float]

  /// What dropout multiplied the bag by, `[b × m]`; empty without dropout.
  let mask: [Float]

  /// Runs the pass over some rows of a problem.
  init(
    sparse: any SparseFeatures, dense: DenseRows, rows: [Int], shape: MLPArchitecture, weights: MLPWeights,
    pool: WorkerPool
  ) {
    self.init(
      features: sparse.selectingRows(rows), dense: dense, rows: rows, mask: [], shape: shape, weights: weights,
      pool: pool)
  }

  /// Runs the pass over a batch whose sparse rows are already cut out.
  init(
    features: CSRMatrix, dense: DenseRows, rows: [Int], mask: [Float], shape: MLPArchitecture,
    weights: MLPWeights, pool: WorkerPool
  ) {
    self.mask = mask
    let gathered = Self.gather(features, weights.table, stride: shape.tableStride, pool)
    input = [Float](repeating: 0, count: rows.count * shape.inputWidth)
    hidden = [Float](repeating: 0, count: rows.count * shape.hiddenWidth)
    logits = [Float](repeating: 0, count: rows.count * shape.heads)
    fillInput(gathered, dense, rows, shape)
    runHidden(rows.count, shape, weights)
    runOutput(rows.count, gathered, shape, weights)
  }

  /// X · table, `[b × tableStride]`: bag and wide logits in one product, by chunks of 32 rows.
  private static func gather(_ features: CSRMatrix, _ table: [Float], stride: Int, _ pool: WorkerPool) -> [Float] {
    var result = [Float](repeating: 0, count: features.rows * stride)
    let chunks = fixedChunks(of: features.rows, size: 32)
    result.withSharedStorage { result in
      pool.forEach(chunks.count) { chunk in
        result.mutate(chunks[chunk].lowerBound * stride..<chunks[chunk].upperBound * stride) { out in
          SparseProduct.accumulate(features, rows: chunks[chunk], times: table.span, stride: stride, into: &out)
        }
      }
    }
    return result
  }

  private mutating func fillInput(_ gathered: [Float], _ dense: DenseRows, _ rows: [Int], _ shape: MLPArchitecture) {
    let m = shape.embeddingWidth
    for (place, row) in rows.enumerated() {
      for lane in 0..<m {
        let kept = mask.isEmpty ? 1 : mask[place * m + lane]
        input[place * shape.inputWidth + lane] = gathered[place * shape.tableStride + lane] * kept
      }
      let start = place * shape.inputWidth + m
      dense.forEachValue(ofRow: row) { column, value in input[start + column] = value }
    }
  }

  /// hidden = relu(input `[b × (m + d)]` · W₁ `[(m + d) × h]` + b₁).
  private mutating func runHidden(_ rows: Int, _ shape: MLPArchitecture, _ weights: MLPWeights) {
    let product = DenseProduct.Shape(
      m: rows, n: shape.hiddenWidth, k: shape.inputWidth, aStride: shape.inputWidth, bStride: shape.hiddenWidth,
      cStride: shape.hiddenWidth)
    let input = input
    let parameters = weights.dense.span
    var out = hidden.mutableSpan
    DenseProduct.multiply(product, a: input.span, b: parameters.extracting(shape.hidden), beta: 0, c: &out)
    for row in 0..<rows {
      for unit in 0..<shape.hiddenWidth {
        let place = row * shape.hiddenWidth + unit
        out[place] = max(0, out[place] + parameters[shape.hiddenBias.lowerBound + unit])
      }
    }
  }

  /// logits = b₂ + wide sparse + hidden `[b × h]` · W₂ `[h × T]` + D `[b × d]` · W_d `[d × T]`.
  private mutating func runOutput(
    _ rows: Int, _ gathered: [Float], _ shape: MLPArchitecture, _ weights: MLPWeights
  ) {
    let input = input
    let hidden = hidden
    let parameters = weights.dense.span
    var out = logits.mutableSpan
    for place in 0..<out.count {
      let (row, head) = place.quotientAndRemainder(dividingBy: shape.heads)
      let wide = shape.hasWideSparse ? gathered[row * shape.tableStride + shape.embeddingWidth + head] : 0
      out[place] = parameters[shape.outputBias.lowerBound + head] + wide
    }
    let deep = DenseProduct.Shape(
      m: rows, n: shape.heads, k: shape.hiddenWidth, aStride: shape.hiddenWidth, bStride: shape.heads,
      cStride: shape.heads)
    DenseProduct.multiply(deep, a: hidden.span, b: parameters.extracting(shape.output), beta: 1, c: &out)
    guard shape.hasWideDense, rows > 0 else { return }
    let wide = DenseProduct.Shape(
      m: rows, n: shape.heads, k: shape.denseColumns, aStride: shape.inputWidth, bStride: shape.heads,
      cStride: shape.heads)
    let dense = input.span.extracting(droppingFirst: shape.embeddingWidth)
    DenseProduct.multiply(wide, a: dense, b: parameters.extracting(shape.wideDense), beta: 1, c: &out)
  }
}
