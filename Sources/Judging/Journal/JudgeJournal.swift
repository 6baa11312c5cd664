/// What has been paid for, so that nothing is paid for twice. It holds hashes, verdicts, scores and costs; no text.
package protocol JudgeJournal: Sendable {
  /// What a call gave, in this run or an earlier one.
  func entry(for key: String) -> JournalEntry?

  /// US dollars that all calls in the journal have cost.
  var totalCostUSD: Double { get }

  /// Adds what a call gave.
  func add(_ entry: JournalEntry, for key: String) throws(JudgeError)

  /// Adds what a call without a verdict cost.
  func add(costUSD: Double) throws(JudgeError)
}

/// What a call gave.
package struct JournalEntry: Sendable, Hashable {
  /// `nil` where the judge gave no verdict that could be read, whatever was tried, or was asked for a score.
  package var verdict: Verdict?
  /// `nil` where the judge gave no score that could be read, or was asked for a verdict.
  package var score: Double?
  package var costUSD: Double

  package init(verdict: Verdict? = nil, score: Double? = nil, costUSD: Double) {
    self.verdict = verdict
    self.score = score
    self.costUSD = costUSD
  }
}
