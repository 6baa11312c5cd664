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
  /// The buckets of the request's question, while a response is read.
  var asked: BucketMarks

  init(options: FeatureOptions) {
    content = FeatureVector(options: options)
    asked = BucketMarks(bucketBits: options.bucketBits)
    dense = [Float](repeating: 0, count: ResponseFeatures.names.count)
  }

  /// Writes the dense features.
  @inline(never) mutating func describe(_ response: borrowing ResponseStatistics) {
    var sink = ValueSink()
    response.describe(to: &sink)
    let textDense = content.dense
    let text = textDense.span
    var values = dense.mutableSpan
    for index in text.indices { unsafe values[unchecked: index] = unsafe text[unchecked: index] }
    sink.write(to: &values, from: text.count)
  }
}
