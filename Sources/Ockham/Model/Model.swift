/// A trained router model: features → one calibrated probability per tier.
///
/// Read-only once loaded; share one value between any number of threads. Each thread scores through a ``Scratch`` of its
/// own. The file format is described in the article <doc:ModelFileFormat>.
public struct Model: Sendable {
  let contents: ModelContents

  /// The tiers' names, cheapest first; at least two, all different.
  public var tierNames: [String] { contents.tierNames }

  /// The least gain worth paying for per step up, as chosen by calibration.
  public var thresholds: Thresholds { contents.thresholds }

  /// What a request cost on average in each tier of the training log, in USD; empty when the log told no costs.
  public var tierCosts: [Double] { contents.tierCosts }

  /// One map from logit to probability per tier.
  public var calibrations: [Calibration] { contents.calibrations }

  /// How the tiers' probabilities correct each other, or `nil` where they stand alone.
  public var jointCalibration: JointCalibration? { contents.jointCalibration }

  /// A hash of the whole file: names this very model in logs and decisions.
  public var identifier: UInt64 { contents.identifier }

  /// What the file says about itself: recipe, training data hash, library version and the like.
  public var metadata: [String: String] { contents.metadata }

  /// Produces the features that the model was trained on.
  public var extractor: FeatureExtractor { contents.extractor }

  /// Which architecture the model's heads have.
  public enum Kind: String, Sendable, CaseIterable {
    /// Multi-head logistic regression over n-grams and dense features.
    case logistic
    /// The same with an embedding bag and a hidden layer beside it.
    case mlp
  }

  /// The model's architecture.
  public var kind: Kind {
    switch contents.heads {
    case .logistic: .logistic
    case .mlp: .mlp
    }
  }

  /// Where requests start and when they escalate, as chosen by training or calibration; `nil` where nothing was chosen.
  public var cascade: CascadePolicy? { contents.cascade }

  /// What traffic looked like when the model was made, for whoever watches it; `nil` where nothing was written down.
  package var driftReference: DriftReference? { contents.driftReference }

  /// Whether the model measures how far a request is from what it was trained on: see ``Scratch/unfamiliarity``.
  public var measuresUnfamiliarity: Bool { contents.unfamiliarity != nil }

  /// How it does; `nil` where it does not.
  package var unfamiliarity: Unfamiliarity? { contents.unfamiliarity }

  /// Whether the model recognises the kind of task.
  public var hasTaskHead: Bool { contents.taskHead != nil }

  /// How the model's expected costs scale its thresholds; `nil` for a model that foretells no costs.
  public var stepScaling: StepScaling? { contents.costHead?.steps }
}
