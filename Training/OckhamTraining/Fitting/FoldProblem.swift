/// The features and labels of one fold, with a transform that has seen only its training rows.
struct FoldProblem: Sendable {
  let transform: FeatureTransform
  let training: LogisticProblem
  let heldOutSparse: any SparseFeatures
  let heldOutDense: DenseRows

  init(
    _ dataset: Dataset, training rows: [Int], heldOut: [Int], scaling: FeatureScaling, pool: WorkerPool
  ) throws(TrainingError) {
    transform = FeatureTransform(fitting: dataset, rows: rows, scaling: scaling)
    training = try LogisticProblem(dataset, transform, rows: rows, pool: pool)
    heldOutSparse = transform.sparse(dataset, rows: heldOut, pool: pool)
    heldOutDense = transform.dense(dataset, rows: heldOut)
  }
}

extension LogisticProblem {
  /// The tiers' heads over some rows of a dataset.
  init(
    _ dataset: Dataset, _ transform: FeatureTransform, rows: [Int], pool: WorkerPool
  ) throws(TrainingError) {
    try self.init(
      sparse: transform.sparse(dataset, rows: rows, pool: pool), dense: transform.dense(dataset, rows: rows),
      labels: dataset.labels.selectingRows(rows), weights: rows.map { dataset.weights[$0] },
      factors: dataset.labelFactors?.selectingRows(rows), headNames: dataset.tierNames)
    frames = FrameForm(dataset, transform, rows: rows)
  }
}
