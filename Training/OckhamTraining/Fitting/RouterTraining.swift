import Ockham

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
    dataset: Dataset, recipe: Recipe, pool: WorkerPool, team: (any ProcessGroup)? = nil,
    observer: TrainingObserver = TrainingObserver(), checkpoints: Checkpoints? = nil
  ) throws(TrainingError) {
    try ProductTurns.reserve()
    measured = dataset.smoothingAlwaysCorrectTop()
    let rows = (0..<dataset.rows).filter { row in
      dataset.tierNames.indices.contains { !dataset.labels[row, $0].isNaN }
    }
    let families = try recipe.families.map { (prefixes) throws(TrainingError) in
      try Families(prefixes, home: recipe.home ?? [], dataset, rows: rows)
    }
    let fitted = recipe.interpolatesTiers ? measured.interpolatingTiers() : measured
    context = TrainingContext(
      dataset: fitted, recipe: recipe, pool: pool, team: team, families: families, observer: observer)
    self.checkpoints = checkpoints
    self.rows = rows
    plan = try context.foldPlan(rows)
    let known = families != nil && recipe.interpolatesTiers ? dataset.interpolatingTiers() : dataset
    constants = try ConstantHeads(fitted, measured: known, plan: plan)
    if let families { try constants.requireOutcomes(context, plan, families) }
  }

  /// Trains.
  ///
  /// - Throws: ``TrainingError``, `cancelled` among them.
  package func run() throws(TrainingError) -> TrainedRouter {
    let training = HeadTraining(
      context: context, measured: measured, constants: constants, plan: plan, rows: rows, checkpoints: checkpoints)
    let heads = try training.run()
    let transform = FeatureTransform(fitting: dataset, rows: rows, scaling: heads.scaling)
    let unfamiliarity = try UnfamiliarityTraining(training)?.fit(heads, transform)
    let costs = try recipe.costHeads ? CostTraining(context: context).fit(plan, transform) : nil
    let nested = try nestedScores(training)
    var candidates = heads.candidates
    if let nested {
      candidates[heads.chosen] = candidates[heads.chosen].judged(by: nested.logits, context.measure(rows).dataset)
    }
    let chosen = candidates[heads.chosen]
    var scores = OutOfFoldScores(
      tierNames: dataset.tierNames, contentHashes: chosen.heldOut.rows.map { dataset.contentHashes[$0] },
      logits: chosen.heldOut.logits.values, probabilities: nested?.probabilities ?? heads.probabilities,
      expectedCostUSD: costs?.expectedUSD ?? [])
    scores.unfamiliarity = nested?.unfamiliarity
    let fitted = try heads.fit(transform)
    let task = recipe.taskLabels ? try TaskTraining(context: context).fit(transform) : nil
    let weights = RouterWeights(
      tierNames: dataset.tierNames, options: dataset.options, transform: transform, heads: fitted,
      calibrations: heads.calibrations.tiers, jointCalibration: heads.calibrations.joint,
      taskModel: task?.model, costs: costs?.weights, unfamiliarity: unfamiliarity,
      metadata: [
        "training_data": dataset.contentName, "training_rows": "\(rows.count)",
        "out_of_fold": scores.fingerprint,
      ])
    return TrainedRouter(
      weights: weights, outOfFold: scores, candidates: candidates, chosen: chosen, taskAccuracy: task?.accuracy,
      costFits: costs?.fits ?? [], constantHeads: constants.heads.compactMap(\.self), families: familyRows)
  }

  /// Scores of all rows by trainings that knew nothing of their fold; `nil` where the cross-validation's own will do.
  private func nestedScores(_ training: HeadTraining) throws(TrainingError) -> NestedScores? {
    guard context.families != nil || recipe.isNested(rows: rows.count) else { return nil }
    return try NestedScores(training, inner: context.foldPlan)
  }

  private var familyRows: [FamilyRows] {
    guard let families = context.families else { return [] }
    return families.parted(plan.folds.flatMap(\.heldOut)).map { FamilyRows(name: families.names[$0], places: $1) }
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
  /// How well each tier's costs are predicted; empty without a head for them.
  package var costFits: [CostFit] = []
  /// The tiers whose heads are constants, cheapest first.
  package var constantHeads: [ConstantHead] = []
  /// The families that were left out in turn; empty without any.
  package var families: [FamilyRows] = []
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

/// A family of sets that was left out.
package struct FamilyRows: Sendable {
  package let name: String
  /// The places of its rows among ``TrainedRouter/rows``.
  package let places: [Int]
}
