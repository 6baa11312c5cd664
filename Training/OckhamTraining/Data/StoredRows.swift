import ModelFiles
import Foundation

/// What the records of a log make of themselves without knowing the tiers, in memory or on disk; see ``DatasetRows``.
struct StoredRows: Sendable {
  let grams: StoredNGrams
  /// Row-major [rows × d].
  let dense: Column<Float>
  let promptBytes: [Int]
  let contentHashes: [UInt64]
  /// The content hash of the first row that each row resembles: what near-duplicates share.
  let nearKeys: [UInt64]
  /// ``QuestionStem/key`` by row; empty where no one knows.
  var stemKeys: [UInt64] = []
}

/// ``StoredRows`` in progress.
struct StoredRowsBuilder: ~Copyable {
  private var grams: StoredNGramsBuilder
  private var dense: ColumnBuilder<Float>
  private var promptBytes: [Int] = []
  private var contentHashes: [UInt64] = []
  private var stemKeys: [UInt64] = []
  private var leastHashes: ColumnBuilder<UInt32>

  /// - Parameter folder: where features are kept on disk; in memory when left out.
  init(in folder: URL?) throws(FileWriteError) {
    let grams = try StoredNGramsBuilder(in: folder)
    let dense = try ColumnBuilder<Float>(in: folder)
    let leastHashes = try ColumnBuilder<UInt32>(in: folder)
    self.grams = grams
    self.dense = dense
    self.leastHashes = leastHashes
  }

  mutating func append(_ part: DatasetRows) throws(FileWriteError) {
    try grams.append(part.grams)
    try dense.append(part.dense)
    promptBytes += part.promptBytes
    contentHashes += part.contentHashes
    stemKeys += part.stemKeys
    try leastHashes.append(part.leastHashes)
  }

  consuming func seal() throws(FileWriteError) -> StoredRows {
    let (promptBytes, contentHashes, stemKeys) = (promptBytes, contentHashes, stemKeys)
    let grams = try grams.seal()
    var duplicates = NearDuplicates(grams, leastHashes: try leastHashes.seal())
    let nearKeys = duplicates.heads().map { contentHashes[Int($0)] }
    return StoredRows(
      grams: grams, dense: try dense.seal(), promptBytes: promptBytes, contentHashes: contentHashes, nearKeys: nearKeys,
      stemKeys: stemKeys)
  }
}
