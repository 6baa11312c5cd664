/// What makes rows of a log parts of one record. The raw value is the name on the command line.
package enum MergeKey: String, Sendable, Hashable, CaseIterable {
  /// The same id.
  case id
  /// The same request, whatever the ids.
  case content

  /// The option of the command line that merges by content.
  package static let contentOption = "--merge content"
}
