/// The features of one response as they are kept where its text is not, or beside it: enough to score it and to train on it, bit
/// for bit as when it was read, with all that was known of it then.
package struct StoredResponse: Sendable, Hashable {
  /// The schema of the features; ``ResponseFeatures/fingerprint`` as a number.
  package let schema: UInt64
  package let options: FeatureOptions
  /// Where each ``Namespace``'s buckets end in ``buckets`` [4].
  package let groupEnds: [Int]
  /// Buckets in the order of first occurrence.
  package let buckets: [UInt32]
  /// The dense features, in the order of ``ResponseFeatures/names``.
  package let dense: [Float]

  /// The schema of this library's extractor.
  package static let currentSchema = UInt64(ResponseFeatures.fingerprint, radix: 16) ?? 0

  /// Takes what `extractor` finds in a response. `vector` is working storage of that extractor.
  ///
  /// - Parameter request: the features of the request that is answered.
  package init(
    _ response: Response, to request: FeatureVector, _ extractor: ResponseExtractor, using vector: inout ResponseVector
  ) {
    extractor.extract(response, to: request, into: &vector)
    schema = Self.currentSchema
    options = extractor.extractor.options
    groupEnds = Namespace.allCases.map { vector.groupEnds[$0.rawValue] }
    buckets = vector.buckets
    dense = vector.dense
  }

  /// Whether the extractor of this library, with the given options, would find the same kind of features.
  package func fit(_ options: FeatureOptions) -> Bool { schema == Self.currentSchema && self.options == options }
}

/// The layout, all integers little-endian:
///
///     version u8 = 1 · bucketBits u8 · flags u8 (1 word pairs, 2 character grams) · 0 u8 · schema u64
///     4 × count u32 of a namespace's buckets · each bucket in 2 bytes, or 3 where bucketBits > 16
///     dense count u16 · a bitmap of the values whose bits are not all 0 · those values as f32
extension StoredResponse {
  static let version: UInt8 = 1

  /// The features as bytes that ``init(bytes:)`` reads back, bit for bit.
  package var bytes: [UInt8] {
    var writer = FeatureWriter()
    writer.bytes += [Self.version, UInt8(options.bucketBits), writer.flags(options), 0]
    writer.append(schema, 8)
    writer.append(groupEnds: groupEnds, buckets: buckets, options: options)
    writer.append(dense)
    return writer.bytes
  }

  /// Reads what ``bytes`` wrote.
  ///
  /// - Throws: ``StoredFeaturesError``; no bytes can do harm.
  package init(bytes: [UInt8]) throws(StoredFeaturesError) {
    var reader = FeatureReader(bytes: bytes)
    let version = UInt8(try reader.next(1))
    guard version == Self.version else { throw .version(expected: Self.version, found: version) }
    let (bits, flags, rest) = (try reader.next(1), try reader.next(1), try reader.next(1))
    schema = try reader.next(8)
    guard schema == Self.currentSchema else { throw .schema(expected: Self.currentSchema, found: schema) }
    options = try reader.options(bits: bits, flags: flags)
    groupEnds = try reader.groupEnds()
    buckets = try reader.buckets(count: groupEnds[3], options)
    dense = try reader.dense(count: ResponseFeatures.names.count)
    guard rest == 0, reader.isAtEnd else { throw reader.damage }
  }
}

extension ResponseVector {
  /// Takes stored features, as if they had been extracted.
  ///
  /// - Precondition: the features fit the options that the vector was made for.
  package mutating func load(_ stored: StoredResponse) {
    precondition(stored.dense.count == dense.count && stored.groupEnds.count == Namespace.allCases.count)
    content.bucketSet.load(stored.buckets)
    for namespace in Namespace.allCases { content.groupEnds[namespace.rawValue] = stored.groupEnds[namespace.rawValue] }
    for index in dense.indices { dense[index] = stored.dense[index] }
  }
}
