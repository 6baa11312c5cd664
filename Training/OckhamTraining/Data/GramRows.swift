import Ockham

/// The n-gram buckets of many requests, row after row, each row divided by namespace.
package struct GramRows: Sendable {
  /// Where each row's buckets begin [rows + 1].
  private(set) var starts: [Int] = [0]
  /// Where each namespace's buckets end within ``buckets`` [rows × 4].
  private(set) var groupEnds: [Int] = []
  private(set) var buckets: [UInt32] = []

  var rows: Int { starts.count - 1 }

  /// Appends the buckets of one request.
  mutating func append(_ vector: FeatureVector) {
    let offset = buckets.count
    buckets.append(contentsOf: vector.buckets)
    for namespace in Namespace.allCases { groupEnds.append(offset + vector.groupEnds[namespace.rawValue]) }
    starts.append(buckets.count)
  }

  /// Appends all rows of another set.
  mutating func append(_ other: GramRows) {
    let offset = buckets.count
    buckets.append(contentsOf: other.buckets)
    groupEnds.append(contentsOf: other.groupEnds.lazy.map { $0 + offset })
    starts.append(contentsOf: other.starts.dropFirst().lazy.map { $0 + offset })
  }

  /// All buckets of a row.
  func buckets(ofRow row: Int) -> ArraySlice<UInt32> { buckets[starts[row]..<starts[row + 1]] }

  /// The ranges of ``buckets`` that a row's namespaces take, in order; some are empty.
  func groups(ofRow row: Int) -> [Range<Int>] {
    var begin = starts[row]
    return Namespace.allCases.map { namespace in
      let end = groupEnds[row * Namespace.allCases.count + namespace.rawValue]
      defer { begin = end }
      return begin..<end
    }
  }
}

extension GramRows {
  /// Buckets over all rows.
  var entryCount: Int { buckets.count }
}
