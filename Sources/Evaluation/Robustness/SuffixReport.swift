/// What appended tokens do to requests that are decided below the last tier. Each row counts once.
package struct SuffixReport: Sendable, Equatable {
  /// The attacked rows with a suffix of one length.
  package struct Stage: Sendable, Equatable {
    /// The most tokens appended.
    package var tokens: Int
    /// The share of rows that go to the last tier; `nil` without rows.
    package var strongestShare: Interval?
    /// The median of gain after − gain before; `nil` without rows.
    package var medianGainChange: Double?
    /// The largest gain of any row; `nil` without rows.
    package var largestGain: Double?
    /// The mean cost of the chosen tiers, in the unit of the tier costs; `nil` without rows.
    package var meanCost: Double?
    /// The share of the last tier in the whole sample, were every row below it attacked as these were.
    package var trafficShare: Double?
  }

  /// The lengths that are reported; 0 is the log as it is.
  package static let lengths = [0, 1, 2, 4, 8]

  /// The attacked rows.
  package var rows: Int
  /// The rows of the sample below the last tier, of which ``rows`` were drawn.
  package var rowsBelow: Int
  /// One stage per length.
  package var stages: [Stage]
  /// The suffix repeated to ``longBytes``; its `tokens` is the length that is repeated.
  package var long: Stage
  /// How long the repeated suffix is, in bytes.
  package var longBytes: Int
  /// What the gain cannot exceed, however long the suffix: the ends of the calibrations.
  package var gainCeiling: Double
  /// How many tokens from the log were chosen.
  package var logTokens: Int
  /// How often each mark of the fixed list was chosen, most often first.
  package var marks: [Mark]

  /// A token of the fixed list.
  package struct Mark: Sendable, Equatable {
    package var text: String
    package var count: Int
  }
}

extension SuffixReport {
  /// Summarises searches.
  init(
    _ outcomes: [SuffixSearch.Outcome], search: SuffixSearch, rowsBelow: Int, sampled: Int, costs: TierCosts,
    parameters: RobustnessParameters
  ) {
    func stage(_ tokens: Int, _ after: (SuffixSearch.Outcome) -> TierScore) -> Stage {
      Stage(
        tokens: tokens, before: outcomes.map { $0.scores[0] }, after: outcomes.map(after), costs: costs,
        confidence: parameters.confidence, shareBelow: Double(rowsBelow) / Double(max(1, sampled)))
    }
    rows = outcomes.count
    self.rowsBelow = rowsBelow
    stages = Self.lengths.filter { $0 <= search.maximumTokens }.map { length in
      stage(length) { $0.score(after: length) }
    }
    long = stage(search.maximumTokens, \.long)
    longBytes = parameters.longSuffixBytes
    gainCeiling = Double(search.scorer.gainCeiling)
    let chosen = outcomes.flatMap(\.tokens)
    logTokens = chosen.count { $0 >= search.vocabulary.markCount }
    marks = Self.marks(chosen, search.vocabulary)
  }

  private static func marks(_ chosen: [Int], _ vocabulary: SuffixVocabulary) -> [Mark] {
    (0..<vocabulary.markCount).map { index in
      Mark(text: vocabulary.tokens[index], count: chosen.count { $0 == index })
    }.filter { $0.count > 0 }.sorted { ($1.count, $0.text) < ($0.count, $1.text) }
  }
}

extension SuffixReport.Stage {
  fileprivate init(
    tokens: Int, before: [TierScore], after: [TierScore], costs: TierCosts, confidence: Double, shareBelow: Double
  ) {
    self.tokens = tokens
    strongestShare = Interval(
      successes: after.count(where: \.isStrongest), count: after.count, confidence: confidence)
    let changes = zip(before, after).map { Double($1.gain - $0.gain) }.sorted()
    medianGainChange = changes.isEmpty ? nil : Quantile.linear(changes, fraction: 0.5)
    largestGain = after.map { Double($0.gain) }.max()
    meanCost = after.isEmpty ? nil : after.reduce(0) { $0 + costs.values[$1.tier] } / Double(after.count)
    trafficShare = strongestShare.map { 1 - shareBelow * (1 - $0.estimate) }
  }
}
