/// A trained router model: features → one calibrated probability per tier.
///
/// Read-only once loaded; share one value between any number of threads. Each thread scores through a ``Scratch`` of its
/// own. The file format is described in the article <doc:ModelFileFormat>.
public struct Model: Sendable {
  /// The tiers' names, cheapest first; at least two, all different.
  public let tierNames: [String]

  /// The least gain worth paying for per step up, as chosen by calibration.
  public let thresholds: Thresholds

  /// What a request cost on average in each tier of the training log, in USD; empty when the log told no costs.
  public let tierCosts: [Double]

  /// One map from logit to probability per tier.
  public let calibrations: [Calibration]

  /// A hash of the whole file: names this very model in logs and decisions.
  public let identifier: UInt64

  /// What the file says about itself: recipe, training data hash, library version and the like.
  public let metadata: [String: String]

  /// Produces the features that the model was trained on.
  public let extractor: FeatureExtractor

  let table: GramTable
  let standardizer: DenseStandardizer
  let linear: DenseLayer
  let hiddenLayers: HiddenLayers?
  let taskHead: TaskHead?
  let costHead: CostHead?

  /// Which of the two architectures the model has.
  public enum Kind: String, Sendable, CaseIterable {
    /// Multi-head logistic regression over n-grams and dense features.
    case logistic
    /// The same with an embedding bag and a hidden layer beside it.
    case mlp
  }

  /// The model's architecture.
  public var kind: Kind { hiddenLayers == nil ? .logistic : .mlp }

  /// Whether the model recognises the kind of task.
  public var hasTaskHead: Bool { taskHead != nil }

  /// How the model's expected costs scale its thresholds; `nil` for a model that foretells no costs.
  public var stepScaling: StepScaling? { costHead?.steps }
}
