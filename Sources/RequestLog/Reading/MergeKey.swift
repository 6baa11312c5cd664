import TextKit

/// What makes rows of a log parts of one record. The raw value is the name on the command line.
package enum MergeKey: String, Sendable, Hashable, CaseIterable {
  /// The same id.
  case id
  /// The same request, whatever the ids.
  case content

  /// The advice to merge by content; `nil` where at most one record, or fewer than a tenth, would gain by it.
  /// - Parameters:
  ///   - split: records that ask what an earlier one asks, and report others.
  ///   - others: what they report: `models`, `tiers`.
  package static func contentAdvice(_ split: Int, of records: Int, others: String) -> String? {
    guard split > 1, 10 * split >= records else { return nil }
    return
      "\(NumberFormat.count(split)) records repeat the request of an earlier one with other \(others), under ids of their own: "
      + "--merge content makes one record of each request when the log is read"
  }
}
