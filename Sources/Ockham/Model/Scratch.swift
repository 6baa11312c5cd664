/// Working storage of a score, and where its results are read.
///
/// Make one per thread with ``Model/makeScratch()`` and use it for request after request: once its buffers have grown to
/// the largest request seen, scoring allocates nothing.
public struct Scratch: Sendable {
  /// The features of the last request.
  public internal(set) var features: FeatureVector

  /// The uncalibrated logit of each tier [tiers], finite; zeros before the first request.
  public internal(set) var logits: [Float]

  /// P(good) of each tier [tiers], calibrated: from 0 to 1; zeros before the first request.
  public internal(set) var probabilities: [Float]

  /// The probability of each ``TaskKind`` in its order, or empty for a model without a task head.
  public var taskProbabilities: [Float] { taskBuffers.probabilities }

  /// What the last request is expected to cost in each tier, in USD, or empty for a model that predicts no costs.
  public var expectedCostUSD: [Double] { costBuffers.costUSD }

  /// What each step up is multiplied with for the last request [tiers − 1], or empty for a model that predicts no
  /// costs; see ``ThresholdScaling``.
  public var thresholdScales: [Float] { costBuffers.thresholdScales }

  /// How far the last request is from those that the model is meant for: the probability that it is foreign, 0 to 1, by its measures of
  /// structure; 0 for a model that does not measure it.
  public var unfamiliarity: Float { familiarity.u }

  /// What ``probabilities`` were mixed with the mean quality of each tier over foreign logs by, 0 to 1.
  public var unfamiliarShare: Float { familiarity.share }

  /// Whether the last request is so far from those that the model is meant for that it goes up where a cheaper tier may do harm.
  public var isUnfamiliar: Bool { familiarity.isUnfamiliar }

  var familiarity = Unfamiliarity.Reading()
  /// How far the probabilities may be lower and higher on foreign requests [tiers]; empty for a model that does not say.
  package let below: [Float]
  package let above: [Float]
  /// The probabilities of tiers before joint calibration [tiers].
  var independent: [Float]
  var promptBytes = 0
  var standardised: [Float]
  var sums: [Float]
  var totals: [Int64]
  var headBuffers: HeadBuffers
  var taskBuffers: TaskBuffers
  var costBuffers: CostBuffers

  init(_ model: ModelContents) {
    features = FeatureVector(options: model.extractor.options)
    logits = [Float](repeating: 0, count: model.tierNames.count)
    probabilities = logits
    independent = logits
    standardised = [Float](repeating: 0, count: model.standardizer.means.count)
    sums = [Float](repeating: 0, count: model.table.stride)
    totals = [Int64](repeating: 0, count: model.table.stride)
    (below, above) = (model.unfamiliarity?.below ?? [], model.unfamiliarity?.above ?? [])
    headBuffers = HeadBuffers(model.heads)
    taskBuffers = TaskBuffers(model.taskHead)
    costBuffers = CostBuffers(model.costHead)
  }

  /// 1 − P(the first tier is good), from 0 to 1: how hard the request is, whatever the larger tiers would make of it.
  public var difficulty: Float { 1 - probabilities[0] }
}
