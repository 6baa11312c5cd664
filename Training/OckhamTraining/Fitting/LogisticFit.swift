/// Fits logistic models of the tiers' heads with given penalties: to some rows, or to the training rows of every fold.
struct LogisticFit: Sendable {
  let context: TrainingContext
  private var dataset: Dataset { context.dataset }
  private var recipe: Recipe { context.recipe }
  private var observer: TrainingObserver { context.observer }

  func parameters(_ penalties: Hyperparameters, rows: Int) -> LogisticParameters {
    LogisticParameters(
      l2Sparse: penalties.gram / Double(rows), l2Dense: penalties.dense / Double(rows),
      l2Frames: recipe.frameStrength / Double(rows),
      sparseCorrelation: penalties.gramCorrelation, denseCorrelation: penalties.denseCorrelation,
      gradientTolerance: recipe.gradientTolerance, maximumIterations: recipe.maximumIterations,
      minimumLabelsPerOutcome: 1)
  }

  /// Fits all given rows, on all threads.
  func fit(
    _ transform: FeatureTransform, rows: [Int], _ penalties: Hyperparameters
  ) throws(TrainingError) -> LinearModel {
    let problem = try LogisticProblem(dataset, transform, rows: rows, pool: context.pool)
    let start = try sampleSolution(transform, rows: rows, penalties, context.pool)
    return try solve(
      problem, rows: rows, penalties, from: start, context.pool, report: { observer.report(.iteration($0)) }
    ).keeping(heads: dataset.tierNames.count)
  }

  /// Fits the tiers' heads and, where they share weights, those of the auxiliary models behind them.
  ///
  /// - Parameters:
  ///   - problem: the tiers' heads over the rows.
  ///   - rows: the rows of the dataset behind those of the problem.
  ///   - start: a model with the same heads to start from.
  func solve(
    _ problem: LogisticProblem, rows: [Int], _ penalties: Hyperparameters, from start: LinearModel? = nil,
    _ pool: WorkerPool, report: (IterationReport) -> Void = { _ in }
  ) throws(TrainingError) -> LinearModel {
    let problem = try coupled(problem, rows: rows, penalties)
    let counted = problem.weights.count { $0 > 0 }
    let solver = LogisticSolver(parameters: parameters(penalties, rows: counted), pool: pool, team: context.team)
    let start = start?.heads == problem.headNames.count ? start : nil
    let solution = try solver.solve(problem, from: start, report: report, isCancelled: observer.isCancelled)
    if solution.reason == .cancelled { throw .cancelled }
    return solution.model
  }

  /// The model of one row in eight, itself found that way, for fits of many rows to start from: it is most of the way there
  /// at an eighth of the cost. `nil` for few rows, and where the sample lacks an outcome that is rare.
  private func sampleSolution(
    _ transform: FeatureTransform, rows: [Int], _ penalties: Hyperparameters, _ pool: WorkerPool
  ) throws(TrainingError) -> LinearModel? {
    guard rows.count >= Self.rowsToSample else { return nil }
    let sample = stride(from: 0, to: rows.count, by: 8).map { rows[$0] }
    let start = try sampleSolution(transform, rows: sample, penalties, pool)
    let problem = try LogisticProblem(dataset, transform, rows: sample, pool: pool)
    do { return try solve(problem, rows: sample, penalties, from: start, pool) } catch {
      guard error.isLackOfOutcomes else { throw error }
      return nil
    }
  }

  private static let rowsToSample = 50_000

  private func coupled(
    _ problem: LogisticProblem, rows: [Int], _ penalties: Hyperparameters
  ) throws(TrainingError) -> LogisticProblem {
    guard penalties.gramCorrelation + penalties.denseCorrelation > 0, !dataset.auxiliaryNames.isEmpty else {
      return problem
    }
    let labels = dataset.auxiliaryLabels.selectingRows(rows)
    let name = "other models"
    let known = labels.values.indices.filter { problem.weights[$0] > 0 && !labels.values[$0].isNaN }
    do {
      try HeadTargets.requireOutcomes(known.map { labels.values[$0] }, head: name, rows: rows.count, minimum: 1)
    } catch { return problem }
    return try problem.adding(heads: [name], labels: labels)
  }

  /// Cross-fits models along a path of penalties that share the scales of features; each starts from the last.
  func crossFit(_ plan: FoldPlan, _ path: [Hyperparameters]) throws(TrainingError) -> [HyperparameterTrial] {
    guard let first = path.first else { return [] }
    let parts = try context.map(plan) { (_, fold, pool) throws(TrainingError) in
      try heldOutLogits(fold, path, scaling: first.scaling, pool)
    }
    let measure = context.measure(plan.folds.flatMap(\.heldOut))
    return path.indices.map { index in
      let logits = HeldOutLogits(plan, parts.map { $0[index] })
      let losses = measure.logLoss(logits)
      return HyperparameterTrial(
        penalties: path[index], logLoss: losses.reduce(0, +) / Double(losses.count), logits: logits)
    }
  }

  /// The logits of a fold's held-out rows for each point of the path.
  private func heldOutLogits(
    _ fold: FoldPlan.Fold, _ path: [Hyperparameters], scaling: FeatureScaling,
    _ pool: WorkerPool
  ) throws(TrainingError) -> [DenseMatrix] {
    let problem = try FoldProblem(
      dataset, training: fold.training, heldOut: fold.heldOut, scaling: scaling, pool: pool)
    var start = try path.first.flatMap { (penalties) throws(TrainingError) in
      try sampleSolution(problem.transform, rows: fold.training, penalties, pool)
    }
    var results: [DenseMatrix] = []
    for penalties in path {
      let model = try solve(problem.training, rows: fold.training, penalties, from: start, pool)
      results.append(
        try model.keeping(heads: dataset.tierNames.count)
          .logits(sparse: problem.heldOutSparse, dense: problem.heldOutDense, pool: pool))
      start = model
      observer.report(.step)
    }
    return results
  }
}
