import Statistics

/// The weights of a network, or anything else of their shape (Adam's moments): two flat vectors.
package struct MLPWeights: Sendable, Equatable {
  /// `[B × tableStride]`: per sparse column its embedding `[m]`, its wide weights `[T]`, padding.
  package internal(set) var table: [Float]

  /// W₁, b₁, W₂, b₂, W_d one after the other.
  package internal(set) var dense: [Float]

  /// All zeros.
  init(zerosFor shape: MLPArchitecture) {
    table = [Float](repeating: 0, count: shape.sparseColumns * shape.tableStride)
    dense = [Float](repeating: 0, count: shape.wideDense.upperBound)
  }

  /// Random weights: embeddings uniform in ± `embeddingScale`, W₁ in ± √(6 / (m + d)) (He et al. 2015), W₂ in
  /// ± √(6 / (h + T)) (Glorot & Bengio 2010), wide weights and b₁ zero, b₂ as given.
  init(randomFor shape: MLPArchitecture, embeddingScale: Float, outputBias: [Float], seed: UInt64) {
    self.init(zerosFor: shape)
    var generator = SplitMix64(seed: seed, 1)
    for column in 0..<shape.sparseColumns {
      let start = column * shape.tableStride
      for place in start..<start + shape.embeddingWidth {
        table[place] = (generator.nextUnit() * 2 - 1) * embeddingScale
      }
    }
    let hiddenScale = (6 / Float(shape.inputWidth)).squareRoot()
    for place in shape.hidden { dense[place] = (generator.nextUnit() * 2 - 1) * hiddenScale }
    let outputScale = (6 / Float(shape.hiddenWidth + shape.heads)).squareRoot()
    for place in shape.output { dense[place] = (generator.nextUnit() * 2 - 1) * outputScale }
    dense.replaceSubrange(shape.outputBias, with: outputBias)
  }
}

/// A trained network.
package struct MLPModel: Sendable, Equatable {
  /// Its shape.
  package let shape: MLPArchitecture

  /// Its weights.
  package let weights: MLPWeights

  /// E, `[B × m]`.
  package var embedding: [Float] { columns(0..<shape.embeddingWidth) }

  /// W_x, `[B × T]`; empty without a wide sparse part.
  package var wideSparse: [Float] {
    columns(shape.embeddingWidth..<shape.embeddingWidth + shape.wideWidth)
  }

  /// W₁, `[(m + d) × h]`.
  package var hidden: [Float] { Array(weights.dense[shape.hidden]) }

  /// b₁, `[h]`.
  package var hiddenBias: [Float] { Array(weights.dense[shape.hiddenBias]) }

  /// W₂, `[h × T]`.
  package var output: [Float] { Array(weights.dense[shape.output]) }

  /// b₂, `[T]`.
  package var outputBias: [Float] { Array(weights.dense[shape.outputBias]) }

  /// W_d, `[d × T]`; empty without a wide dense part.
  package var wideDense: [Float] { Array(weights.dense[shape.wideDense]) }

  private func columns(_ lanes: Range<Int>) -> [Float] {
    (0..<shape.sparseColumns).flatMap { column in lanes.map { weights.table[column * shape.tableStride + $0] } }
  }

  /// The logits of rows, `[n × T]`.
  ///
  /// - Throws: ``TrainingError/shape(subject:expected:found:)`` when the matrices do not fit the model.
  package func logits(
    sparse: any SparseFeatures, dense: DenseRows, pool: WorkerPool
  ) throws(TrainingError) -> DenseMatrix {
    try requireEqual("sparse features, columns", sparse.columns, expected: shape.sparseColumns)
    try requireEqual("dense features, columns", dense.columns, expected: shape.denseColumns)
    try requireEqual("dense features, rows", dense.rows, expected: sparse.rows)
    try dense.requireFinite("dense features")
    var result = DenseMatrix(repeating: 0, rows: sparse.rows, columns: shape.heads)
    let blocks = fixedChunks(of: sparse.rows, size: 256)
    result.values.withSharedStorage { result in
      pool.forEach(blocks.count) { block in
        let pass = MLPForward(
          sparse: sparse, dense: dense, rows: Array(blocks[block]), shape: shape, weights: weights,
          pool: WorkerPool(threads: 1))
        result.mutate(blocks[block].lowerBound * shape.heads..<blocks[block].upperBound * shape.heads) { out in
          for place in 0..<out.count { out[place] = pass.logits[place] }
        }
      }
    }
    return result
  }
}
