/// Why bytes are no stored features.
package enum StoredFeaturesError: Error, Sendable, Hashable {
  /// Another version of the layout.
  case version(expected: UInt8, found: UInt8)
  /// The features of another version of the extractor.
  case schema(expected: UInt64, found: UInt64)
  /// Cut, too long, or values outside their ranges.
  case damaged(byteCount: Int)
}

/// The layout, all integers little-endian:
///
///     version u8 = 1 · bucketBits u8 · flags u8 (1 word pairs, 2 character grams) · capabilities u8
///     schema u64 · contentHash u64 · textBytes u64 · input tokens u64 · output tokens u64
///     4 × count u32 of a namespace's buckets · each bucket in 2 bytes, or 3 where bucketBits > 16
///     dense count u16 · a bitmap of the values whose bits are not all 0 · those values as f32
extension StoredFeatures {
  static let version: UInt8 = 1

  /// The features as bytes that ``init(bytes:)`` reads back, bit for bit; some 2 bytes for each distinct word and pair,
  /// and 300 more.
  package var bytes: [UInt8] {
    var writer = FeatureWriter()
    writer.bytes += [Self.version, UInt8(options.bucketBits), writer.flags(options), needs.capabilities.rawValue]
    for value in [schema, contentHash] { writer.append(value, 8) }
    for count in [textBytes, needs.inputTokens, needs.outputTokens] { writer.append(UInt64(count), 8) }
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
    let (bits, flags, capabilities) = (try reader.next(1), try reader.next(1), UInt8(try reader.next(1)))
    let schema = try reader.next(8)
    guard schema == Self.currentSchema else { throw .schema(expected: Self.currentSchema, found: schema) }
    let options = try reader.options(bits: bits, flags: flags)
    let contentHash = try reader.next(8)
    let textBytes = try reader.count()
    guard textBytes < 1 << 48 else { throw reader.damage }
    var needs = RequestNeeds(Request(segments: []))
    (needs.inputTokens, needs.outputTokens) = (try reader.count(), try reader.count())
    needs.capabilities = Capabilities(rawValue: capabilities)
    let groupEnds = try reader.groupEnds()
    let buckets = try reader.buckets(count: groupEnds[3], options)
    self.init(
      schema: schema, options: options, groupEnds: groupEnds, buckets: buckets,
      dense: try reader.dense(count: DenseFeatures.names.count),
      textBytes: textBytes, contentHash: contentHash, needs: needs)
    guard reader.isAtEnd else { throw reader.damage }
  }
}
