/// Which ids, and where asked for which requests, several rows of the logs have, and how many: what merging must wait for.
struct RepeatedKeys: Sendable {
  /// How many rows have the id, by its hash; ids of one row are left out.
  let ids: [UInt64: Int]
  /// The same by ``LogRecord/contentHash``; empty where rows are merged by id.
  let contents: [UInt64: Int]
}
