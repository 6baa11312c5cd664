import TextKit

/// The result of reading a log: counts, and the first problems.
package struct LogSummary: Sendable, Hashable {
  /// Records that were read.
  package var records = 0
  /// Records that were left out because ``LogOptions/leavesOut`` says so.
  package var leftOut = 0
  /// Records that were rejected, by reason.
  package var rejected: [RejectionReason: Int] = [:]
  /// The first problems, as many as ``LogOptions/keptProblems``.
  package var problems: [LogProblem] = []
  /// Bytes read from the files.
  package var bytesRead = 0
  /// Files that were read to their end without a single record or problem.
  package var emptyPaths: [String] = []
  /// Rows that went into the record of an earlier row.
  package var merged = 0
  /// Those of them that say with which probability they were drawn: what estimates from propensities read unmerged.
  package var mergedDraws = 0
  /// Qualities and labels on which rows of one record differ: the mean counts, and the first label.
  package var contradictions = 0
  /// The qualities outside 0…1 that records were rejected for.
  package private(set) var marksOffScale: MarksOffScale?
  /// What was skipped; complete at the end.
  package var remarks: [LogRemark] = []

  package init() {}

  /// Records that were rejected.
  package var rejectedCount: Int { rejected.values.reduce(0, +) }

  /// Records that were rejected because an earlier one has the same id.
  package var duplicates: Int { rejected[.duplicateID] ?? 0 }

  /// Counts a rejected record.
  mutating func add(_ problem: LogProblem, keeping limit: Int) {
    rejected[problem.reason, default: 0] += 1
    if problems.count < limit { problems.append(problem) }
    if let mark = problem.markOffScale {
      if marksOffScale?.add(mark) == nil { marksOffScale = MarksOffScale(mark) }
    }
  }
}

extension LogSummary: CustomStringConvertible {
  /// One line, such as `7,087 records read, 3 rejected: 2 out_of_range, 1 duplicate_id`.
  package var description: String {
    var text = "\(NumberFormat.count(records)) records read, \(NumberFormat.count(rejectedCount)) rejected"
    let reasons = rejected.sorted { ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue) }
    if !reasons.isEmpty {
      text += ": " + reasons.map { "\(NumberFormat.count($0.value)) \($0.key.rawValue)" }.joined(separator: ", ")
    }
    if merged > 0 {
      text += "; \(NumberFormat.count(merged)) rows merged into the record of an earlier one, "
      text += "\(NumberFormat.count(contradictions)) contradictions averaged"
    }
    if leftOut > 0 { text += "; \(NumberFormat.count(leftOut)) records of the evaluation share left out" }
    if !emptyPaths.isEmpty { text += "; nothing in " + emptyPaths.joined(separator: ", ") }
    return text
  }
}
