import Statistics

/// Chooses the penalties of the logistic model by cross-validation: what every architecture stands on.
struct PenaltySearch: Sendable {
  let context: TrainingContext
  private var dataset: Dataset { context.dataset }
  private var recipe: Recipe { context.recipe }
  private var observer: TrainingObserver { context.observer }
  private var fit: LogisticFit { LogisticFit(context: context) }

  /// Searches on the plan, or on a sample of its rows where they are many; then the chosen penalties are cross-fitted on all.
  ///
  /// - Parameter rows: those of the plan, rising.
  func run(_ plan: FoldPlan, rows: [Int]) throws(TrainingError) -> FoundHyperparameters {
    guard rows.count > recipe.searchRows, !recipe.hasOnePoint else {
      let trials = try trials(plan)
      return FoundHyperparameters(trials: trials, heldOut: trials[0].logits)
    }
    let sampled = try sampleTrials(rows)
    observer.report(.stage("cross-fit", steps: plan.folds.count))
    guard let trials = sampled else {
      let usual = try fit.crossFit(plan, [recipe.defaultHyperparameters])
      return FoundHyperparameters(trials: usual, heldOut: usual[0].logits)
    }
    return FoundHyperparameters(trials: trials, heldOut: try fit.crossFit(plan, [trials[0].penalties])[0].logits)
  }

  /// The trials on a sample, for the tiers of which it shows both outcomes in every fold; `nil` where there is none.
  private func sampleTrials(_ rows: [Int]) throws(TrainingError) -> [HyperparameterTrial]? {
    var generator = SplitMix64(seed: recipe.seed, 7)
    let chosen = generator.permutation(of: rows.count).prefix(recipe.searchRows).map { rows[$0] }.sorted()
    var sample = context.selecting(chosen)
    let plan = try sample.foldPlan(Array(0..<sample.dataset.rows))
    let told = sample.dataset.tierNames.indices.filter { sample.dataset.tellsBothOutcomes(of: $0, in: plan) }
    guard !told.isEmpty else { return nil }
    if told.count < sample.dataset.tierNames.count { sample.dataset = sample.dataset.keeping(tiers: told) }
    return try PenaltySearch(context: sample).trials(plan)
  }

  /// Returns every trial; the chosen one comes first.
  ///
  /// From the usual ones, one axis at a time, by held-out loss: the strength on n-grams, that on dense features, all pairs of
  /// correlations, n-grams once more, since heads that share weights are best at another strength, and the other scales of the
  /// features. On each axis the models go from the strongest penalty to the weakest, each starting from the last.
  private func trials(_ plan: FoldPlan) throws(TrainingError) -> [HyperparameterTrial] {
    let usual = recipe.defaultHyperparameters
    let first = recipe.gramPenalties.sorted(by: >).map { gram in
      var point = usual
      point.gram = gram
      return point
    }
    observer.report(.stage("penalties", steps: plan.folds.count * searchSteps))
    var trials = HyperparameterTrials(try fit.crossFit(plan, first))
    trials.add(try fit.crossFit(plan, trials.untried(recipe.densePenalties.sorted(by: >)) { $0.dense = $1 }))
    trials.add(
      try fit.crossFit(plan, trials.untried(correlations) { ($0.gramCorrelation, $0.denseCorrelation) = ($1.x, $1.y) }))
    trials.add(try fit.crossFit(plan, trials.untried(neighbours(of: trials.best.gram)) { $0.gram = $1 }))
    for limit in recipe.denseLimits.dropFirst() {
      trials.add(try fit.crossFit(plan, trials.untried([limit]) { $0.scaling.denseLimit = $1 }))
    }
    for exponent in recipe.idfExponents.dropFirst() {
      trials.add(try fit.crossFit(plan, trials.untried([exponent]) { $0.scaling.idfExponent = $1 }))
    }
    return trials.chosenFirst(context.measure(plan.folds.flatMap(\.heldOut)), usual: usual)
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
}

/// What a search for penalties found.
struct FoundHyperparameters: Sendable {
  /// Every trial, the chosen one first.
  let trials: [HyperparameterTrial]
  /// The plan's rows by models with the chosen penalties.
  let heldOut: HeldOutLogits

  var chosen: Hyperparameters { trials[0].penalties }
}
