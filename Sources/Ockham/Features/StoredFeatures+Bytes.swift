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
    var writer = ByteWriter()
    let flags: UInt8 = (options.wordPairs ? 1 : 0) | (options.characterGrams ? 2 : 0)
    writer.bytes += [Self.version, UInt8(options.bucketBits), flags, needs.capabilities.rawValue]
    for value in [schema, contentHash] { writer.append(value, 8) }
    for count in [textBytes, needs.inputTokens, needs.outputTokens] { writer.append(UInt64(count), 8) }
    var start = 0
    for end in groupEnds {
      writer.append(UInt64(end - start), 4)
      start = end
    }
    for bucket in buckets { writer.append(UInt64(bucket), Self.bucketBytes(options)) }
    writer.append(dense)
    return writer.bytes
  }

  /// Reads what ``bytes`` wrote.
  ///
  /// - Throws: ``StoredFeaturesError``; no bytes can do harm.
  package init(bytes: [UInt8]) throws(StoredFeaturesError) {
    var reader = ByteReading(bytes: bytes)
    let version = UInt8(try reader.next(1))
    guard version == Self.version else { throw .version(expected: Self.version, found: version) }
    let (bits, flags, capabilities) = (Int(try reader.next(1)), try reader.next(1), UInt8(try reader.next(1)))
    let schema = try reader.next(8)
    guard schema == Self.currentSchema else { throw .schema(expected: Self.currentSchema, found: schema) }
    guard FeatureOptions.bucketBitsRange.contains(bits), flags < 4 else { throw reader.damage }
    let options = FeatureOptions(bucketBits: bits, wordPairs: flags & 1 != 0, characterGrams: flags & 2 != 0)
    let contentHash = try reader.next(8)
    let textBytes = try reader.count()
    guard textBytes < 1 << 48 else { throw reader.damage }
    var needs = RequestNeeds(Request(segments: []))
    (needs.inputTokens, needs.outputTokens) = (try reader.count(), try reader.count())
    needs.capabilities = Capabilities(rawValue: capabilities)
    let groupEnds = try reader.groupEnds()
    let buckets = try reader.buckets(count: groupEnds[3], options)
    self.init(
      schema: schema, options: options, groupEnds: groupEnds, buckets: buckets, dense: try reader.dense(),
      textBytes: textBytes, contentHash: contentHash, needs: needs)
    guard reader.isAtEnd else { throw reader.damage }
  }

  fileprivate static func bucketBytes(_ options: FeatureOptions) -> Int { options.bucketBits > 16 ? 3 : 2 }
}

private struct ByteWriter {
  var bytes: [UInt8] = []

  mutating func append(_ value: UInt64, _ count: Int) {
    for shift in 0..<count { bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * shift))) }
  }

  mutating func append(_ dense: [Float]) {
    append(UInt64(dense.count), 2)
    var bitmap = [UInt8](repeating: 0, count: (dense.count + 7) / 8)
    for (index, value) in dense.enumerated() where value.bitPattern != 0 { bitmap[index / 8] |= 1 << UInt8(index % 8) }
    bytes += bitmap
    for value in dense where value.bitPattern != 0 { append(UInt64(value.bitPattern), 4) }
  }
}

private struct ByteReading {
  let bytes: [UInt8]
  private var position = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  var isAtEnd: Bool { position == bytes.count }
  var damage: StoredFeaturesError { .damaged(byteCount: bytes.count) }

  mutating func next(_ count: Int) throws(StoredFeaturesError) -> UInt64 {
    guard bytes.count - position >= count else { throw damage }
    var value: UInt64 = 0
    for shift in 0..<count { value |= UInt64(bytes[position + shift]) << UInt64(8 * shift) }
    position += count
    return value
  }

  /// A count below 2⁵⁸, as ``RequestNeeds`` bounds them, so that a sum of two does not overflow.
  mutating func count() throws(StoredFeaturesError) -> Int {
    let value = try next(8)
    guard value < 1 << 58 else { throw damage }
    return Int(value)
  }

  mutating func groupEnds() throws(StoredFeaturesError) -> [Int] {
    var ends: [Int] = []
    for _ in Namespace.allCases { ends.append((ends.last ?? 0) + Int(try next(4))) }
    return ends
  }

  mutating func buckets(count: Int, _ options: FeatureOptions) throws(StoredFeaturesError) -> [UInt32] {
    let width = StoredFeatures.bucketBytes(options)
    guard count <= (bytes.count - position) / width else { throw damage }
    var buckets: [UInt32] = []
    buckets.reserveCapacity(count)
    for _ in 0..<count {
      let bucket = try next(width)
      guard bucket < UInt64(options.bucketCount) else { throw damage }
      buckets.append(UInt32(bucket))
    }
    return buckets
  }

  mutating func dense() throws(StoredFeaturesError) -> [Float] {
    guard try next(2) == UInt64(DenseFeatures.names.count) else { throw damage }
    var isPresent: [Bool] = []
    for start in stride(from: 0, to: DenseFeatures.names.count, by: 8) {
      let bits = try next(1)
      for bit in 0..<min(8, DenseFeatures.names.count - start) { isPresent.append(bits >> UInt64(bit) & 1 == 1) }
    }
    var values: [Float] = []
    for present in isPresent { values.append(present ? Float(bitPattern: UInt32(try next(4))) : 0) }
    guard values.allSatisfy({ $0.isFinite }) else { throw damage }
    return values
  }
}
