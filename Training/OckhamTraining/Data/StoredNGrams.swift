import ModelFiles
import Foundation
import Ockham

/// The n-gram buckets of all rows of a dataset; see ``NGramRows``.
struct StoredNGrams: Sendable {
  /// Where each namespace's buckets end within ``buckets`` [rows × 4].
  let groupEnds: Column<Int>
  let buckets: Column<UInt32>

  private static let groupCount = Namespace.allCases.count

  fileprivate init(groupEnds: Column<Int>, buckets: Column<UInt32>) {
    self.groupEnds = groupEnds
    self.buckets = buckets
  }

  /// Rows without buckets.
  init(emptyRows: Int) {
    groupEnds = Column([Int](repeating: 0, count: emptyRows * Self.groupCount))
    buckets = Column([])
  }

  /// A copy of some rows, in memory.
  init(_ other: StoredNGrams, rows: [Int]) {
    var ends: [Int] = []
    var all: [UInt32] = []
    for row in rows {
      for group in other.groups(ofRow: row) {
        all += other.buckets[group]
        ends.append(all.count)
      }
    }
    groupEnds = Column(ends)
    buckets = Column(all)
  }

  var rows: Int { groupEnds.count / Self.groupCount }

  /// Bytes in scratch files.
  var scratchBytes: Int { buckets.scratchBytes + groupEnds.scratchBytes }

  /// Buckets over all rows.
  var entryCount: Int { buckets.count }

  /// The range of ``buckets`` that a row takes.
  @inline(__always)
  func range(ofRow row: Int) -> Range<Int> {
    let group = row * Self.groupCount
    return (group == 0 ? 0 : groupEnds[group - 1])..<groupEnds[group + Self.groupCount - 1]
  }

  /// The range of ``buckets`` that one namespace of a row takes.
  @inline(__always)
  func range(ofRow row: Int, group: Int) -> Range<Int> {
    let place = row * Self.groupCount + group
    return (place == 0 ? 0 : groupEnds[place - 1])..<groupEnds[place]
  }

  /// All buckets of a row.
  func buckets(ofRow row: Int) -> [UInt32] { buckets[range(ofRow: row)] }

  /// The ranges of ``buckets`` that a row's namespaces take, in order; some are empty.
  func groups(ofRow row: Int) -> [Range<Int>] { (0..<Self.groupCount).map { range(ofRow: row, group: $0) } }
}

/// ``StoredNGrams`` in progress.
struct StoredNGramsBuilder: ~Copyable {
  private var groupEnds: ColumnBuilder<Int>
  private var buckets: ColumnBuilder<UInt32>

  /// - Parameter folder: where they are kept on disk; in memory when left out.
  init(in folder: URL?) throws(FileWriteError) {
    let ends = try ColumnBuilder<Int>(in: folder)
    let all = try ColumnBuilder<UInt32>(in: folder)
    groupEnds = ends
    buckets = all
  }

  mutating func append(_ part: NGramRows) throws(FileWriteError) {
    let offset = buckets.count
    try buckets.append(part.buckets)
    try groupEnds.append(part.groupEnds.map { $0 + offset })
  }

  consuming func seal() throws(FileWriteError) -> StoredNGrams {
    StoredNGrams(groupEnds: try groupEnds.seal(), buckets: try buckets.seal())
  }
}
