/// The features and labels of one fold, with a transform that has seen only its training rows.
struct FoldProblem: Sendable {
  let transform: FeatureTransform
  let training: LogisticProblem
  let heldOutSparse: CSRMatrix
  let heldOutDense: DenseMatrix

  init(_ dataset: Dataset, training rows: [Int], heldOut: [Int], limit: Float, pool: WorkerPool) throws(TrainingError) {
    transform = FeatureTransform(fitting: dataset, rows: rows, limit: limit)
    training = try LogisticProblem(
      sparse: transform.sparse(dataset, rows: rows), dense: transform.dense(dataset, rows: rows),
      labels: dataset.labels.selectingRows(rows), weights: rows.map { dataset.weights[$0] },
      headNames: dataset.tierNames, pool: pool)
    heldOutSparse = transform.sparse(dataset, rows: heldOut)
    heldOutDense = transform.dense(dataset, rows: heldOut)
  }
}
