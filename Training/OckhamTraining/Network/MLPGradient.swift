/// The gradient of a batch's loss with respect to the weights.
struct MLPGradient: Sendable {
  /// The gradient of the table rows that the batch touches, `[u × tableStride]`, in the order of ``MiniBatch/touched``.
  private(set) var table: [Float]

  /// The gradient of the dense vector.
  private(set) var dense: [Float]

  /// Runs the backward pass.
  ///
  /// - Parameters:
  ///   - delta: ∂loss/∂logits, `[b × T]`.
  ///   - forward: the forward pass over the same batch.
  init(
    delta: [Float], forward: MLPForward, batch: MiniBatch, shape: MLPArchitecture, weights: MLPWeights,
    pool: WorkerPool
  ) {
    table = []
    dense = [Float](repeating: 0, count: weights.dense.count)
    let rows = batch.features.rows
    let hiddenDelta = Self.hiddenDelta(delta, forward, rows, shape, weights)
    fillOutput(delta, forward, rows, shape)
    fillHidden(hiddenDelta, forward, rows, shape)
    let tableDelta = Self.tableDelta(delta, hiddenDelta, forward, rows, shape, weights)
    table = Self.scatter(tableDelta, batch.transposed, stride: shape.tableStride, pool)
  }

  /// (δ `[b × T]` · W₂ᵀ `[T × h]`) ⊙ relu′, `[b × h]`.
  private static func hiddenDelta(
    _ delta: [Float], _ forward: MLPForward, _ rows: Int, _ shape: MLPArchitecture, _ weights: MLPWeights
  ) -> [Float] {
    var result = [Float](repeating: 0, count: rows * shape.hiddenWidth)
    let product = DenseProduct.Shape(
      m: rows, n: shape.hiddenWidth, k: shape.heads, bForm: .transposed, aStride: shape.heads, bStride: shape.heads,
      cStride: shape.hiddenWidth)
    var out = result.mutableSpan
    DenseProduct.multiply(product, a: delta.span, b: weights.dense.span.extracting(shape.output), beta: 0, c: &out)
    for place in 0..<out.count where forward.hidden[place] <= 0 { out[place] = 0 }
    return result
  }

  /// W₂: hiddenᵀ `[h × b]` · δ `[b × T]`; b₂: 1ᵀ · δ; W_d: Dᵀ `[d × b]` · δ.
  private mutating func fillOutput(_ delta: [Float], _ forward: MLPForward, _ rows: Int, _ shape: MLPArchitecture) {
    let deep = DenseProduct.Shape(
      m: shape.hiddenWidth, n: shape.heads, k: rows, aForm: .transposed, aStride: shape.hiddenWidth,
      bStride: shape.heads, cStride: shape.heads)
    multiply(deep, forward.hidden.span, delta.span, into: shape.output)
    addRows(of: delta, width: shape.heads, into: shape.outputBias)
    guard shape.hasWideDense, rows > 0 else { return }
    let wide = DenseProduct.Shape(
      m: shape.denseColumns, n: shape.heads, k: rows, aForm: .transposed, aStride: shape.inputWidth,
      bStride: shape.heads, cStride: shape.heads)
    multiply(
      wide, forward.input.span.extracting(droppingFirst: shape.embeddingWidth), delta.span, into: shape.wideDense)
  }

  /// W₁: inputᵀ `[(m + d) × b]` · hiddenDelta `[b × h]`; b₁: 1ᵀ · hiddenDelta.
  private mutating func fillHidden(_ delta: [Float], _ forward: MLPForward, _ rows: Int, _ shape: MLPArchitecture) {
    let product = DenseProduct.Shape(
      m: shape.inputWidth, n: shape.hiddenWidth, k: rows, aForm: .transposed, aStride: shape.inputWidth,
      bStride: shape.hiddenWidth, cStride: shape.hiddenWidth)
    multiply(product, forward.input.span, delta.span, into: shape.hidden)
    addRows(of: delta, width: shape.hiddenWidth, into: shape.hiddenBias)
  }

  private mutating func multiply(
    _ product: DenseProduct.Shape, _ a: Span<Float>, _ b: Span<Float>, into places: Range<Int>
  ) {
    var result = [Float](repeating: 0, count: places.count)
    var out = result.mutableSpan
    DenseProduct.multiply(product, a: a, b: b, beta: 0, c: &out)
    dense.replaceSubrange(places, with: result)
  }

  private mutating func addRows(of delta: [Float], width: Int, into places: Range<Int>) {
    for place in 0..<delta.count { dense[places.lowerBound + place % width] += delta[place] }
  }

  /// Per row the derivative by its bag and its wide logits, `[b × tableStride]`:
  /// hiddenDelta `[b × h]` · W₁ᵀ `[h × m]` (its embedding part) ⊙ mask, then δ.
  private static func tableDelta(
    _ delta: [Float], _ hiddenDelta: [Float], _ forward: MLPForward, _ rows: Int, _ shape: MLPArchitecture,
    _ weights: MLPWeights
  ) -> [Float] {
    var result = [Float](repeating: 0, count: rows * shape.tableStride)
    let product = DenseProduct.Shape(
      m: rows, n: shape.embeddingWidth, k: shape.hiddenWidth, bForm: .transposed, aStride: shape.hiddenWidth,
      bStride: shape.hiddenWidth, cStride: shape.tableStride)
    var out = result.mutableSpan
    DenseProduct.multiply(
      product, a: hiddenDelta.span, b: weights.dense.span.extracting(shape.hidden), beta: 0, c: &out)
    for row in 0..<rows {
      let start = row * shape.tableStride
      if !forward.mask.isEmpty {
        for lane in 0..<shape.embeddingWidth { out[start + lane] *= forward.mask[row * shape.embeddingWidth + lane] }
      }
      for head in 0..<shape.wideWidth { out[start + shape.embeddingWidth + head] = delta[row * shape.heads + head] }
    }
    return result
  }

  /// Xᵀ `[u × b]` · tableDelta `[b × tableStride]`, each column summed in row order.
  private static func scatter(_ delta: [Float], _ columns: CSRMatrix, stride: Int, _ pool: WorkerPool) -> [Float] {
    var result = [Float](repeating: 0, count: columns.rows * stride)
    let chunks = fixedChunks(of: columns.rows, size: 1_024)
    result.withSharedStorage { result in
      pool.forEach(chunks.count) { chunk in
        result.mutate(chunks[chunk].lowerBound * stride..<chunks[chunk].upperBound * stride) { out in
          SparseProduct.accumulate(columns, rows: chunks[chunk], times: delta.span, stride: stride, into: &out)
        }
      }
    }
    return result
  }
}
