import Ockham

/// Trains the task head: a softmax over the kinds of task.
struct TaskTraining: Sendable {
  let context: TrainingContext
  private var dataset: Dataset { context.dataset }
  private var recipe: Recipe { context.recipe }
  private var observer: TrainingObserver { context.observer }

  /// The most rows of the head's table; the low bits of a bucket choose the row.
  static let maximumBucketCount = 4_096

  private var bucketCount: Int { min(Self.maximumBucketCount, dataset.options.bucketCount) }
  private static let penalty = 1.0

  /// What the head weighs: n-grams folded to ``maximumBucketCount`` columns, and dense features.
  struct Head: Sendable {
    let model: SoftmaxModel
    /// The share of held-out rows whose kind is recognised.
    let accuracy: Double
  }

  /// Fits the head to all rows with a task label; `nil` when fewer than two kinds have labels.
  func fit(_ transform: FeatureTransform) throws(TrainingError) -> Head? {
    let rows = dataset.tasks.indices.filter { dataset.tasks[$0] != nil }
    guard Set(rows.map { dataset.tasks[$0] }).count >= 2, rows.count >= recipe.folds else { return nil }
    observer.report(.stage("task head", steps: recipe.folds + 1))
    let plan = try FoldPlan(dataset, rows: rows, folds: recipe.folds, seed: recipe.seed)
    let correct = try context.map(plan) {
      (_, fold, pool) throws(TrainingError) in
      defer { observer.report(.step) }
      return try countCorrect(fold, scaling: transform.scaling, pool)
    }
    let model = try solve(transform, rows, context.pool)
    return Head(model: model, accuracy: Double(correct.reduce(0, +)) / Double(rows.count))
  }

  private func solve(
    _ transform: FeatureTransform, _ rows: [Int], _ pool: WorkerPool
  ) throws(TrainingError) -> SoftmaxModel {
    let problem = try SoftmaxProblem(
      sparse: foldedGrams(rows, pool), dense: transform.dense(dataset, rows: rows),
      classes: rows.map { row in dataset.tasks[row].map { Int($0.rawValue) } },
      classCount: TaskKind.allCases.count, weights: rows.map { dataset.weights[$0] }, headName: "task")
    let parameters = LogisticParameters(
      l2Sparse: Self.penalty / Double(rows.count), l2Dense: 30 * Self.penalty / Double(rows.count),
      gradientTolerance: recipe.gradientTolerance, maximumIterations: recipe.maximumIterations,
      minimumLabelsPerOutcome: 1)
    let solution = try SoftmaxSolver(parameters: parameters, pool: pool, team: context.team)
      .solve(problem, isCancelled: observer.isCancelled)
    if solution.reason == .cancelled { throw .cancelled }
    return solution.model
  }

  /// How many of a fold's held-out rows are recognised by a head that has not seen them. Where a rare kind is held out
  /// whole, the training rows may be of one kind only: that kind is then the prediction.
  private func countCorrect(_ fold: FoldPlan.Fold, scaling: FeatureScaling, _ pool: WorkerPool) throws(TrainingError)
    -> Int
  {
    let known = Set(fold.training.map { dataset.tasks[$0] })
    guard known.count > 1 else { return fold.heldOut.count { known.contains(dataset.tasks[$0]) } }
    let transform = FeatureTransform(fitting: dataset, rows: fold.training, scaling: scaling)
    let model = try solve(transform, fold.training, pool)
    let logits = try model.logits(
      sparse: foldedGrams(fold.heldOut, pool), dense: transform.dense(dataset, rows: fold.heldOut), pool: pool)
    return fold.heldOut.indices.count { place in
      let best = (0..<logits.columns).max { logits[place, $0] < logits[place, $1] }
      return best == dataset.tasks[fold.heldOut[place]].map { Int($0.rawValue) }
    }
  }

  /// All buckets of each row, folded, each with value 1/√count.
  private func foldedGrams(_ rows: [Int], _ pool: WorkerPool) -> NGramMatrix {
    NGramMatrix(dataset.grams, rows: rows, foldedTo: bucketCount, pool: pool)
  }
}
