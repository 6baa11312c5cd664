/// The loss of one row of a linear model as a function of its logits.
protocol RowLoss: Sendable {
  /// Replaces the logits of one row, `[stride]` from `offset`, by the derivative of its loss; returns the loss.
  ///
  /// Both already carry the weight of the row. The padding gets derivative 0.
  func evaluate(row: Int, logits: inout MutableSpan<Double>, offset: Int) -> Double

  /// Writes the second derivatives of the row's loss by its logits, `[stride]` from `offset`, as they are where every row has
  /// the mean label.
  func curvature(row: Int, into values: inout MutableSpan<Double>, offset: Int)
}

/// The regularised loss of a linear model: Σ_i loss_i + ½ λ_s ‖W_sparse‖² + ½ λ_d ‖W_dense‖².
///
/// One evaluation is one pass over the features. Block by block: logits, loss and residual R = ∂loss/∂Z; while the block is
/// still in the cache its part of Dᵀ R and of Xᵀ R, the latter into a table of sums that each chunk of rows has for itself.
/// Sums over chunks are added in chunk order, in double precision: the same bits for any number of threads. In a team it is
/// this process's part: see ``GroupObjective``.
struct LinearObjective<Loss: RowLoss>: Objective {
  let design: LinearDesign
  let layout: LinearLayout
  let loss: Loss
  let l2Sparse: Double
  let l2Dense: Double
  /// The matrix over heads in the dense penalty ½ λ_d tr(W M Wᵀ): M = own · I + shared · 1 1ᵀ.
  let densePenalty: (own: Double, shared: Double)
  /// What ``addFramePenalty(_:_:)`` adds: the form, its strength λ, and the matrix over heads, own · I + shared · 1 1ᵀ.
  let frames: FrameForm?
  let l2Frames: Double
  let frameMixing: (own: Double, shared: Double)
  let pool: WorkerPool
  /// The processes that share the rows; `nil` for one on its own.
  let team: (any ProcessGroup)?
  let rowChunks: [Range<Int>]
  /// scale · W, `[tableRows × stride]`.
  private var table: [Double]
  /// Xᵀ R by chunk but for the scale, `[chunks × tableRows × stride]`; zero between evaluations.
  private var sums: [Double]

  init(
    design: LinearDesign, heads: Int, loss: Loss, l2Sparse: Double, l2Dense: Double,
    densePenalty: (own: Double, shared: Double) = (1, 0), frames: FrameForm? = nil, l2Frames: Double = 0,
    frameMixing: (own: Double, shared: Double) = (1, 0), pool: WorkerPool, team: (any ProcessGroup)? = nil
  ) {
    self.design = design
    layout = LinearLayout(sparseColumns: design.sparse.columns, denseColumns: design.dense.columns, heads: heads)
    self.loss = loss
    // One process of a team adds the penalties.
    let penalises = team.map { $0.rank == 0 } ?? true
    self.l2Sparse = penalises ? l2Sparse : 0
    self.l2Dense = penalises ? l2Dense : 0
    self.densePenalty = densePenalty
    self.frames = frames
    self.l2Frames = penalises ? l2Frames : 0
    self.frameMixing = frameMixing
    self.pool = pool
    self.team = team
    let tableCount = design.sparse.tableRows * layout.stride
    rowChunks = design.rowChunks(
      most: Self.mostChunks(entries: design.sparse.entryCount, tableCount: tableCount), team: team)
    table = [Double](repeating: 0, count: tableCount)
    sums = [Double](repeating: 0, count: rowChunks.count * tableCount)
  }

  /// Adding up a chunk's sums must cost little beside making them, and all of them take 256 MB at most.
  private static func mostChunks(entries: Int, tableCount: Int) -> Int {
    let table = max(1, tableCount)
    return min(64, max(1, min(entries / (8 * table), (1 << 25) / table)))
  }

  var dimension: Int { layout.count }

  mutating func evaluate(at point: [Double], gradient: inout [Double]) -> Double {
    design.fillTable(&table, from: point, layout)
    let pass = RowPass(design: design, layout: layout, loss: loss, point: point, table: table)
    let rowsLoss = sumRows(&gradient) { chunk, partial, sums in pass.run(chunk, &partial, &sums) }
    return rowsLoss + collectColumns(point, design.places, &gradient) + addDensePenalty(point, &gradient)
      + addFramePenalty(point, &gradient)
  }

  /// Adds up over rows what `work` makes of each chunk of them: the part of the dense weights and the bias goes into `result`,
  /// that of the sparse ones into ``sums``. Returns the sum of what it returns.
  mutating func sumRows(
    _ result: inout [Double],
    _ work: @Sendable (_ chunk: Range<Int>, inout MutableSpan<Double>, inout MutableSpan<Double>) -> Double
  ) -> Double {
    let width = layout.dense.count + layout.bias.count
    var losses = [Double](repeating: 0, count: rowChunks.count)
    var partials = [Double](repeating: 0, count: rowChunks.count * width)
    let (chunks, pool, tableCount) = (rowChunks, pool, table.count)
    losses.withSharedStorage { losses in
      partials.withSharedStorage { partials in
        sums.withSharedStorage { sums in
          pool.forEach(chunks.count) { chunk in
            partials.mutate(chunk * width..<(chunk + 1) * width) { partial in
              sums.mutate(chunk * tableCount..<(chunk + 1) * tableCount) { sums in
                losses.store(work(chunks[chunk], &partial, &sums), at: chunk)
              }
            }
          }
        }
      }
    }
    for place in 0..<width {
      var sum = 0.0
      for chunk in 0..<chunks.count { sum += partials[chunk * width + place] }
      result[layout.dense.lowerBound + place] = sum
    }
    return losses.reduce(0, +)
  }

  /// The gradient of the sparse weights, Xᵀ · R + λ_s · W; clears the sums and returns the weights' penalty.
  mutating func collectColumns(
    _ point: [Double], _ places: ColumnPlaces, _ gradient: inout [Double]
  ) -> Double {
    let columnChunks = fixedChunks(of: layout.sparseColumns, size: 4_096)
    var squares = [Double](repeating: 0, count: columnChunks.count)
    let collection = ColumnCollection(
      places: places, stride: layout.stride, l2: l2Sparse, chunks: rowChunks.count, tableCount: table.count)
    let pool = pool
    squares.withSharedStorage { squares in
      sums.withSharedStorage { sums in
        gradient.withSharedStorage { gradient in
          pool.forEach(columnChunks.count) { chunk in
            squares.store(collection.run(columnChunks[chunk], point, sums, gradient), at: chunk)
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
}

/// Puts the sums of all chunks of rows together, in order.
private struct ColumnCollection: Sendable {
  let places: ColumnPlaces
  let stride: Int
  let l2: Double
  let chunks: Int
  let tableCount: Int

  /// Writes the gradient of some columns, clears their sums; returns Σ W².
  func run(
    _ columns: Range<Int>, _ point: [Double], _ sums: SharedStorage<Double>, _ gradient: SharedStorage<Double>
  ) -> Double {
    let (rows, scales, point) = (places.rows.span, places.scales.span, point.span)
    let first = Int(rows[columns.lowerBound])
    let total = total(of: first..<Int(rows[columns.upperBound - 1]) + 1, sums)
    return gradient.mutate(columns.lowerBound * stride..<columns.upperBound * stride) { gradient in
      var squares = 0.0
      for column in columns {
        let (from, scale) = ((Int(rows[column]) - first) * stride, Double(scales[column]))
        let to = (column - columns.lowerBound) * stride
        for lane in 0..<stride {
          let weight = point[column * stride + lane]
          gradient[to + lane] = l2 * weight + scale * total[from + lane]
          squares += weight * weight
        }
      }
      return squares
    }
  }

  /// The sums of some table rows over all chunks; the chunks' own become 0.
  private func total(of tableRows: Range<Int>, _ sums: SharedStorage<Double>) -> [Double] {
    var result = [Double](repeating: 0, count: tableRows.count * stride)
    var total = result.mutableSpan
    for chunk in 0..<chunks {
      let start = chunk * tableCount + tableRows.lowerBound * stride
      sums.mutate(start..<start + total.count) { part in
        for place in 0..<total.count {
          unsafe total[unchecked: place] += part[unchecked: place]
          unsafe part[unchecked: place] = 0
        }
      }
    }
    return result
  }
}
