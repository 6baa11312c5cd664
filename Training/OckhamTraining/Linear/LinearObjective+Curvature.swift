extension LinearObjective {
  /// The Hessian where every row has the mean label: its diagonal and, for the dense weights and the bias of each head, all
  /// of it, the latter from a sample of the rows. About the work of two evaluations.
  mutating func curvature() -> Curvature {
    var result = Curvature(diagonal: [Double](repeating: 0, count: dimension))
    let pass = CurvaturePass(design: design, layout: layout, loss: loss)
    _ = sumRows(&result.diagonal) { chunk, partial, sums in
      pass.run(chunk, &partial, &sums)
      return 0
    }
    // The derivative of ½ λ W² at 1 is λ.
    let ones = [Double](repeating: 1, count: dimension)
    _ = collectColumns(ones, design.places.squared, &result.diagonal)
    let ridge = l2Dense * (densePenalty.own + densePenalty.shared)
    for place in layout.dense { result.diagonal[place] += ridge }
    var matrix = pass.denseProducts(rowChunks)
    addFrames(to: &result.diagonal, &matrix)
    result.block = Curvature.Block(
      size: layout.denseColumns + 1, lanes: layout.stride, matrix: matrix, ridge: ridge)
    return result
  }

  /// The block is scaled to the curvature of each head: what frames add is scaled the other way, by that of the mean head.
  private func addFrames(to diagonal: inout [Double], _ matrix: inout [Double]) {
    let (width, size) = (layout.denseColumns, layout.denseColumns + 1)
    let bias = diagonal[layout.bias].prefix(layout.heads)
    let mean = bias.reduce(0, +) / Double(max(1, layout.heads))
    guard let frames, l2Frames > 0, mean > 0 else { return }
    let (own, scale) = (frameMixing.own + frameMixing.shared, matrix[size * size - 1] / mean)
    for row in 0..<width {
      for lane in 0..<layout.heads {
        diagonal[layout.dense.lowerBound + row * layout.stride + lane] +=
          l2Frames * own * frames.matrix[row * width + row]
      }
      for column in 0..<width {
        matrix[row * size + column] += l2Frames * own * scale * frames.matrix[row * width + column]
      }
    }
  }
}

/// The work on one chunk of rows of the diagonal of the Hessian: Σ_i h_i x_ij², h_i the curvature of the row's loss.
struct CurvaturePass<Loss: RowLoss>: Sendable {
  let design: LinearDesign
  let layout: LinearLayout
  let loss: Loss

  /// - Parameters: as ``RowPass/run(_:_:_:)``, with squared features.
  func run(_ chunk: Range<Int>, _ partial: inout MutableSpan<Double>, _ sums: inout MutableSpan<Double>) {
    var scratch: [Double] = []
    var curvatures = [Double](repeating: 0, count: LinearDesign.blockRows * layout.stride)
    for lower in stride(from: chunk.lowerBound, to: chunk.upperBound, by: LinearDesign.blockRows) {
      let block = lower..<min(lower + LinearDesign.blockRows, chunk.upperBound)
      design.dense.widen(block, into: &scratch)
      for place in 0..<block.count * layout.denseColumns { scratch[place] *= scratch[place] }
      var out = curvatures.mutableSpan
      for row in block { loss.curvature(row: row, into: &out, offset: (row - lower) * layout.stride) }
      design.addDenseProduct(rows: block.count, scratch.span, residuals: curvatures.span, layout, into: &partial)
      design.sparse.addSquaredProduct(block, residuals: curvatures.span, stride: layout.stride, into: &sums)
    }
  }

  /// [D 1]ᵀ H [D 1] over a sample of the rows, `[(d + 1) × (d + 1)]`.
  func denseProducts(_ chunks: [Range<Int>]) -> [Double] {
    let blocks = chunks.flatMap { chunk in
      fixedChunks(of: chunk.count, size: LinearDesign.blockRows).map {
        chunk.lowerBound + $0.lowerBound..<chunk.lowerBound + $0.upperBound
      }
    }
    let width = layout.denseColumns + 1
    var sums = [Double](repeating: 0, count: width * width)
    for index in stride(from: 0, to: blocks.count, by: 1 + blocks.count / Self.sampledBlocks) {
      let rows = weightedRows(blocks[index])
      let shape = DenseProduct.Shape(
        m: width, n: width, k: blocks[index].count, aForm: .transposed, aStride: width, bStride: width, cStride: width)
      var span = sums.mutableSpan
      DenseProduct.multiply(shape, a: rows.span, b: rows.span, beta: 1, c: &span)
    }
    return sums
  }

  private static var sampledBlocks: Int { 64 }

  /// √h [D 1] for a block of rows, `[block × (d + 1)]`, h the sum of the curvatures of the row's heads.
  private func weightedRows(_ block: Range<Int>) -> [Double] {
    var result: [Double] = []
    result.reserveCapacity(block.count * (layout.denseColumns + 1))
    var curvatures = [Double](repeating: 0, count: layout.stride)
    for row in block {
      var out = curvatures.mutableSpan
      loss.curvature(row: row, into: &out, offset: 0)
      let root = curvatures.reduce(0, +).squareRoot()
      design.dense.forEachValue(ofRow: row) { _, value in result.append(root * Double(value)) }
      result.append(root)
    }
    return result
  }
}
