/// Trains the logistic kind: chooses penalties by cross-validation, cross-fits, and fits all rows.
struct LogisticTraining: Sendable {
  let dataset: Dataset
  let recipe: Recipe
  let pool: WorkerPool
  let observer: TrainingObserver

  /// L2 strengths before the division by the number of rows.
  struct Penalties: Sendable, Equatable {
    var gram: Double
    var dense: Double
  }

  /// One pair of penalties that was tried and its held-out log-loss, averaged over the heads.
  struct Trial: Sendable {
    var penalties: Penalties
    var logLoss: Double
    var logits: HeldOutLogits
  }

  func parameters(_ penalties: Penalties, rows: Int) -> LogisticParameters {
    LogisticParameters(
      l2Sparse: penalties.gram / Double(rows), l2Dense: penalties.dense / Double(rows),
      gradientTolerance: recipe.gradientTolerance, maximumIterations: recipe.maximumIterations,
      minimumLabelsPerOutcome: 1)
  }

  /// Tries the penalties one axis at a time and returns every trial; the best one comes first.
  ///
  /// On each axis the models go from the strongest penalty to the weakest, each starting from the last.
  func search(_ plan: FoldPlan) throws(TrainingError) -> [Trial] {
    let middle = recipe.densePenalties.sorted()[recipe.densePenalties.count / 2]
    let axes = recipe.gramPenalties.count + recipe.densePenalties.count
    observer.report(.stage("penalties", steps: plan.folds.count * axes))
    let grams = recipe.gramPenalties.sorted(by: >).map { Penalties(gram: $0, dense: middle) }
    var trials = try run(plan, grams)
    trials.sort { $0.logLoss < $1.logLoss }
    let best = trials[0].penalties.gram
    let dense = recipe.densePenalties.sorted(by: >).map { Penalties(gram: best, dense: $0) }
    trials += try run(plan, dense)
    return trials.sorted { $0.logLoss < $1.logLoss }
  }

  /// Cross-fits models with the given penalties.
  func crossFit(_ plan: FoldPlan, _ penalties: Penalties) throws(TrainingError) -> HeldOutLogits {
    observer.report(.stage("cross-fit", steps: plan.folds.count))
    return try run(plan, [penalties])[0].logits
  }

  /// Fits all given rows.
  func fit(
    _ transform: FeatureTransform, rows: [Int], _ penalties: Penalties
  ) throws(TrainingError) -> LinearSolution {
    observer.report(.stage("final fit", steps: recipe.maximumIterations))
    let problem = try LogisticProblem(
      sparse: transform.sparse(dataset, rows: rows), dense: transform.dense(dataset, rows: rows),
      labels: dataset.labels.selectingRows(rows), weights: rows.map { dataset.weights[$0] },
      headNames: dataset.tierNames, pool: pool)
    let solver = LogisticSolver(parameters: parameters(penalties, rows: rows.count), pool: pool)
    let solution = try solver.solve(
      problem, report: { observer.report(.iteration($0)) }, isCancelled: observer.isCancelled)
    if solution.reason == .cancelled { throw .cancelled }
    return solution
  }

  private func run(_ plan: FoldPlan, _ path: [Penalties]) throws(TrainingError) -> [Trial] {
    let parts = try plan.map(entries: dataset.grams.entryCount, pool: pool) {
      (_, fold, pool) throws(TrainingError) in
      try heldOutLogits(fold, path, pool)
    }
    return path.indices.map { index in
      let logits = HeldOutLogits(plan, parts.map { $0[index] })
      let losses = logits.logLoss(dataset)
      return Trial(
        penalties: path[index], logLoss: losses.reduce(0, +) / Double(losses.count), logits: logits)
    }
  }

  /// The logits of a fold's held-out rows for each point of the path.
  private func heldOutLogits(
    _ fold: FoldPlan.Fold, _ path: [Penalties], _ pool: WorkerPool
  ) throws(TrainingError) -> [DenseMatrix] {
    let problem = try FoldProblem(dataset, training: fold.training, heldOut: fold.heldOut, pool: pool)
    var start: LinearModel?
    var results: [DenseMatrix] = []
    for penalties in path {
      let solver = LogisticSolver(parameters: parameters(penalties, rows: fold.training.count), pool: pool)
      let solution = try solver.solve(problem.training, from: start, isCancelled: observer.isCancelled)
      if solution.reason == .cancelled { throw .cancelled }
      results.append(
        try solution.model.logits(sparse: problem.heldOutSparse, dense: problem.heldOutDense, pool: pool))
      start = solution.model
      observer.report(.step)
    }
    return results
  }
}
