import Foundation

/// What the records of a log make of themselves without knowing the tiers, in memory or on disk; see ``DatasetRows``.
struct StoredRows: Sendable {
  let grams: StoredGrams
  /// Row-major [rows × d].
  let dense: Column<Float>
  private(set) var promptBytes: [Int] = []
  private(set) var contentHashes: [UInt64] = []

  /// - Parameter folder: where features are kept on disk; in memory when left out.
  init(in folder: URL? = nil) throws(FileWriteError) {
    grams = try StoredGrams(in: folder)
    dense = try Column(in: folder)
  }

  /// Rows that are all there.
  init(grams: StoredGrams, dense: Column<Float>, promptBytes: [Int], contentHashes: [UInt64]) {
    self.grams = grams
    self.dense = dense
    self.promptBytes = promptBytes
    self.contentHashes = contentHashes
  }

  mutating func append(_ part: DatasetRows) throws(FileWriteError) {
    try grams.append(part.grams)
    try dense.append(part.dense)
    promptBytes += part.promptBytes
    contentHashes += part.contentHashes
  }

  func seal() throws(FileWriteError) {
    try grams.seal()
    try dense.seal()
  }
}
