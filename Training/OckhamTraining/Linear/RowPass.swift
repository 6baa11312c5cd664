/// The work on one chunk of rows: logits → loss and residuals → gradient.
struct RowPass<Loss: RowLoss>: Sendable {
  let design: LinearDesign
  let layout: LinearLayout
  let loss: Loss
  let point: [Double]
  let table: [Double]

  /// - Parameters:
  ///   - partial: this chunk's Dᵀ R and, after it, 1ᵀ R: `[(d + 1) × stride]`, zero at first.
  ///   - sums: this chunk's Xᵀ R but for the scale, `[tableRows × stride]`, zero at first.
  /// - Returns: the loss of the chunk.
  func run(_ chunk: Range<Int>, _ partial: inout MutableSpan<Double>, _ sums: inout MutableSpan<Double>) -> Double {
    var scratch: [Double] = []
    var logits = [Double](repeating: 0, count: LinearDesign.blockRows * layout.stride)
    var sum = 0.0
    for lower in stride(from: chunk.lowerBound, to: chunk.upperBound, by: LinearDesign.blockRows) {
      let block = lower..<min(lower + LinearDesign.blockRows, chunk.upperBound)
      design.dense.widen(block, into: &scratch)
      var out = logits.mutableSpan
      design.blockLogits(block, point, table: table, dense: scratch.span, layout, into: &out)
      for row in block {
        sum += loss.evaluate(row: row, logits: &out, offset: (row - block.lowerBound) * layout.stride)
      }
      design.addDenseProduct(rows: block.count, scratch.span, residuals: logits.span, layout, into: &partial)
      design.sparse.addTransposedProduct(block, residuals: logits.span, stride: layout.stride, into: &sums)
    }
    return sum
  }
}

extension LinearDesign {
  /// `partial[0 ..< d] += Dᵀ · R`, `partial[d] += 1ᵀ · R`.
  func addDenseProduct(
    rows: Int, _ widened: Span<Double>, residuals: Span<Double>, _ layout: LinearLayout,
    into partial: inout MutableSpan<Double>
  ) {
    let product = DenseProduct.Shape(
      m: layout.denseColumns, n: layout.stride, k: rows, aForm: .transposed, aStride: max(1, layout.denseColumns),
      bStride: layout.stride, cStride: layout.stride)
    DenseProduct.multiply(product, a: widened, b: residuals, beta: 1, c: &partial)
    for place in 0..<rows * layout.stride {
      partial[layout.dense.count + place % layout.stride] += residuals[place]
    }
  }
}
