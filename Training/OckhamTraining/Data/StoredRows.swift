import ModelFiles
import Foundation

/// What the records of a log make of themselves without knowing the tiers, in memory or on disk; see ``DatasetRows``.
struct StoredRows: Sendable {
  let grams: StoredGrams
  /// Row-major [rows × d].
  let dense: Column<Float>
  let promptBytes: [Int]
  let contentHashes: [UInt64]
  let nearKeys: [UInt64]
}

/// ``StoredRows`` under way.
struct StoredRowsBuilder: ~Copyable {
  private var grams: StoredGramsBuilder
  private var dense: ColumnBuilder<Float>
  private var promptBytes: [Int] = []
  private var contentHashes: [UInt64] = []
  private var nearKeys: [UInt64] = []
  private var nearDuplicates = NearDuplicates()

  /// - Parameter folder: where features are kept on disk; in memory when left out.
  init(in folder: URL?) throws(FileWriteError) {
    let grams = try StoredGramsBuilder(in: folder)
    let dense = try ColumnBuilder<Float>(in: folder)
    self.grams = grams
    self.dense = dense
  }

  mutating func append(_ part: DatasetRows) throws(FileWriteError) {
    try grams.append(part.grams)
    try dense.append(part.dense)
    promptBytes += part.promptBytes
    contentHashes += part.contentHashes
    for (sketch, hash) in zip(part.sketches, part.contentHashes) {
      nearKeys.append(nearDuplicates.key(of: sketch, contentHash: hash))
    }
  }

  consuming func seal() throws(FileWriteError) -> StoredRows {
    StoredRows(
      grams: try grams.seal(), dense: try dense.seal(), promptBytes: promptBytes, contentHashes: contentHashes,
      nearKeys: nearKeys)
  }
}
