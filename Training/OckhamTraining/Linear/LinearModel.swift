/// The weights of a linear model: logits Z = X · W_sparse + D · W_dense + bias.
package struct LinearModel: Sendable, Equatable {
  /// The number of outputs T: heads of a logistic model, classes of a softmax model.
  package var heads: Int

  /// The weights of the sparse columns, `[B × T]`.
  package var sparse: [Float]

  /// The weights of the dense columns, `[d × T]`.
  package var dense: [Float]

  /// `[T]`.
  package var bias: [Float]

  /// Creates a model from its weights.
  ///
  /// - Throws: ``TrainingError/shape(subject:expected:found:)`` unless all are whole rows of `bias.count`, at least 1.
  package init(sparse: [Float], dense: [Float], bias: [Float]) throws(TrainingError) {
    guard !bias.isEmpty else { throw .shape(subject: "model, heads", expected: 1, found: 0) }
    try requireEqual("model, sparse weights past the last whole row", sparse.count % bias.count, expected: 0)
    try requireEqual("model, dense weights past the last whole row", dense.count % bias.count, expected: 0)
    heads = bias.count
    self.sparse = sparse
    self.dense = dense
    self.bias = bias
  }

  init(_ parameters: [Double], layout: LinearLayout) {
    heads = layout.heads
    sparse = layout.unpadded(parameters[layout.sparse])
    dense = layout.unpadded(parameters[layout.dense])
    bias = layout.unpadded(parameters[layout.bias])
  }

  /// The model of the first heads only.
  package func keeping(heads count: Int) -> LinearModel {
    func kept(_ values: [Float]) -> [Float] {
      stride(from: 0, to: values.count, by: heads).flatMap { values[$0..<$0 + count] }
    }
    var result = self
    result.heads = count
    result.sparse = kept(sparse)
    result.dense = kept(dense)
    result.bias = kept(bias)
    return result
  }

  var layout: LinearLayout {
    LinearLayout(sparseColumns: sparse.count / heads, denseColumns: dense.count / heads, heads: heads)
  }

  /// The flat vector of ``LinearLayout``.
  var parameters: [Double] { layout.padded(sparse) + layout.padded(dense) + layout.padded(bias) }

  /// The logits of rows, `[n × T]`.
  ///
  /// - Parameters:
  ///   - sparse: X, `[n × B]`.
  ///   - dense: D, `[n × d]`.
  /// - Throws: ``TrainingError/shape(subject:expected:found:)`` when the matrices do not fit the model.
  package func logits(
    sparse: any SparseFeatures, dense: DenseRows, pool: WorkerPool
  ) throws(TrainingError) -> DenseMatrix {
    let design = try LinearDesign(sparse: sparse, dense: dense)
    let layout = layout
    try requireEqual("sparse features, columns", sparse.columns, expected: layout.sparseColumns)
    try requireEqual("dense features, columns", dense.columns, expected: layout.denseColumns)
    let padded = design.logits(parameters, layout: layout, pool: pool)
    return try DenseMatrix(rows: design.rows, columns: heads, values: layout.unpadded(padded[...]))
  }
}

/// The weights that a ``LogisticSolver`` finds: one column per head.
package typealias LogisticModel = LinearModel

/// The weights that a ``SoftmaxSolver`` finds: one column per class.
package typealias SoftmaxModel = LinearModel
