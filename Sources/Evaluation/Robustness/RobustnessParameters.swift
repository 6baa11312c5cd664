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
