import Statistics
import Ockham

/// How decisions hold when prompts change in ways that should not matter, or that are meant to mislead.
///
/// A row and its variants are scored by the same model, also where the model was trained on the row: out-of-fold scores
/// exist for the log's own texts only.
package struct RobustnessReport: Sendable, Equatable {
  /// The sampled rows.
  package var rows: Int
  /// Those that the model is known to have been trained on: it remembers them, which inflates changes of quality.
  package var trainedRows: Int
  /// The rows of the log that they were drawn from.
  package var logRows: Int
  /// How it was measured.
  package var parameters: RobustnessParameters
  /// Whether mean costs are in USD; if not, in nominal units.
  package var isPriced: Bool
  /// One report per kind of noise.
  package var noise: [NoiseReport]
  /// The attack.
  package var suffix: SuffixReport

  /// Measures a sample.
  ///
  /// - Parameters:
  ///   - log: the log that the sample was drawn from: its rows contain the qualities.
  ///   - costs: the cost of each tier.
  /// - Complexity: ``RobustnessParameters/scoreLimit(rows:)`` scores.
  package init(
    _ sample: RequestSample, of log: ScoredLog, scorer: TierScorer, costs: TierCosts,
    parameters: RobustnessParameters = .init()
  ) {
    let measurement = RobustnessMeasurement(sample, of: log, scorer: scorer, parameters: parameters)
    rows = sample.rows.count
    trainedRows = sample.rows.count(where: \.isTrainedOn)
    logRows = sample.offered
    self.parameters = parameters
    isPriced = costs.source != .nominal
    noise = Noise.allCases.map { NoiseReport($0, measurement.moves($0), confidence: parameters.confidence) }
    suffix = measurement.attack(costs: costs)
  }
}

/// The sample with its scores as logged.
private struct RobustnessMeasurement {
  let sample: RequestSample
  let log: ScoredLog
  let scorer: TierScorer
  let parameters: RobustnessParameters
  let scores: [TierScore]

  init(_ sample: RequestSample, of log: ScoredLog, scorer: TierScorer, parameters: RobustnessParameters) {
    self.sample = sample
    self.log = log
    self.scorer = scorer
    self.parameters = parameters
    scores = sample.rows.map { scorer.score($0.request) }
  }

  /// The rows that a noise changes, before and after.
  func moves(_ noise: Noise) -> [TierMove] {
    zip(sample.rows, scores).compactMap { row, before in
      guard let question = row.request.question else { return nil }
      let text = noise.apply(to: question, seed: parameters.seed &+ UInt64(row.index))
      guard text != question else { return nil }
      let quality = Array(log.quality.row(row.index))
      return TierMove(
        before: before, after: scorer.score(row.request.replacingQuestion(with: text)),
        quality: quality.contains(where: \.isNaN) ? nil : quality)
    }
  }

  /// The attack on a draw of the rows below the last tier.
  func attack(costs: TierCosts) -> SuffixReport {
    let below = sample.rows.indices.filter { !scores[$0].isStrongest }
    var generator = SplitMix64(seed: parameters.seed)
    let drawn = generator.permutation(of: below.count).prefix(parameters.attackedRows).map { below[$0] }
    let search = SuffixSearch(
      scorer: scorer,
      vocabulary: SuffixVocabulary(
        questionsOf: sample.rows.map(\.request), wordLimit: parameters.wordLimit),
      maximumTokens: parameters.maximumTokens)
    return SuffixReport(
      drawn.map { search.run(sample.rows[$0].request, longBytes: parameters.longSuffixBytes) }, search: search,
      rowsBelow: below.count, sampled: sample.rows.count, costs: costs, parameters: parameters)
  }
}

/// How robustness is measured.
package struct RobustnessParameters: Sendable, Equatable {
  /// The most rows to attack with suffixes.
  package var attackedRows = 50
  /// The most tokens of a suffix.
  package var maximumTokens = 8
  /// The length of a repeated suffix, in bytes.
  package var longSuffixBytes = 8_192
  /// The most words that the attacker takes from the log.
  package var wordLimit = SuffixVocabulary.wordLimit
  /// The seed of the typos and of the draw of attacked rows.
  package var seed: UInt64 = 1
  /// The confidence of the intervals, above 0 and below 1.
  package var confidence = 0.95

  /// The rows that are sampled unless the caller says otherwise.
  package static let defaultRows = 500

  /// Creates the parameters of reports.
  package init() {}

  /// The most scores that a sample of this size takes.
  package func scoreLimit(rows: Int) -> Int {
    let tokens = SuffixVocabulary.marks.count + wordLimit
    return rows * (1 + Noise.allCases.count) + min(rows, attackedRows) * (maximumTokens * tokens + 3)
  }
}
