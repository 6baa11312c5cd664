package import Ockham

/// How a log is read.
package struct LogOptions: Sendable {
  /// Whether the first rejected record ends reading with ``LogError/rejected(_:)``; otherwise it is skipped and counted.
  package var isStrict: Bool

  /// The longest line of JSON, or request column of a database, in bytes; below 4 GiB.
  package var maximumRecordBytes: Int

  /// The tiers that a `tier` label may name; `nil` accepts any name.
  package var tiers: [String]?

  /// Whether an id that occurs twice in a file rejects the second record. Checking takes some 16 bytes a record; without
  /// it, memory does not grow with the log.
  package var rejectsDuplicateIDs: Bool

  /// What makes rows parts of one record; `nil`, the default, takes every row for itself. Rows of one id in one file that
  /// ask different things are rejected either way, unless ``rejectsDuplicateIDs`` is off and nothing is merged.
  package var merging: MergeKey?

  /// The keys that several rows have, once they are counted.
  var repeats: RepeatedKeys?

  /// What records without text must fit: the options of every model that reads their features. Empty, the default, for a
  /// reader that needs text: such records are then rejected. With options, requests are read as they are scored
  /// (`Request.withoutHarnessText()`); without, as they stand.
  package var featureOptions: [FeatureOptions]

  /// Whether records without text are read whatever the options of their features.
  package var takesAnyFeatures = false

  /// Whether outcomes keep their answers: text, tool calls by name and arguments, finish reason, and one log probability
  /// per token. Off by default: answers are then skipped unchecked and take no memory, and the column of a database
  /// is not read.
  package var keepsAnswers: Bool

  /// Which records are left out, and counted in ``LogSummary/leftOut``; `nil` for none.
  package var leavesOut: (@Sendable (LogRecord) -> Bool)?

  /// How many problems ``LogSummary/problems`` keeps.
  package var keptProblems: Int

  /// Called when bytes have been read, at most once per MiB or so, on the reading thread.
  package var onProgress: (@Sendable (LogProgress) -> Void)?

  /// Creates options; the defaults skip bad records and take lines of up to 64 MiB.
  package init(
    isStrict: Bool = false, maximumRecordBytes: Int = 64 << 20, tiers: [String]? = nil,
    rejectsDuplicateIDs: Bool = true, featureOptions: [FeatureOptions] = [], keepsAnswers: Bool = false,
    keptProblems: Int = 10, merging: MergeKey? = nil,
    onProgress: (@Sendable (LogProgress) -> Void)? = nil
  ) {
    precondition((1..<0xFFFF_0000).contains(maximumRecordBytes), "the limit of a record must lie below 4 GiB")
    self.isStrict = isStrict
    self.maximumRecordBytes = maximumRecordBytes
    self.tiers = tiers
    self.rejectsDuplicateIDs = rejectsDuplicateIDs
    self.featureOptions = featureOptions
    self.keepsAnswers = keepsAnswers
    self.keptProblems = keptProblems
    self.merging = merging
    self.onProgress = onProgress
  }
}
