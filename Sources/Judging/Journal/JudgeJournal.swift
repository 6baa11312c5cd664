/// The verdicts that have been paid for, so that none is paid for twice. It holds hashes, verdicts and costs; no text.
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
  /// `nil` where the judge gave no verdict that could be read, whatever was tried.
  package var verdict: Verdict?
  package var costUSD: Double

  package init(verdict: Verdict?, costUSD: Double) {
    self.verdict = verdict
    self.costUSD = costUSD
  }
}
