/// The features of one request: sparse n-gram buckets per namespace, and dense structure.
///
/// Reuse one vector for many requests: after the first few, extraction allocates nothing.
public struct FeatureVector: Sendable {
  /// Buckets in the order of first occurrence, distinct within a namespace; see ``groupEnds``.
  public var buckets: [UInt32] { bucketSet.elements }

  /// Where each ``Namespace``'s buckets end in ``buckets``; the buckets of namespace `n` are
  /// `groupEnds[n - 1] ..< groupEnds[n]` (from 0 for the first).
  public internal(set) var groupEnds = InlineArray<4, Int>(repeating: 0)

  /// The dense features, in the order of ``DenseFeatures/names``; zeros before the first request.
  public internal(set) var dense: [Float]

  var bucketSet: BucketSet

  init(options: FeatureOptions) {
    bucketSet = BucketSet(bucketBits: options.bucketBits)
    dense = [Float](repeating: 0, count: DenseFeatures.names.count)
  }

  /// Writes the dense features.
  ///
  /// A function of its own: inlined into the scan, it makes the compiler move all counts about several times. For the same
  /// reason the counts, which do not change, come as `inout`.
  @inline(never) mutating func describe(_ statistics: inout TextStatistics, _ attributes: RequestAttributes) {
    var sink = ValueSink()
    statistics.describe(attributes, to: &sink)
    var values = dense.mutableSpan
    sink.write(to: &values)
  }
}
