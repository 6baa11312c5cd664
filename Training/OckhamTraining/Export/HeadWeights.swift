package import Ockham

/// The weights of the tiers' heads in one architecture, over the columns of a transform.
package protocol HeadWeights: Sendable {
  /// What the model file holds of them.
  func tensors(_ transform: FeatureTransform) -> [Tensor]

  /// The logits of rows, `[n × heads]`.
  ///
  /// - Throws: ``TrainingError/shape(subject:expected:found:)`` when the features do not fit.
  func logits(sparse: any SparseFeatures, dense: DenseRows, pool: WorkerPool) throws(TrainingError) -> DenseMatrix

  /// The same heads with a fixed logit for every tier that has one, between those that were learned.
  ///
  /// - Parameter logits: by tier; `nil` for a learned one, as many as there are heads.
  func joined(byConstant logits: [Float?]) -> any HeadWeights
}

/// The learned values of one row with a value for each constant tier between them.
private func merged(_ learned: ArraySlice<Float>, _ constants: [Float?], _ value: (Float) -> Float = { _ in 0 })
  -> [Float]
{
  var rest = learned
  return constants.map { $0.map(value) ?? rest.removeFirst() }
}

/// ``merged(_:_:_:)`` of rows `[n × heads]`, with 0 for the constant tiers.
private func mergedRows(_ values: [Float], heads: Int, _ constants: [Float?]) -> [Float] {
  stride(from: 0, to: values.count, by: heads).flatMap { merged(values[$0..<$0 + heads], constants) }
}

extension LinearModel: HeadWeights {
  package func tensors(_ transform: FeatureTransform) -> [Tensor] {
    transform.gramTensors(heads: heads, wide: sparse, embedding: [], embeddingWidth: 0) + [
      Tensor(name: TensorName.denseWeight, shape: [dense.count / heads, heads], floats: dense),
      Tensor(name: TensorName.bias, shape: [heads], floats: bias),
    ]
  }

  package func joined(byConstant logits: [Float?]) -> any HeadWeights {
    var result = self
    result.heads = logits.count
    result.sparse = mergedRows(sparse, heads: heads, logits)
    result.dense = mergedRows(dense, heads: heads, logits)
    result.bias = merged(bias[...], logits) { $0 }
    return result
  }

  /// A model without a learned head.
  init(constant logits: [Float], _ transform: FeatureTransform) {
    heads = logits.count
    sparse = [Float](repeating: 0, count: transform.bucketOfColumn.count * logits.count)
    dense = [Float](repeating: 0, count: transform.means.count * logits.count)
    bias = logits
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

  package func joined(byConstant logits: [Float?]) -> any HeadWeights {
    var all = shape
    all.heads = logits.count
    var weights = MLPWeights(zerosFor: all)
    for column in 0..<shape.sparseColumns {
      let (from, to) = (column * shape.tableStride, column * all.tableStride)
      let wide = from + shape.embeddingWidth..<from + shape.embeddingWidth + shape.wideWidth
      let row =
        self.weights.table[from..<from + shape.embeddingWidth]
        + (shape.hasWideSparse ? merged(self.weights.table[wide], logits) : [])
      weights.table.replaceSubrange(to..<to + row.count, with: row)
    }
    let heads = shape.heads
    weights.dense =
      hidden + hiddenBias + mergedRows(output, heads: heads, logits) + merged(outputBias[...], logits) { $0 }
      + mergedRows(wideDense, heads: heads, logits)
    return MLPModel(shape: all, weights: weights)
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
