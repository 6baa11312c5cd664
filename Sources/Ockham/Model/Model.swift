/// A trained router model: features → one calibrated probability per tier.
///
/// With x the standardised measures of structure, and for each namespace the sum G of the table's rows for its n-grams,
///
///     z[t] = b[t] + W[t] · x + Σ over namespaces of G[t] / |idf vector|      (+ a hidden layer of both in the MLP kind)
///     P[t] = 1 / (1 + e^−(slope[t] · z[t] + intercept[t]))                   or an isotonic map; then joint calibration
///
/// N-grams are hashed (Weinberger et al. 2009), each namespace is a presence vector times idf of length 1; Platt scaling is that of
/// Platt (1999). Every P is a finite number from 0 to 1, whatever a request contains; sums that overflow are cut to the finite
/// numbers. An empty request scores like an empty prompt. <doc:ScoreSpecification> has each operation to the last bit.
///
/// Read-only once loaded; share one value between any number of threads. Scoring takes a ``Scratch``, of the caller's own or lent by a
/// ``Scorer``. The file format is described in the article <doc:ModelFileFormat>.
public struct Model: Sendable {
  let contents: ModelContents

  /// The tiers' names, cheapest first; at least two, all different.
  public var tierNames: [String] { contents.tierNames }

  /// The least gain worth paying for per step up, as chosen by calibration.
  public var thresholds: Thresholds { contents.thresholds }

  /// What a request cost on average in each tier of the training log, in USD; empty when the log had no costs.
  public var tierCosts: [Double] { contents.tierCosts }

  /// One map from logit to probability per tier.
  public var calibrations: [Calibration] { contents.calibrations }

  /// The joint (cross-tier) calibration: how each tier's probability is corrected by those of the others; `nil` for a model without.
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

  /// What traffic looked like when the model was made, for those who watch it; `nil` where nothing was written down.
  package var driftReference: DriftReference? { contents.driftReference }

  /// Whether the model measures how far a request is from what it was trained on: see ``Scratch/unfamiliarity``.
  public var measuresUnfamiliarity: Bool { contents.unfamiliarity != nil }

  /// How it does; `nil` where it does not.
  package var unfamiliarity: Unfamiliarity? { contents.unfamiliarity }

  /// Whether the model recognises the kind of task.
  public var hasTaskHead: Bool { contents.taskHead != nil }

  /// How the model's expected costs scale its thresholds; `nil` for a model that predicts no costs.
  public var thresholdScaling: ThresholdScaling? { contents.costHead?.steps }
}
