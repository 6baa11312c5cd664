package import Ockham

/// Two models on the same rows, with a paired interval of every difference.
///
/// Pairing: the questions are resampled (Efron & Tibshirani 1993, percentile intervals), and both models are measured on
/// each resample, so that what makes a resample easy or hard cancels out of the difference. Every difference is second
/// minus first.
package struct ModelComparison: Sendable {
  /// One of the two models.
  package struct Side: Sendable {
    /// How the model is named in reports.
    package var name: String
    /// The scored log; equal on both sides in everything but ``ScoredLog/probability`` and what follows from it.
    package var log: ScoredLog
    /// The model's own thresholds.
    package var thresholds: Thresholds

    /// Creates a side.
    package init(name: String, log: ScoredLog, thresholds: Thresholds) {
      self.name = name
      self.log = log
      self.thresholds = thresholds
    }
  }

  /// How the models are named, the first one first.
  package let names: [String]
  /// The logs that they were compared on, as they were named, and the day in UTC; empty where no one said.
  package var logs: [String] = []
  package var date = ""
  package let tierNames: [String]
  /// The tiers that APGR and CPT50 compare.
  package let pair: TierPair
  package let parameters: BootstrapParameters
  /// All rows, and those in which every tier's quality is known.
  package let rows: Int
  package let completeRows: Int
  /// The questions that were resampled.
  package let questions: Int
  /// What was measured of each model on the log itself.
  package let first: RouterFigures
  package let second: RouterFigures
  /// The share of requests per tier at each model's own thresholds, over all rows by weight [2][T].
  package let shares: [[Double]]
  /// The weighted share of rows for which the models choose different tiers.
  package let differingShare: Double
  /// Whether no row is scored differently.
  package let areAlike: Bool
  /// The differences, each with its interval.
  package let differences: DifferenceIntervals

  /// Compares two models.
  ///
  /// - Throws: ``ComparisonError`` when the sides are not of the same rows, ``EvaluationError`` for thresholds or
  ///   parameters out of range.
  /// - Complexity: O(n · T · (log n + resamples)).
  package init(
    _ first: Side, _ second: Side, pair: TierPair? = nil, parameters: BootstrapParameters = .init()
  ) throws {
    try Self.check(first.log, second.log)
    try parameters.check()
    for side in [first, second] { try side.thresholds.check(tierCount: side.log.tierCount) }
    let log = first.log
    names = [first.name, second.name]
    tierNames = log.tierNames
    self.pair = pair ?? TierPair(endsOf: log)
    self.parameters = parameters
    rows = log.rowCount
    completeRows = log.completeRows.count
    areAlike = log.probability == second.log.probability && first.thresholds == second.thresholds
    (shares, differingShare) = Self.choices(first, second)
    var sampling = ComparisonSampling(first, second, pair: self.pair)
    questions = sampling.clusterCount
    let estimates = sampling.estimate()
    (self.first, self.second) = estimates
    let samples = sampling.samples(parameters.resamples, seed: parameters.seed)
    differences = DifferenceIntervals(estimates, samples, confidence: parameters.confidence)
  }

  /// Everything but the scores must be the same on both sides.
  private static func check(_ first: ScoredLog, _ second: ScoredLog) throws(ComparisonError) {
    guard first.tierNames == second.tierNames else {
      throw .tiers(first: first.tierNames, second: second.tierNames)
    }
    guard first.rowCount == second.rowCount else {
      throw .rowCount(first: first.rowCount, second: second.rowCount)
    }
    for row in 0..<first.rowCount {
      if first.origins[row].question != second.origins[row].question { throw .row(field: "id", row: row) }
      if first.weights[row] != second.weights[row] { throw .row(field: "weight", row: row) }
      if !areSame(first.quality.row(row), second.quality.row(row)) { throw .row(field: "quality", row: row) }
      if !areSame(first.cost.row(row), second.cost.row(row)) { throw .row(field: "cost", row: row) }
    }
  }

  /// Whether numbers are equal, unknown ones being equal to each other.
  private static func areSame(_ left: ArraySlice<Double>, _ right: ArraySlice<Double>) -> Bool {
    zip(left, right).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) }
  }

  private static func choices(_ first: Side, _ second: Side) -> (shares: [[Double]], differing: Double) {
    let choices = [first, second].map { PolicyChoices($0.log, thresholds: $0.thresholds) }
    return (choices.map(\.share), choices[0].differingShare(from: choices[1]))
  }
}
