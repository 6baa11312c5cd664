import Statistics
package import Ockham

/// The whole of training: from a dataset to the contents of a model file, with honest scores of every row.
///
///     dataset ─► folds ─► penalties, cross-fitted logits ─► calibration ─► fit of all rows ─► weights
package struct RouterTraining: Sendable {
  /// What heads are fitted to.
  private let dataset: Dataset
  /// What heads are calibrated and judged by: no label that was not measured.
  private let measured: Dataset
  private let recipe: Recipe
  private let pool: WorkerPool
  private let observer: TrainingObserver
  private let checkpoints: Checkpoints?

  /// Rows with a known quality for at least one tier.
  private let rows: [Int]

  /// Checks that the data can be learned from.
  ///
  /// - Throws: ``TrainingError`` when a tier has no labels or only one outcome, or when there are fewer requests than
  ///   folds.
  package init(
    dataset: Dataset, recipe: Recipe, pool: WorkerPool, observer: TrainingObserver = TrainingObserver(),
    checkpoints: Checkpoints? = nil
  ) throws(TrainingError) {
    measured = dataset.smoothingConstantTop()
    self.dataset = recipe.interpolatesTiers ? measured.interpolatingTiers() : measured
    self.recipe = recipe
    self.pool = pool
    self.observer = observer
    self.checkpoints = checkpoints
    rows = (0..<dataset.rows).filter { row in
      dataset.tierNames.indices.contains { !dataset.labels[row, $0].isNaN }
    }
    try Self.check(self.dataset)
  }

  /// Every tier but a constant strongest one needs both outcomes.
  private static func check(_ dataset: Dataset) throws(TrainingError) {
    for (tier, name) in dataset.tierNames.enumerated() {
      let labels = (0..<dataset.rows).filter { dataset.weights[$0] > 0 }.map { dataset.labels[$0, tier] }
      let known = labels.filter { !$0.isNaN }
      if tier == dataset.tierNames.count - 1, let first = known.first, first < 1, known.allSatisfy({ $0 == first }) {
        continue
      }
      try HeadTargets.requireOutcomes(known, head: name, rows: dataset.rows, minimum: Dataset.minimumPerOutcome)
    }
  }

  /// Trains.
  ///
  /// - Throws: ``TrainingError``, `cancelled` among them.
  package func run() throws(TrainingError) -> TrainedRouter {
    let plan = try FoldPlan(dataset, rows: rows, folds: recipe.folds, seed: recipe.seed)
    let candidates = try crossFit(plan)
    let chosen = choose(candidates)
    observer.report(.stage("calibration", steps: 0))
    let calibration = try CrossCalibration(
      measured, plan, chosen.heldOut, folds: recipe.folds, seed: recipe.seed, mayBeJoint: recipe.jointCalibration)
    let transform = FeatureTransform(fitting: dataset, rows: rows, scaling: chosen.penalties.scaling)
    let costs = try recipe.costHeads ? costTraining.fit(plan, transform) : nil
    let scores = OutOfFoldScores(
      tierNames: dataset.tierNames, contentHashes: chosen.heldOut.rows.map { dataset.contentHashes[$0] },
      logits: chosen.heldOut.logits.values, probabilities: calibration.probabilities,
      expectedCostUSD: costs?.expectedUSD ?? [])
    let heads = try fit(chosen, transform)
    let task = recipe.taskLabels ? try taskTraining.fit(transform) : nil
    let weights = RouterWeights(
      tierNames: dataset.tierNames, options: dataset.options, transform: transform, heads: heads,
      calibrations: calibration.calibrations.tiers, jointCalibration: calibration.calibrations.joint,
      taskModel: task?.model,
      tierCosts: dataset.meanTierCosts,
      costs: costs?.weights,
      metadata: [
        "training_data": dataset.contentName, "training_rows": "\(rows.count)",
        "out_of_fold": scores.fingerprint,
      ])
    return TrainedRouter(
      weights: weights, outOfFold: scores, candidates: candidates, chosen: chosen, taskAccuracy: task?.accuracy,
      costFits: costs?.fits ?? [])
  }

  // MARK: Architectures

  private func crossFit(_ plan: FoldPlan) throws(TrainingError) -> [Candidate] {
    let logistic = try crossFitLogistic(plan)
    if recipe.architecture == .logistic { return [logistic] }
    let logits = try networkTraining(logistic).crossFit(plan)
    let network = Candidate(kind: .mlp, logits: logits, dataset: dataset, penalties: logistic.penalties)
    return recipe.architecture == .mlp ? [network] : [logistic, network]
  }

  /// The first candidate, unless a later, more complex one has a lower held-out loss by more than one standard error.
  private func choose(_ candidates: [Candidate]) -> Candidate {
    candidates.dropFirst().reduce(candidates[0]) { best, candidate in
      let (mean, error) = candidate.heldOut.advantage(over: best.heldOut, dataset)
      return mean > error ? candidate : best
    }
  }

  private func crossFitLogistic(_ plan: FoldPlan) throws(TrainingError) -> Candidate {
    let (trials, isSample) = try search(plan)
    let best = trials[0].penalties
    let logits = isSample ? try logisticTraining.crossFit(plan, best) : trials[0].logits
    var candidate = Candidate(kind: .logistic, logits: logits, dataset: dataset, penalties: best)
    candidate.trials = trials
    return candidate
  }

  /// The trials of penalties, on a sample of the rows where they are many.
  private func search(_ plan: FoldPlan) throws(TrainingError) -> (trials: [PenaltyTrial], isSample: Bool) {
    guard rows.count > recipe.searchRows else { return (try logisticTraining.search(plan), false) }
    var generator = SplitMix64(seed: recipe.seed, 7)
    let chosen = generator.permutation(of: rows.count).prefix(recipe.searchRows).map { rows[$0] }.sorted()
    let sample = dataset.selecting(chosen)
    let training = LogisticTraining(dataset: sample, recipe: recipe, pool: pool, observer: observer)
    let samplePlan = try FoldPlan(sample, rows: Array(0..<sample.rows), folds: recipe.folds, seed: recipe.seed)
    return (try training.search(samplePlan), true)
  }

  private func fit(_ chosen: Candidate, _ transform: FeatureTransform) throws(TrainingError) -> RouterWeights.Heads {
    if chosen.kind == .mlp { return .mlp(try networkTraining(chosen).fit(transform, rows: rows)) }
    return .logistic(try logisticTraining.fit(transform, rows: rows, chosen.penalties))
  }

  private var logisticTraining: LogisticTraining {
    LogisticTraining(dataset: dataset, recipe: recipe, pool: pool, observer: observer)
  }

  private func networkTraining(_ candidate: Candidate) -> NetworkTraining {
    NetworkTraining(
      dataset: dataset, recipe: recipe, pool: pool, observer: observer, checkpoints: checkpoints,
      logistic: logisticTraining, penalties: candidate.penalties)
  }

  private var costTraining: CostTraining { CostTraining(dataset: dataset, pool: pool, observer: observer) }

  private var taskTraining: TaskTraining {
    TaskTraining(dataset: dataset, recipe: recipe, pool: pool, observer: observer)
  }
}

/// An architecture that was cross-fitted.
package struct Candidate: Sendable {
  package let kind: Model.Kind
  /// Held-out log-loss per tier, before calibration.
  package let logLoss: [Double]
  package let heldOut: HeldOutLogits
  /// Of the logistic model itself, or of the one that a network starts from.
  let penalties: Penalties
  var trials: [PenaltyTrial] = []

  init(kind: Model.Kind, logits: HeldOutLogits, dataset: Dataset, penalties: Penalties) {
    self.penalties = penalties
    self.kind = kind
    heldOut = logits
    logLoss = logits.logLoss(dataset)
  }

  /// The chosen L2 strengths times the number of rows, for reports.
  package var chosenPenalties: Penalties { penalties }

  /// Every set of penalties that was tried with its held-out log-loss, the lowest first.
  package var triedPenalties: [PenaltyTrial] { trials }
}

/// What training gives.
package struct TrainedRouter: Sendable {
  package var weights: RouterWeights
  package var outOfFold: OutOfFoldScores
  /// The dataset rows behind the scores, in their order.
  package var rows: [Int] { chosen.heldOut.rows }
  /// The architectures that were compared.
  package var candidates: [Candidate]
  package var chosen: Candidate
  /// The held-out accuracy of the task head, where there is one.
  package var taskAccuracy: Double?
  /// How well each tier's costs are foretold; empty without a head for them.
  package var costFits: [CostFit] = []
}
