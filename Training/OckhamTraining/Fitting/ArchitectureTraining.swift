import Ockham

/// One architecture of the tiers' heads: how it is judged, and how it is fitted to all rows.
///
/// All stand on the penalties that ``PenaltySearch`` found, see features on the same scales and may start from the logistic
/// model. A further one is a conformance and a line in ``RouterTraining``; a kind of model must be there for it, and what the
/// file holds of it is its ``HeadWeights``.
protocol ArchitectureTraining: Sendable {
  /// What model file and recipe call it.
  var kind: Model.Kind { get }

  /// The settings that were tried on the way to it; none unless it says so.
  var trials: [HyperparameterTrial] { get }

  /// Logits of the plan's rows by models that have not seen them.
  func crossFit(_ plan: FoldPlan) throws(TrainingError) -> HeldOutLogits

  /// Fits the given rows.
  func fit(_ transform: FeatureTransform, rows: [Int]) throws(TrainingError) -> any HeadWeights
}

extension ArchitectureTraining {
  var trials: [HyperparameterTrial] { [] }
}

extension Recipe.Architecture {
  /// Whether a kind is compared with the others.
  func includes(_ kind: Model.Kind) -> Bool { self == .auto || rawValue == kind.rawValue }
}
