/// The features of one request: sparse n-gram buckets per namespace, and dense structure.
///
/// Reuse one vector for many requests: after the first few, extraction allocates nothing.
public struct FeatureVector {
  /// Buckets in the order of first occurrence, distinct within a namespace; see ``groupEnds``.
  public var buckets: [UInt32] { bucketSet.elements }

  /// Where each ``Namespace``'s buckets end in ``buckets``; the buckets of namespace `n` are
  /// `groupEnds[n - 1] ..< groupEnds[n]` (from 0 for the first).
  public internal(set) var groupEnds = InlineArray<4, Int>(repeating: 0)

  /// The dense features, in the order of ``DenseFeatures/names``.
  public var dense: [Float] { sink.values }

  var bucketSet: BucketSet
  var sink = ValueSink()

  init(options: FeatureOptions) {
    bucketSet = BucketSet(bucketBits: options.bucketBits)
    sink.values.reserveCapacity(DenseFeatures.names.count)
  }
}
