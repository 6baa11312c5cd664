package import RequestLog

/// How a log is labelled.
package struct LabelOptions: Sendable {
  /// The model or tier whose answers stand in for a missing reference, and that a judge compares the others with.
  package var frontier = "frontier"
  /// Other names of the same: the models behind the tier. The first name with an answer counts.
  package var frontierModels: [String] = []
  /// Whether qualities that are there are worked out anew; otherwise they stay.
  package var replacesQualities = false
  /// Whether ratings by people check the qualities that are there: they are kept beside them, as gold.
  package var keepsRatingsAsGold = false
  /// Whether the first bad record ends labelling.
  package var isStrict = false
  /// How many problems the summary keeps.
  package var keptProblems = 10
  /// Called after each line, on the reading thread.
  package var onProgress: (@Sendable (LogProgress) -> Void)?
  /// Asked before each line: whether someone wants to stop.
  package var isCancelled: (@Sendable () -> Bool)?

  package init() {}
}
