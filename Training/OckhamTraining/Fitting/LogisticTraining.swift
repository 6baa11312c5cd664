import Ockham

/// Trains the logistic kind: the search for penalties has cross-fitted it already.
struct LogisticTraining: ArchitectureTraining {
  let context: TrainingContext
  let found: FoundHyperparameters

  var kind: Model.Kind { .logistic }
  var trials: [HyperparameterTrial] { found.trials }

  func crossFit(_ plan: FoldPlan) -> HeldOutLogits { found.heldOut }

  func fit(_ transform: FeatureTransform, rows: [Int]) throws(TrainingError) -> any HeadWeights {
    context.observer.report(.stage("final fit", steps: context.recipe.maximumIterations))
    return try LogisticFit(context: context).fit(transform, rows: rows, found.chosen)
  }
}
