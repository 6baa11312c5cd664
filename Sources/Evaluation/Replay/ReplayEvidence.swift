/// How much of a log speaks about the difference of two policies.
package struct ReplayEvidence: Sendable, Equatable {
  /// Rows that show: by labels, those on which the policies differ and which are known under both tiers; by propensities, those that
  /// chance sent where one of the policies would.
  package var matchedRows = 0
  /// Conversations with such a row.
  package var conversations = 0
  /// (Σ W)² / Σ W² over conversations (Kish 1965).
  package var effectiveSampleSize = 0.0
  /// The greatest share of the weight that one conversation has; `nil` without any.
  package var greatestShare: Double?
  /// Rows that were drawn to be rated under both tiers and are not.
  package var missingRows = 0
  /// Rows that people rated beside labels.
  package var goldRows = 0

  /// Whether there are enough of them to correct the labels.
  package var isGoldCorrected: Bool { goldRows >= LabelEstimate.leastGold }

  init() {}

  /// - Parameter weights: of each conversation; 0 for those that show nothing.
  init(matchedRows: Int, missingRows: Int = 0, weights: [Double]) {
    let positive = weights.filter { $0 > 0 }
    let sum = positive.reduce(0, +)
    self.matchedRows = matchedRows
    self.missingRows = missingRows
    conversations = positive.count
    effectiveSampleSize = sum > 0 ? sum * sum / positive.reduce(0) { $0 + $1 * $1 } : 0
    greatestShare = positive.max().map { $0 / sum }
  }

  /// Of the rows that were drawn, the share without a label.
  package var missingShare: Double {
    missingRows > 0 ? Double(missingRows) / Double(missingRows + matchedRows) : 0
  }
}
