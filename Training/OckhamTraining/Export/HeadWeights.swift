package import Ockham

/// The weights of the tiers' heads in one architecture, over the columns of a transform.
package protocol HeadWeights: Sendable {
  /// What the model file holds of them.
  func tensors(_ transform: FeatureTransform) -> [Tensor]

  /// The logits of rows, `[n × heads]`.
  ///
  /// - Throws: ``TrainingError/shape(subject:expected:found:)`` when the features do not fit.
  func logits(sparse: any SparseFeatures, dense: DenseRows, pool: WorkerPool) throws(TrainingError) -> DenseMatrix
}

extension LinearModel: HeadWeights {
  package func tensors(_ transform: FeatureTransform) -> [Tensor] {
    transform.gramTensors(heads: heads, wide: sparse, embedding: [], embeddingWidth: 0) + [
      Tensor(name: TensorName.denseWeight, shape: [dense.count / heads, heads], floats: dense),
      Tensor(name: TensorName.bias, shape: [heads], floats: bias),
    ]
  }
}

extension MLPModel: HeadWeights {
  package func tensors(_ transform: FeatureTransform) -> [Tensor] {
    let heads = shape.heads
    return transform.gramTensors(
      heads: heads, wide: wideSparse, embedding: embedding, embeddingWidth: shape.embeddingWidth
    ) + [
      Tensor(name: TensorName.denseWeight, shape: [shape.denseColumns, heads], floats: wideDense),
      Tensor(name: TensorName.bias, shape: [heads], floats: [Float](repeating: 0, count: heads)),
      Tensor(name: TensorName.hiddenWeight, shape: [shape.inputWidth, shape.hiddenWidth], floats: hidden),
      Tensor(name: TensorName.hiddenBias, shape: [shape.hiddenWidth], floats: hiddenBias),
      Tensor(name: TensorName.outputWeight, shape: [shape.hiddenWidth, heads], floats: output),
      Tensor(name: TensorName.outputBias, shape: [heads], floats: outputBias),
    ]
  }
}

extension FeatureTransform {
  /// The table of n-grams: idf² first, then the idf-weighted weights of the heads and the embedding.
  fileprivate func gramTensors(heads: Int, wide: [Float], embedding: [Float], embeddingWidth: Int) -> [Tensor] {
    let (learned, buckets) = (heads + embeddingWidth, grams.squares.count)
    var weights = [Float](repeating: 0, count: buckets * learned)
    for (column, bucket) in bucketOfColumn.enumerated() {
      let idf = grams.idf(bucket)
      let start = Int(bucket) * learned
      for head in 0..<heads { weights[start + head] = idf * wide[column * heads + head] }
      for place in 0..<embeddingWidth {
        weights[start + heads + place] = idf * embedding[column * embeddingWidth + place]
      }
    }
    let table = QuantisedTable(weights: weights, columns: learned)
    var values: [Int16] = []
    values.reserveCapacity(buckets * (learned + 1))
    for bucket in 0..<buckets {
      values.append(grams.squares[bucket])
      values.append(contentsOf: table.values[(bucket * learned)..<((bucket + 1) * learned)])
    }
    return [
      Tensor(name: TensorName.gramWeight, shape: [buckets, learned + 1], int16s: values),
      Tensor(name: TensorName.gramScale, shape: [learned + 1], floats: [grams.scale] + table.scales),
    ]
  }
}
