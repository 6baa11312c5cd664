package import Ockham

/// The whole of training: from a dataset to the contents of a model file, with honest scores of every row.
///
///     dataset ─► folds ─► penalties, cross-fitted logits ─► calibration ─► fit of all rows ─► weights
package struct RouterTraining: Sendable {
  private let context: TrainingContext
  private var dataset: Dataset { context.dataset }
  private var recipe: Recipe { context.recipe }
  /// What heads are calibrated and judged by: no label that was not measured.
  private let measured: Dataset
  private let checkpoints: Checkpoints?

  /// Rows with a known quality for at least one tier.
  private let rows: [Int]

  /// Checks that the data can be learned from.
  ///
  /// - Parameter team: the processes that share the rows of large fits; `nil` for one on its own.
  /// - Throws: ``TrainingError`` when a tier has no labels or only one outcome, or when there are fewer requests than
  ///   folds.
  package init(
    dataset: Dataset, recipe: Recipe, pool: WorkerPool, team: (any Team)? = nil,
    observer: TrainingObserver = TrainingObserver(), checkpoints: Checkpoints? = nil
  ) throws(TrainingError) {
    measured = dataset.smoothingConstantTop()
    context = TrainingContext(
      dataset: recipe.interpolatesTiers ? measured.interpolatingTiers() : measured, recipe: recipe, pool: pool,
      team: team, observer: observer)
    self.checkpoints = checkpoints
    rows = (0..<dataset.rows).filter { row in
      dataset.tierNames.indices.contains { !dataset.labels[row, $0].isNaN }
    }
    try Self.check(context.dataset)
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
    let found = try PenaltySearch(context: context).run(plan, rows: rows)
    let architectures = architectures(found)
    let candidates = try crossFit(architectures, plan, found.chosen)
    let place = choose(candidates)
    let chosen = candidates[place]
    context.observer.report(.stage("calibration", steps: 0))
    let calibration = try CrossCalibration(
      measured, plan, chosen.heldOut, folds: recipe.folds, seed: recipe.seed, mayBeJoint: recipe.jointCalibration)
    let transform = FeatureTransform(fitting: dataset, rows: rows, scaling: found.chosen.scaling)
    let costs = try recipe.costHeads ? CostTraining(context: context).fit(plan, transform) : nil
    let scores = OutOfFoldScores(
      tierNames: dataset.tierNames, contentHashes: chosen.heldOut.rows.map { dataset.contentHashes[$0] },
      logits: chosen.heldOut.logits.values, probabilities: calibration.probabilities,
      expectedCostUSD: costs?.expectedUSD ?? [])
    let heads = try architectures[place].fit(transform, rows: rows)
    let task = recipe.taskLabels ? try TaskTraining(context: context).fit(transform) : nil
    let weights = RouterWeights(
      tierNames: dataset.tierNames, options: dataset.options, transform: transform, heads: heads,
      calibrations: calibration.calibrations.tiers, jointCalibration: calibration.calibrations.joint,
      taskModel: task?.model, costs: costs?.weights,
      metadata: [
        "training_data": dataset.contentName, "training_rows": "\(rows.count)",
        "out_of_fold": scores.fingerprint,
      ])
    return TrainedRouter(
      weights: weights, outOfFold: scores, candidates: candidates, chosen: chosen, taskAccuracy: task?.accuracy,
      costFits: costs?.fits ?? [])
  }

  // MARK: Architectures

  /// Those that the recipe asks for, from the simplest to the most complex.
  private func architectures(_ found: FoundPenalties) -> [any ArchitectureTraining] {
    let all: [any ArchitectureTraining] = [
      LogisticTraining(context: context, found: found),
      NetworkTraining(context: context, penalties: found.chosen, checkpoints: checkpoints),
    ]
    return all.filter { recipe.architecture.includes($0.kind) }
  }

  private func crossFit(
    _ architectures: [any ArchitectureTraining], _ plan: FoldPlan, _ penalties: Penalties
  ) throws(TrainingError) -> [Candidate] {
    var candidates: [Candidate] = []
    for architecture in architectures {
      let logits = try architecture.crossFit(plan)
      candidates.append(
        Candidate(
          kind: architecture.kind, logLoss: logits.logLoss(dataset), heldOut: logits, chosenPenalties: penalties,
          triedPenalties: architecture.trials))
    }
    return candidates
  }

  /// The place of the first candidate, unless a later, more complex one has a lower held-out loss by more than one standard
  /// error.
  private func choose(_ candidates: [Candidate]) -> Int {
    candidates.indices.dropFirst().reduce(0) { best, place in
      let advantage = candidates[place].heldOut.advantage(over: candidates[best].heldOut, dataset)
      return advantage.mean > advantage.standardError ? place : best
    }
  }
}

/// An architecture that was cross-fitted.
package struct Candidate: Sendable {
  package let kind: Model.Kind
  /// Held-out log-loss per tier, before calibration.
  package let logLoss: [Double]
  package let heldOut: HeldOutLogits
  /// The chosen L2 strengths times the number of rows: of the logistic model itself, or of the one that others start from.
  package let chosenPenalties: Penalties
  /// Every set of penalties that was tried with its held-out log-loss, the chosen one first.
  package let triedPenalties: [PenaltyTrial]
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
