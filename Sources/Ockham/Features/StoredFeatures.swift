/// The features of one request as they are kept where its text is not: enough to score it and to train on it, bit for bit
/// as from the text.
///
/// Buckets are hashes of words and pairs of words. With a list of words it can be found which of them a request may
/// hold, so features hide the text from a reader but are no anonymisation.
package struct StoredFeatures: Sendable, Hashable {
  /// The feature schema of the extractor; ``FeatureSchema/fingerprint`` as a number.
  package let schema: UInt64
  package let options: FeatureOptions
  /// Where each ``Namespace``'s buckets end in ``buckets`` [4].
  package let groupEnds: [Int]
  /// Buckets in the order of first occurrence.
  package let buckets: [UInt32]
  /// The dense features, in the order of ``DenseFeatures/names``.
  package let dense: [Float]
  /// Bytes of all messages' text.
  package let textBytes: Int
  /// ``Request/contentHash`` of the request.
  package let contentHash: UInt64
  /// What the request needs of a tier.
  package let needs: RequestNeeds

  /// The schema of this library's extractor.
  package static let currentSchema = UInt64(FeatureSchema.fingerprint, radix: 16) ?? 0

  /// Takes what `extractor` finds in a request. `vector` is working storage of that extractor.
  package init(_ request: Request, _ extractor: FeatureExtractor, using vector: inout FeatureVector) {
    extractor.extract(request, into: &vector)
    schema = Self.currentSchema
    options = extractor.options
    groupEnds = Namespace.allCases.map { vector.groupEnds[$0.rawValue] }
    buckets = vector.buckets
    dense = vector.dense
    textBytes = request.textBytes
    contentHash = request.contentHash
    needs = RequestNeeds(request)
  }

  init(
    schema: UInt64, options: FeatureOptions, groupEnds: [Int], buckets: [UInt32], dense: [Float], textBytes: Int,
    contentHash: UInt64, needs: RequestNeeds
  ) {
    self.schema = schema
    self.options = options
    self.groupEnds = groupEnds
    self.buckets = buckets
    self.dense = dense
    self.textBytes = textBytes
    self.contentHash = contentHash
    self.needs = needs
  }

  /// Whether the extractor of this library, with the given options, would find the same kind of features.
  package func fit(_ options: FeatureOptions) -> Bool { schema == Self.currentSchema && self.options == options }
}

extension FeatureVector {
  /// Takes stored features, as if they had been extracted.
  ///
  /// - Precondition: the features fit the options that the vector was made for.
  package mutating func load(_ features: StoredFeatures) {
    precondition(features.dense.count == dense.count && features.groupEnds.count == Namespace.allCases.count)
    bucketSet.load(features.buckets)
    for namespace in Namespace.allCases { groupEnds[namespace.rawValue] = features.groupEnds[namespace.rawValue] }
    for index in dense.indices { dense[index] = features.dense[index] }
  }
}
