import Ockham

/// Trains the MLP kind: cross-fits networks and fits all rows, saving checkpoints on the way.
///
/// A network starts from the logistic model of its training rows and learns what that one misses; where that is nothing,
/// early stopping keeps the start.
struct NetworkTraining: ArchitectureTraining {
  let context: TrainingContext
  private var dataset: Dataset { context.dataset }
  private var recipe: Recipe { context.recipe }
  private var observer: TrainingObserver { context.observer }
  /// Of the logistic models that networks start from.
  let penalties: Hyperparameters
  let checkpoints: Checkpoints?

  var kind: Model.Kind { .mlp }

  /// One in this many rows decides when to stop.
  private static let stoppingFolds = 10

  /// Cross-fits networks; every fold keeps a slice of its training rows aside for early stopping.
  func crossFit(_ plan: FoldPlan) throws(TrainingError) -> HeldOutLogits {
    observer.report(.stage("networks", steps: plan.folds.count * recipe.network.epochs))
    let parts = try plan.mapShared(
      entries: dataset.grams.entryCount, columns: dataset.tierNames.count, pool: context.pool, team: context.team
    ) { (index, fold, pool) throws(TrainingError) in
      let problem = try FoldProblem(
        dataset, training: fold.training, heldOut: fold.heldOut, scaling: penalties.scaling, pool: pool)
      let model = try solve(problem.training, rows: fold.training, job: "fold-\(index)", pool)
      return try model.logits(sparse: problem.heldOutSparse, dense: problem.heldOutDense, pool: pool)
    }
    return HeldOutLogits(plan, parts)
  }

  /// Fits all given rows.
  func fit(_ transform: FeatureTransform, rows: [Int]) throws(TrainingError) -> any HeadWeights {
    observer.report(.stage("final network", steps: recipe.network.epochs))
    let problem = try LogisticProblem(dataset, transform, rows: rows, pool: context.pool)
    return try solve(problem, rows: rows, job: "final", context.pool)
  }

  private func solve(
    _ problem: LogisticProblem, rows: [Int], job: String, _ pool: WorkerPool
  ) throws(TrainingError) -> MLPModel {
    let slices = try KFold(folds: Self.stoppingFolds, seed: recipe.seed &+ 1)
      .assign(groups: dataset.foldGroups(rows, folds: Self.stoppingFolds))
    let stopping = stoppingRows(slices, problem)
    let shape = architecture(problem)
    let saved = try checkpoints?.load(job, shape)
    let start = saved == nil ? try linearStart(problem, rows: rows, without: stopping, pool) : nil
    let solution = try MLPSolver(shape: shape, parameters: parameters, pool: pool).solve(
      problem, heldOut: stopping, from: start, resuming: saved,
      report: { report, state in
        observer.report(.epoch(job: job, report))
        checkpoints?.save(job, state)
      }, isCancelled: observer.isCancelled)
    if solution.reason == .cancelled {
      checkpoints?.save(job, solution.state)
      throw .cancelled
    }
    return solution.model
  }

  /// The first slice without which the others still show both outcomes of every head; the first where none does.
  private func stoppingRows(_ slices: [Int], _ problem: LogisticProblem) -> [Int] {
    let all = (0..<Self.stoppingFolds).lazy.map { slice in slices.indices.filter { slices[$0] == slice } }
    return all.first { rows in
      var weights = problem.weights
      for row in rows { weights[row] = 0 }
      return HeadTargets.haveOutcomes(labels: problem.labels, weights: weights)
    } ?? all[0]
  }

  /// The logistic model of the rows that the network trains on. Processes take turns with whole networks: none shares its rows.
  private func linearStart(
    _ problem: LogisticProblem, rows: [Int], without stopping: [Int], _ pool: WorkerPool
  ) throws(TrainingError) -> LinearModel {
    var weights = problem.weights
    for row in stopping { weights[row] = 0 }
    return try LogisticFit(context: context.alone).solve(try problem.reweighted(weights), rows: rows, penalties, pool)
      .keeping(heads: dataset.tierNames.count)
  }

  private func architecture(_ problem: LogisticProblem) -> MLPArchitecture {
    MLPArchitecture(
      sparseColumns: problem.sparse.columns, denseColumns: problem.dense.columns, heads: dataset.tierNames.count,
      embeddingWidth: recipe.network.embeddingWidth, hiddenWidth: recipe.network.hiddenWidth)
  }

  private var parameters: MLPParameters {
    var parameters = MLPParameters()
    parameters.maximumEpochs = recipe.network.epochs
    parameters.patience = recipe.network.patience
    parameters.batchRows = recipe.network.batchRows
    parameters.learningRate = recipe.network.learningRate
    parameters.embeddingDecay = recipe.network.embeddingDecay
    parameters.denseDecay = recipe.network.denseDecay
    parameters.wideDecay = recipe.network.wideDecay
    parameters.bagDropout = recipe.network.bagDropout
    parameters.seed = recipe.seed
    parameters.minimumLabelsPerOutcome = 1
    return parameters
  }
}
