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

  var table: GramTable { contents.table }
  var standardizer: DenseStandardizer { contents.standardizer }
  var linear: DenseLayer { contents.linear }
  var hiddenLayers: HiddenLayers? { contents.hiddenLayers }
  var taskHead: TaskHead? { contents.taskHead }
  var costHead: CostHead? { contents.costHead }

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

/// What a model consists of: kept behind one reference, so that handing a model on copies one pointer and counts once.
final class ModelContents: Sendable {
  let tierNames: [String]
  let thresholds: Thresholds
  let tierCosts: [Double]
  let calibrations: [Calibration]
  let jointCalibration: JointCalibration?
  let identifier: UInt64
  let metadata: [String: String]
  let extractor: FeatureExtractor
  let table: GramTable
  let standardizer: DenseStandardizer
  let linear: DenseLayer
  let hiddenLayers: HiddenLayers?
  let taskHead: TaskHead?
  let costHead: CostHead?

  init(_ file: TensorFile, identifier: UInt64) throws(ModelFileError) {
    var reader = ModelReader(file)
    try reader.checkVersions()
    let options = try reader.readOptions()
    let names = try reader.readTierNames()
    let table = try reader.readTable(bucketCount: options.bucketCount, tiers: names.count)
    self.tierNames = names
    self.metadata = file.metadata
    self.identifier = identifier
    extractor = FeatureExtractor(options: options)
    standardizer = try reader.readStandardizer()
    linear = try reader.readLayer("dense.weight", "bias", inputs: DenseFeatures.names.count, outputs: names.count)
    hiddenLayers = try reader.readHiddenLayers(tiers: names.count, bagWidth: table.columns - 1 - names.count)
    self.table = table
    taskHead = try reader.readTaskHead(bucketCount: options.bucketCount)
    calibrations = try reader.readCalibrations(tiers: names.count)
    jointCalibration = try reader.readJointCalibration(calibrations)
    thresholds = Thresholds(steps: try reader.readBounded("thresholds", [names.count - 1]))
    tierCosts = try reader.readTierCosts(tiers: names.count)
    costHead = try reader.readCostHead(tiers: names.count)
    try reader.checkNothingLeft()
  }
}
