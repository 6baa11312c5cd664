/// The loss of one row of a linear model as a function of its logits.
protocol RowLoss: Sendable {
  /// Replaces the logits of one row, `[stride]` from `offset`, by the derivative of its loss; returns the loss.
  ///
  /// Both already carry the weight of the row. The padding gets derivative 0.
  func evaluate(row: Int, logits: inout MutableSpan<Double>, offset: Int) -> Double
}

/// The regularised loss of a linear model: Σ_i loss_i + ½ λ_s ‖W_sparse‖² + ½ λ_d ‖W_dense‖².
///
/// One evaluation makes two passes. By rows: logits, loss and residual R = ∂loss/∂Z block by block, and of each chunk
/// the dense gradient Dᵀ R. By sparse columns: Xᵀ R, each column summed in row order. Sums over chunks are added in
/// chunk order, in double precision: the same bits for any number of threads.
struct LinearObjective<Loss: RowLoss>: Objective {
  let design: LinearDesign
  let layout: LinearLayout
  let loss: Loss
  let l2Sparse: Double
  let l2Dense: Double
  /// The matrix over heads in the dense penalty ½ λ_d tr(W M Wᵀ): M = own · I + shared · 1 1ᵀ.
  let densePenalty: (own: Double, shared: Double)
  let pool: WorkerPool
  private let rowChunks: [Range<Int>]
  private let columnChunks: [Range<Int>]
  private var residuals: [Double]

  init(
    design: LinearDesign, heads: Int, loss: Loss, l2Sparse: Double, l2Dense: Double,
    densePenalty: (own: Double, shared: Double) = (1, 0), pool: WorkerPool
  ) {
    self.design = design
    layout = LinearLayout(sparseColumns: design.sparse.columns, denseColumns: design.dense.columns, heads: heads)
    self.loss = loss
    self.l2Sparse = l2Sparse
    self.l2Dense = l2Dense
    self.densePenalty = densePenalty
    self.pool = pool
    rowChunks = design.rowChunks
    columnChunks = balancedChunks(starts: design.transposed.rowStarts, count: 64)
    residuals = [Double](repeating: 0, count: design.rows * layout.stride)
  }

  var dimension: Int { layout.count }

  mutating func evaluate(at point: [Double], gradient: inout [Double]) -> Double {
    let rowsLoss = evaluateRows(point, &gradient)
    return rowsLoss + evaluateColumns(point, &gradient) + addDensePenalty(point, &gradient)
  }

  /// Logits, loss, residuals, and the gradient of the dense weights and the bias.
  private mutating func evaluateRows(_ point: [Double], _ gradient: inout [Double]) -> Double {
    let width = layout.dense.count + layout.bias.count
    var losses = [Double](repeating: 0, count: rowChunks.count)
    var partials = [Double](repeating: 0, count: rowChunks.count * width)
    let pass = RowPass(design: design, layout: layout, loss: loss, point: point)
    let chunks = rowChunks
    let pool = pool
    losses.withSharedStorage { losses in
      partials.withSharedStorage { partials in
        residuals.withSharedStorage { residuals in
          pool.forEach(chunks.count) { chunk in
            partials.mutate(chunk * width..<(chunk + 1) * width) { partial in
              losses.store(pass.run(chunks[chunk], residuals, &partial), at: chunk)
            }
          }
        }
      }
    }
    for place in 0..<width {
      var sum = 0.0
      for chunk in 0..<chunks.count { sum += partials[chunk * width + place] }
      gradient[layout.dense.lowerBound + place] = sum
    }
    return losses.reduce(0, +)
  }

  /// The gradient of the sparse weights, Xᵀ · R + λ_s · W; returns their penalty.
  private func evaluateColumns(_ point: [Double], _ gradient: inout [Double]) -> Double {
    var squares = [Double](repeating: 0, count: columnChunks.count)
    squares.withSharedStorage { squares in
      gradient.withSharedStorage { gradient in
        pool.forEach(columnChunks.count) { chunk in
          let columns = columnChunks[chunk]
          let places = columns.lowerBound * layout.stride..<columns.upperBound * layout.stride
          gradient.mutate(places) { gradient in
            squares.store(Self.startWithPenalty(point, places, l2Sparse, &gradient), at: chunk)
            SparseProduct.accumulate(
              design.transposed, rows: columns, times: residuals.span, stride: layout.stride, into: &gradient)
          }
        }
      }
    }
    return 0.5 * l2Sparse * squares.reduce(0, +)
  }

  private func addDensePenalty(_ point: [Double], _ gradient: inout [Double]) -> Double {
    var squares = 0.0
    for start in stride(from: layout.dense.lowerBound, to: layout.dense.upperBound, by: layout.stride) {
      let places = start..<start + layout.heads
      let sum = places.reduce(0.0) { $0 + point[$1] }
      for place in places {
        let pull = densePenalty.own * point[place] + densePenalty.shared * sum
        squares += point[place] * pull
        gradient[place] += l2Dense * pull
      }
    }
    return 0.5 * l2Dense * squares
  }

  /// Sets the gradient to λ · W for the given places; returns Σ W².
  private static func startWithPenalty(
    _ point: [Double], _ places: Range<Int>, _ l2: Double, _ gradient: inout MutableSpan<Double>
  ) -> Double {
    let point = point.span
    var squares = SIMD2<Double>.zero
    for place in stride(from: 0, to: places.count, by: 2) {
      let first = point[places.lowerBound + place]
      let second = point[places.lowerBound + place + 1]
      gradient[place] = l2 * first
      gradient[place + 1] = l2 * second
      squares += SIMD2(first, second) * SIMD2(first, second)
    }
    return squares.sum()
  }
}

/// The work on one chunk of rows: logits → loss and residuals → dense gradient.
private struct RowPass<Loss: RowLoss>: Sendable {
  let design: LinearDesign
  let layout: LinearLayout
  let loss: Loss
  let point: [Double]

  /// - Parameters:
  ///   - residuals: R of all rows, `[n × stride]`; this chunk's rows are written.
  ///   - partial: this chunk's Dᵀ R and, after it, 1ᵀ R: `[(d + 1) × stride]`, zero at first.
  /// - Returns: the loss of the chunk.
  func run(_ chunk: Range<Int>, _ residuals: SharedStorage<Double>, _ partial: inout MutableSpan<Double>) -> Double {
    var scratch: [Double] = []
    var sum = 0.0
    for lower in stride(from: chunk.lowerBound, to: chunk.upperBound, by: LinearDesign.blockRows) {
      let block = lower..<min(lower + LinearDesign.blockRows, chunk.upperBound)
      design.widenDense(block, into: &scratch)
      sum += runBlock(block, scratch.span, residuals, &partial)
    }
    return sum
  }

  private func runBlock(
    _ block: Range<Int>, _ widened: Span<Double>, _ residuals: SharedStorage<Double>,
    _ partial: inout MutableSpan<Double>
  ) -> Double {
    residuals.mutate(block.lowerBound * layout.stride..<block.upperBound * layout.stride) { out in
      design.blockLogits(block, point, dense: widened, layout, into: &out)
      var sum = 0.0
      for row in block {
        sum += loss.evaluate(row: row, logits: &out, offset: (row - block.lowerBound) * layout.stride)
      }
      addDenseGradient(block.count, widened, out.span, &partial)
      return sum
    }
  }

  /// `partial[0 ..< d] += Dᵀ · R`, `partial[d] += 1ᵀ · R`.
  private func addDenseGradient(
    _ rows: Int, _ widened: Span<Double>, _ residuals: Span<Double>, _ partial: inout MutableSpan<Double>
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
