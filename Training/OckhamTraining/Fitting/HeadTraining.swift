package import Ockham

/// The tiers' heads of some rows, as cross-validation on these rows alone has it: penalties, architecture, calibrations. What it
/// gives knows nothing of any other row.
struct HeadTraining: Sendable {
  /// All tiers, with the labels that heads are fitted to.
  let context: TrainingContext
  /// What heads are calibrated and judged by: no label that was not measured.
  let measured: Dataset
  let constants: ConstantHeads
  let plan: FoldPlan
  /// Those of the plan, rising.
  let rows: [Int]
  var checkpoints: Checkpoints?

  private var recipe: Recipe { context.recipe }

  func run() throws(TrainingError) -> TrainedHeads { try constants.learned.isEmpty ? unlearned : learned() }

  private func learned() throws(TrainingError) -> TrainedHeads {
    let context = learnedContext
    let found = try PenaltySearch(context: context).run(plan, rows: rows)
    let architectures = architectures(found, context)
    let candidates = try crossFit(architectures, found.chosen, context)
    let place = choose(candidates, context)
    self.context.observer.report(.stage("calibration", steps: 0))
    let calibration = try calibration(candidates[place].heldOut)
    let (constants, rows, count) = (constants, rows, candidates[place].heldOut.rows.count)
    return TrainedHeads(
      scaling: found.chosen.scaling, candidates: candidates.map { $0.joined(by: constants, measured) }, chosen: place,
      calibrations: TierCalibrations(
        tiers: constants.merged(calibration.calibrations.tiers) { _ in .platt(slope: 1, intercept: 0) },
        joint: calibration.calibrations.joint),
      probabilities: constants.merged(rows: calibration.probabilities, count: count) { Float($0.probability) }
    ) { (transform) throws(TrainingError) in
      let heads = try architectures[place].fit(transform, rows: rows)
      return constants.isEmpty ? heads : heads.joined(byConstant: constants.heads.map { $0?.logit })
    }
  }

  /// Where no tier can be learned: constants in the form of a logistic model.
  private var unlearned: TrainedHeads {
    let (penalties, constants) = (recipe.defaultHyperparameters, constants)
    let heldOut = HeldOutLogits(
      rows: plan.folds.flatMap(\.heldOut), logits: DenseMatrix(repeating: 0, rows: rows.count, columns: 0))
    let logits = constants.heads.compactMap { $0?.logit }
    let candidate = Candidate(
      kind: .logistic, logLoss: [], heldOut: heldOut, chosenPenalties: penalties, triedPenalties: [])
    return TrainedHeads(
      scaling: penalties.scaling, candidates: [candidate.joined(by: constants, measured)], chosen: 0,
      calibrations: TierCalibrations(
        tiers: constants.merged([]) { _ in .platt(slope: 1, intercept: 0) }, joint: nil),
      probabilities: constants.merged(rows: [], count: rows.count) { Float($0.probability) }
    ) { (transform) throws(TrainingError) in LinearModel(constant: logits, transform) }
  }

  /// The tiers that are learned alone.
  private var learnedContext: TrainingContext {
    guard !constants.isEmpty else { return context }
    var result = context
    result.dataset = context.dataset.keeping(tiers: constants.learned)
    return result
  }

  // MARK: Calibration

  private func calibration(_ heldOut: HeldOutLogits) throws(TrainingError) -> CrossCalibration {
    // Corrections between tiers know every tier of the router.
    let isJoint = recipe.jointCalibration && constants.isEmpty
    guard let families = context.families else {
      return try CrossCalibration(
        constants.isEmpty ? measured : measured.keeping(tiers: constants.learned), plan, heldOut, folds: recipe.folds,
        seed: recipe.seed, mayBeJoint: isJoint)
    }
    let complete = measured.takingLabels(of: scarceTiers, from: context.dataset)
    let home = atHome(complete, families)
    let weighed = home ?? complete.weighing(families, exponent: recipe.familyExponent, rows: rows)
    return try CrossCalibration(
      constants.isEmpty ? weighed : weighed.keeping(tiers: constants.learned), plan, heldOut, folds: recipe.folds,
      seed: recipe.seed, mayBeJoint: isJoint, families: home == nil ? families : nil)
  }

  /// The same where only rows of home count, by which probabilities mean something for the requests to come: what is foreign goes up by
  /// another measure. `nil` without a home, and where some tier has not both outcomes in what is left of it without a fold.
  private func atHome(_ dataset: Dataset, _ families: Families) -> Dataset? {
    guard !families.home.isEmpty else { return nil }
    let own = rows.filter(families.isHome)
    for fold in plan.folds {
      let heldOut = Set(fold.heldOut)
      let rest = own.filter { !heldOut.contains($0) }
      let weights = rest.map { dataset.weights[$0] }
      for tier in constants.learned {
        let column = DenseMatrix(column: rest.map { dataset.labels[$0, tier] })
        guard HeadTargets.haveOutcomes(labels: column, weights: weights) else { return nil }
      }
    }
    return dataset.multiplyingWeights(by: (0..<dataset.rows).map { families.isHome($0) ? 1 : 0 })
  }

  /// The tiers that were measured in too few families: without one of these, nothing measured is left to calibrate by.
  private var scarceTiers: [Int] {
    measured.tierNames.indices.filter { tier in
      !plan.folds.indices.allSatisfy { fold in
        let others = plan.folds.indices.flatMap { $0 == fold ? [] : plan.folds[$0].heldOut }
        let column = DenseMatrix(column: others.map { measured.labels[$0, tier] })
        return HeadTargets.haveOutcomes(labels: column, weights: others.map { measured.weights[$0] })
      }
    }
  }

  // MARK: Architectures

  /// Those that the recipe asks for, from the simplest to the most complex.
  private func architectures(_ found: FoundHyperparameters, _ context: TrainingContext) -> [any ArchitectureTraining] {
    let all: [any ArchitectureTraining] = [
      LogisticTraining(context: context, found: found),
      NetworkTraining(context: context, penalties: found.chosen, checkpoints: checkpoints),
    ]
    return all.filter { recipe.architecture.includes($0.kind) }
  }

  private func crossFit(
    _ architectures: [any ArchitectureTraining], _ penalties: Hyperparameters, _ context: TrainingContext
  ) throws(TrainingError) -> [Candidate] {
    let measure = context.measure(rows)
    var candidates: [Candidate] = []
    for architecture in architectures {
      let logits = try architecture.crossFit(plan)
      candidates.append(
        Candidate(
          kind: architecture.kind, logLoss: measure.logLoss(logits), heldOut: logits, chosenPenalties: penalties,
          triedPenalties: architecture.trials))
    }
    return candidates
  }

  /// The place of the first candidate, unless a later, more complex one has a lower held-out loss by more than one standard
  /// error.
  private func choose(_ candidates: [Candidate], _ context: TrainingContext) -> Int {
    let measure = context.measure(rows)
    return candidates.indices.dropFirst().reduce(0) { best, place in
      let advantage = measure.advantage(of: candidates[place].heldOut, over: candidates[best].heldOut)
      return advantage.mean > advantage.standardError ? place : best
    }
  }
}

/// What ``HeadTraining`` makes of its rows, of all tiers.
struct TrainedHeads: Sendable {
  var scaling: FeatureScaling
  var candidates: [Candidate]
  /// The place of the chosen one among them.
  var chosen: Int
  var calibrations: TierCalibrations
  /// Of the plan's rows by calibrations that have not seen them [rows × tiers].
  var probabilities: [Float]
  /// Fits the chosen architecture to all of the rows.
  var fit: @Sendable (FeatureTransform) throws(TrainingError) -> any HeadWeights

  /// The logits of the plan's rows by models that have not seen them.
  var heldOut: HeldOutLogits { candidates[chosen].heldOut }
}

/// An architecture that was cross-fitted.
package struct Candidate: Sendable {
  package let kind: Model.Kind
  /// Held-out log-loss per tier, before calibration.
  package private(set) var logLoss: [Double]
  package private(set) var heldOut: HeldOutLogits
  /// The chosen L2 strengths times the number of rows: of the logistic model itself, or of the one that others start from.
  package let chosenPenalties: Hyperparameters
  /// Every set of penalties that was tried with its held-out log-loss, the chosen one first.
  package let triedPenalties: [HyperparameterTrial]

  /// The same with the tiers that were not learned.
  func joined(by constants: ConstantHeads, _ dataset: Dataset) -> Candidate {
    constants.isEmpty ? self : judged(by: heldOut.joined(by: constants), dataset)
  }

  /// The same with other held-out logits.
  func judged(by heldOut: HeldOutLogits, _ dataset: Dataset) -> Candidate {
    var result = self
    (result.heldOut, result.logLoss) = (heldOut, heldOut.logLoss(dataset))
    return result
  }
}
