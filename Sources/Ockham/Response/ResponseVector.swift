/// The features of one response to one request: buckets of n-grams, and dense structure.
///
/// Reuse one for many responses: after the first few, extraction allocates nothing.
public struct ResponseVector: Sendable {
  /// Buckets in the order of first occurrence: those of the text in the namespace of a question, of tool calls' arguments in
  /// that of the history, of their tools' names in that of tools; see ``FeatureVector/groupEnds``.
  public var buckets: [UInt32] { content.buckets }

  /// Where each ``Namespace``'s buckets end in ``buckets``; that of the system has none.
  public var groupEnds: InlineArray<4, Int> { content.groupEnds }

  /// The dense features, in the order of ``ResponseFeatures/names``; zeros before the first response.
  public internal(set) var dense: [Float]

  /// The texts' features, as if they were a request's.
  var content: FeatureVector
  /// One bit for each bucket of the request's question, while a response is read.
  private var asked: [UInt64]

  init(options: FeatureOptions) {
    content = FeatureVector(options: options)
    asked = [UInt64](repeating: 0, count: max(1, options.bucketCount / 64))
    dense = [Float](repeating: 0, count: ResponseFeatures.names.count)
  }

  /// Makes ``isAsked(_:)`` know the buckets of the question.
  mutating func mark(_ question: ArraySlice<UInt32>) {
    for bucket in question { asked[Int(bucket >> 6)] |= 1 &<< UInt64(bucket & 63) }
  }

  /// Whether a bucket is marked.
  @inline(__always) func isAsked(_ bucket: UInt32) -> Bool {
    asked[Int(bucket >> 6)] &>> UInt64(bucket & 63) & 1 == 1
  }

  /// Takes the marks away again.
  mutating func unmark(_ question: ArraySlice<UInt32>) {
    for bucket in question { asked[Int(bucket >> 6)] = 0 }
  }

  /// Writes the dense features.
  @inline(never) mutating func describe(_ response: borrowing ResponseStatistics) {
    for index in content.dense.indices { dense[index] = content.dense[index] }
    var sink = ValueSink()
    response.describe(to: &sink)
    let start = content.dense.count
    for index in 0..<dense.count - start { dense[start + index] = sink.values(block: index >> 3)[index & 7] }
  }
}
