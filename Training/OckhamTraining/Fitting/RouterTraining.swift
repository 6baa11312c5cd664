package import Ockham

/// The whole of training: from a dataset to the contents of a model file, with honest scores of every row.
///
///     dataset ─► folds ─► penalties, cross-fitted logits ─► calibration ─► fit of all rows ─► weights
package struct RouterTraining: Sendable {
  /// All tiers, with the labels that heads are fitted to.
  private let context: TrainingContext
  private var dataset: Dataset { context.dataset }
  private var recipe: Recipe { context.recipe }
  /// What heads are calibrated and judged by: no label that was not measured.
  private let measured: Dataset
  private let checkpoints: Checkpoints?

  /// Rows with a known quality for at least one tier.
  private let rows: [Int]
  private let plan: FoldPlan
  private let constants: ConstantHeads

  /// Checks that the data can be learned from.
  ///
  /// - Parameter team: the processes that share the rows of large fits; `nil` for one on its own.
  /// - Throws: ``TrainingError`` when a tier has no labels, when there are fewer requests than folds, or when there is no
  ///   room for a matrix product.
  package init(
    dataset: Dataset, recipe: Recipe, pool: WorkerPool, team: (any Team)? = nil,
    observer: TrainingObserver = TrainingObserver(), checkpoints: Checkpoints? = nil
  ) throws(TrainingError) {
    try ProductTurns.reserve()
    measured = dataset.smoothingConstantTop()
    context = TrainingContext(
      dataset: recipe.interpolatesTiers ? measured.interpolatingTiers() : measured, recipe: recipe, pool: pool,
      team: team, observer: observer)
    self.checkpoints = checkpoints
    rows = (0..<dataset.rows).filter { row in
      dataset.tierNames.indices.contains { !dataset.labels[row, $0].isNaN }
    }
    plan = try FoldPlan(context.dataset, rows: rows, folds: recipe.folds, seed: recipe.seed)
    constants = try ConstantHeads(context.dataset, measured: dataset, plan: plan)
  }

  /// Trains.
  ///
  /// - Throws: ``TrainingError``, `cancelled` among them.
  package func run() throws(TrainingError) -> TrainedRouter {
    let heads = try constants.learned.isEmpty ? unlearnedHeads : learnedHeads()
    let transform = FeatureTransform(fitting: dataset, rows: rows, scaling: heads.scaling)
    let costs = try recipe.costHeads ? CostTraining(context: context).fit(plan, transform) : nil
    let candidates = heads.candidates.map { $0.joined(by: constants, measured) }
    let chosen = candidates[heads.chosen]
    let scores = OutOfFoldScores(
      tierNames: dataset.tierNames, contentHashes: chosen.heldOut.rows.map { dataset.contentHashes[$0] },
      logits: chosen.heldOut.logits.values,
      probabilities: constants.merged(rows: heads.probabilities, count: rows.count) { Float($0.probability) },
      expectedCostUSD: costs?.expectedUSD ?? [])
    let fitted = try heads.fit(transform)
    let task = recipe.taskLabels ? try TaskTraining(context: context).fit(transform) : nil
    let weights = RouterWeights(
      tierNames: dataset.tierNames, options: dataset.options, transform: transform, heads: fitted,
      calibrations: constants.merged(heads.calibrations.tiers) { _ in .platt(slope: 1, intercept: 0) },
      jointCalibration: heads.calibrations.joint,
      taskModel: task?.model, costs: costs?.weights,
      metadata: [
        "training_data": dataset.contentName, "training_rows": "\(rows.count)",
        "out_of_fold": scores.fingerprint,
      ])
    return TrainedRouter(
      weights: weights, outOfFold: scores, candidates: candidates, chosen: chosen, taskAccuracy: task?.accuracy,
      costFits: costs?.fits ?? [], constantHeads: constants.heads.compactMap(\.self))
  }

  // MARK: Heads

  /// What training makes of the tiers that are learned.
  private struct Heads {
    var scaling: FeatureScaling
    var candidates: [Candidate]
    /// The place of the chosen one among them.
    var chosen: Int
    var calibrations: TierCalibrations
    /// Of the plan's rows by calibrations that have not seen them [rows × learned tiers].
    var probabilities: [Float]
    var fit: (FeatureTransform) throws(TrainingError) -> any HeadWeights
  }

  private func learnedHeads() throws(TrainingError) -> Heads {
    let learned = learnedContext
    let found = try PenaltySearch(context: learned).run(plan, rows: rows)
    let architectures = architectures(found, learned)
    let candidates = try crossFit(architectures, found.chosen, learned.dataset)
    let place = choose(candidates, learned.dataset)
    context.observer.report(.stage("calibration", steps: 0))
    // Corrections between tiers know every tier of the router.
    let calibration = try CrossCalibration(
      constants.isEmpty ? measured : measured.keeping(tiers: constants.learned), plan, candidates[place].heldOut,
      folds: recipe.folds, seed: recipe.seed, mayBeJoint: recipe.jointCalibration && constants.isEmpty)
    let (constants, rows) = (constants, rows)
    return Heads(
      scaling: found.chosen.scaling, candidates: candidates, chosen: place, calibrations: calibration.calibrations,
      probabilities: calibration.probabilities
    ) { (transform) throws(TrainingError) in
      let heads = try architectures[place].fit(transform, rows: rows)
      return constants.isEmpty ? heads : heads.joined(byConstant: constants.heads.map { $0?.logit })
    }
  }

  /// Where no tier can be learned: constants in the form of a logistic model.
  private var unlearnedHeads: Heads {
    let penalties = recipe.usualPenalties
    let heldOut = HeldOutLogits(
      rows: plan.folds.flatMap(\.heldOut), logits: DenseMatrix(repeating: 0, rows: rows.count, columns: 0))
    let logits = constants.heads.compactMap { $0?.logit }
    return Heads(
      scaling: penalties.scaling,
      candidates: [
        Candidate(kind: .logistic, logLoss: [], heldOut: heldOut, chosenPenalties: penalties, triedPenalties: [])
      ], chosen: 0, calibrations: TierCalibrations(tiers: [], joint: nil), probabilities: []
    ) { (transform) throws(TrainingError) in LinearModel(constant: logits, transform) }
  }

  /// The tiers that are learned alone.
  private var learnedContext: TrainingContext {
    guard !constants.isEmpty else { return context }
    var result = context
    result.dataset = dataset.keeping(tiers: constants.learned)
    return result
  }

  // MARK: Architectures

  /// Those that the recipe asks for, from the simplest to the most complex.
  private func architectures(_ found: FoundPenalties, _ context: TrainingContext) -> [any ArchitectureTraining] {
    let all: [any ArchitectureTraining] = [
      LogisticTraining(context: context, found: found),
      NetworkTraining(context: context, penalties: found.chosen, checkpoints: checkpoints),
    ]
    return all.filter { recipe.architecture.includes($0.kind) }
  }

  private func crossFit(
    _ architectures: [any ArchitectureTraining], _ penalties: Penalties, _ dataset: Dataset
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
  private func choose(_ candidates: [Candidate], _ dataset: Dataset) -> Int {
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

  /// The same with the tiers that were not learned.
  fileprivate func joined(by constants: ConstantHeads, _ dataset: Dataset) -> Candidate {
    guard !constants.isEmpty else { return self }
    let heldOut = heldOut.joined(by: constants)
    return Candidate(
      kind: kind, logLoss: heldOut.logLoss(dataset), heldOut: heldOut, chosenPenalties: chosenPenalties,
      triedPenalties: triedPenalties)
  }
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
  /// The tiers whose heads are constants, cheapest first.
  package var constantHeads: [ConstantHead] = []
  /// The response heads, by rising tier; ``ResponseTraining`` makes them.
  package var responses: [TrainedResponses] = []

  /// The same with response heads, in the weights and beside the out-of-fold scores.
  package func adding(_ responses: [TrainedResponses]) -> TrainedRouter {
    guard !responses.isEmpty else { return self }
    var result = self
    result.responses = responses
    result.weights.responses = responses.map(\.weights)
    let places = Dictionary(zip(rows, rows.indices), uniquingKeysWith: { first, _ in first })
    result.outOfFold.responses = responses.map { trained in
      OutOfFoldResponses(
        tier: trained.tier, places: trained.rows.compactMap { places[$0] }, probabilities: trained.probabilities,
        formProbabilities: trained.formProbabilities)
    }
    result.weights.metadata["out_of_fold"] = result.outOfFold.fingerprint
    return result
  }
}
