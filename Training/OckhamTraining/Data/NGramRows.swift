import Ockham

/// The n-gram buckets of some requests, row after row, each row divided by namespace: a part of ``StoredNGrams``.
struct NGramRows: Sendable {
  /// Where each namespace's buckets end within ``buckets`` [rows × 4].
  private(set) var groupEnds: [Int] = []
  private(set) var buckets: [UInt32] = []

  /// Appends the buckets of one response: its four lists stand in the places of namespaces.
  mutating func append(_ vector: ResponseVector) {
    let offset = buckets.count
    buckets.append(contentsOf: vector.buckets)
    for namespace in Namespace.allCases { groupEnds.append(offset + vector.groupEnds[namespace.rawValue]) }
  }

  /// Appends the buckets of one request.
  mutating func append(_ vector: FeatureVector) {
    let offset = buckets.count
    buckets.append(contentsOf: vector.buckets)
    for namespace in Namespace.allCases { groupEnds.append(offset + vector.groupEnds[namespace.rawValue]) }
  }
}
