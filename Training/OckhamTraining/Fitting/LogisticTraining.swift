/// Trains the logistic kind: chooses penalties by cross-validation, cross-fits, and fits all rows.
struct LogisticTraining: Sendable {
  let dataset: Dataset
  let recipe: Recipe
  let pool: WorkerPool
  let observer: TrainingObserver

  func parameters(_ penalties: Penalties, rows: Int) -> LogisticParameters {
    LogisticParameters(
      l2Sparse: penalties.gram / Double(rows), l2Dense: penalties.dense / Double(rows),
      sparseCorrelation: penalties.gramCorrelation, denseCorrelation: penalties.denseCorrelation,
      gradientTolerance: recipe.gradientTolerance, maximumIterations: recipe.maximumIterations,
      minimumLabelsPerOutcome: 1)
  }

  /// Tries penalties and returns every trial; the chosen one comes first.
  ///
  /// From the usual ones, one axis at a time, by held-out loss: the strength on n-grams, that on dense features, all pairs of
  /// correlations, n-grams once more, since heads that share weights bear another strength, and the other scales of the
  /// features. On each axis the models go from the strongest penalty to the weakest, each starting from the last.
  func search(_ plan: FoldPlan) throws(TrainingError) -> [PenaltyTrial] {
    let usual = recipe.usualPenalties
    let first = recipe.gramPenalties.sorted(by: >).map { gram in
      var point = usual
      point.gram = gram
      return point
    }
    observer.report(.stage("penalties", steps: plan.folds.count * searchSteps))
    var trials = PenaltyTrials(try run(plan, first))
    trials.add(try run(plan, trials.untried(recipe.densePenalties.sorted(by: >)) { $0.dense = $1 }))
    trials.add(try run(plan, trials.untried(correlations) { ($0.gramCorrelation, $0.denseCorrelation) = ($1.x, $1.y) }))
    trials.add(try run(plan, trials.untried(neighbours(of: trials.best.gram)) { $0.gram = $1 }))
    for limit in recipe.denseLimits.dropFirst() {
      trials.add(try run(plan, trials.untried([limit]) { $0.scaling.denseLimit = $1 }))
    }
    for exponent in recipe.idfExponents.dropFirst() {
      trials.add(try run(plan, trials.untried([exponent]) { $0.scaling.idfExponent = $1 }))
    }
    return trials.chosenFirst(dataset, usual: usual)
  }

  /// How many trials a search makes, or a few less.
  private var searchSteps: Int {
    recipe.gramPenalties.count + recipe.densePenalties.count + correlations.count + recipe.denseLimits.count
      + recipe.idfExponents.count
  }

  /// All pairs of correlations on n-grams and dense features.
  private var correlations: [SIMD2<Double>] {
    let values = recipe.headCorrelations.sorted(by: >)
    return values.flatMap { gram in values.map { SIMD2(gram, $0) } }
  }

  /// The candidates next to one of them, the stronger first.
  private func neighbours(of gram: Double) -> [Double] {
    let candidates = recipe.gramPenalties.sorted()
    return [candidates.first { $0 > gram }, candidates.last { $0 < gram }].compactMap(\.self)
  }

  /// Cross-fits models with the given penalties.
  func crossFit(_ plan: FoldPlan, _ penalties: Penalties) throws(TrainingError) -> HeldOutLogits {
    observer.report(.stage("cross-fit", steps: plan.folds.count))
    return try run(plan, [penalties])[0].logits
  }

  /// Fits all given rows.
  func fit(
    _ transform: FeatureTransform, rows: [Int], _ penalties: Penalties
  ) throws(TrainingError) -> LinearModel {
    observer.report(.stage("final fit", steps: recipe.maximumIterations))
    let problem = try LogisticProblem(dataset, transform, rows: rows, pool: pool)
    let start = try sampleSolution(transform, rows: rows, penalties, pool)
    return try solve(
      problem, rows: rows, penalties, from: start, pool, report: { observer.report(.iteration($0)) }
    ).keeping(heads: dataset.tierNames.count)
  }

  /// Fits the tiers' heads and, where they share weights, those of the auxiliary models behind them.
  ///
  /// - Parameters:
  ///   - problem: the tiers' heads over the rows.
  ///   - rows: the rows of the dataset behind those of the problem.
  ///   - start: a model with the same heads to start from.
  func solve(
    _ problem: LogisticProblem, rows: [Int], _ penalties: Penalties, from start: LinearModel? = nil,
    _ pool: WorkerPool, report: (IterationReport) -> Void = { _ in }
  ) throws(TrainingError) -> LinearModel {
    let problem = try coupled(problem, rows: rows, penalties)
    let counted = problem.weights.count { $0 > 0 }
    let solver = LogisticSolver(parameters: parameters(penalties, rows: counted), pool: pool)
    let start = start?.heads == problem.headNames.count ? start : nil
    let solution = try solver.solve(problem, from: start, report: report, isCancelled: observer.isCancelled)
    if solution.reason == .cancelled { throw .cancelled }
    return solution.model
  }

  /// The model of one row in eight, itself found that way, for fits of many rows to start from: it is most of the way there
  /// at an eighth of the cost. `nil` for few rows.
  private func sampleSolution(
    _ transform: FeatureTransform, rows: [Int], _ penalties: Penalties, _ pool: WorkerPool
  ) throws(TrainingError) -> LinearModel? {
    guard rows.count >= Self.rowsToSample else { return nil }
    let sample = stride(from: 0, to: rows.count, by: 8).map { rows[$0] }
    let start = try sampleSolution(transform, rows: sample, penalties, pool)
    let problem = try LogisticProblem(dataset, transform, rows: sample, pool: pool)
    return try solve(problem, rows: sample, penalties, from: start, pool)
  }

  private static let rowsToSample = 50_000

  private func coupled(
    _ problem: LogisticProblem, rows: [Int], _ penalties: Penalties
  ) throws(TrainingError) -> LogisticProblem {
    guard penalties.gramCorrelation + penalties.denseCorrelation > 0, !dataset.auxiliaryNames.isEmpty else {
      return problem
    }
    return try problem.adding(
      heads: ["other models"], labels: dataset.auxiliaryLabels.selectingRows(rows))
  }

  private func run(_ plan: FoldPlan, _ path: [Penalties]) throws(TrainingError) -> [PenaltyTrial] {
    guard let first = path.first else { return [] }
    let parts = try plan.map(entries: dataset.grams.entryCount, pool: pool) {
      (_, fold, pool) throws(TrainingError) in
      try heldOutLogits(fold, path, scaling: first.scaling, pool)
    }
    return path.indices.map { index in
      let logits = HeldOutLogits(plan, parts.map { $0[index] })
      let losses = logits.logLoss(dataset)
      return PenaltyTrial(
        penalties: path[index], logLoss: losses.reduce(0, +) / Double(losses.count), logits: logits)
    }
  }

  /// The logits of a fold's held-out rows for each point of the path.
  private func heldOutLogits(
    _ fold: FoldPlan.Fold, _ path: [Penalties], scaling: FeatureScaling,
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
