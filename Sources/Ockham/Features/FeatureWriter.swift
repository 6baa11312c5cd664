/// Writes features as bytes, all integers little-endian: what the layouts of requests' and of responses' features share.
struct FeatureWriter {
  var bytes: [UInt8] = []

  mutating func append(_ value: UInt64, _ count: Int) {
    for shift in 0..<count { bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * shift))) }
  }

  func flags(_ options: FeatureOptions) -> UInt8 { (options.wordPairs ? 1 : 0) | (options.characterGrams ? 2 : 0) }

  /// The count of each namespace's buckets in 4 bytes, then the buckets in 2 or 3.
  mutating func append(groupEnds: [Int], buckets: [UInt32], options: FeatureOptions) {
    var start = 0
    for end in groupEnds {
      append(UInt64(end - start), 4)
      start = end
    }
    for bucket in buckets { append(UInt64(bucket), options.bucketBytes) }
  }

  /// The count in 2 bytes, a bitmap of the values whose bits are not all 0, and those values.
  mutating func append(_ dense: [Float]) {
    append(UInt64(dense.count), 2)
    var bitmap = [UInt8](repeating: 0, count: (dense.count + 7) / 8)
    for (index, value) in dense.enumerated() where value.bitPattern != 0 { bitmap[index / 8] |= 1 << UInt8(index % 8) }
    bytes += bitmap
    for value in dense where value.bitPattern != 0 { append(UInt64(value.bitPattern), 4) }
  }
}

extension FeatureOptions {
  /// The bytes of a stored bucket.
  fileprivate var bucketBytes: Int { bucketBits > 16 ? 3 : 2 }
}

/// Reads what a ``FeatureWriter`` wrote. No bytes can do harm.
struct FeatureReader {
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

  func options(bits: UInt64, flags: UInt64) throws(StoredFeaturesError) -> FeatureOptions {
    guard FeatureOptions.bucketBitsRange.contains(Int(bits)), flags < 4 else { throw damage }
    return FeatureOptions(bucketBits: Int(bits), wordPairs: flags & 1 != 0, characterGrams: flags & 2 != 0)
  }

  mutating func groupEnds() throws(StoredFeaturesError) -> [Int] {
    var ends: [Int] = []
    for _ in Namespace.allCases { ends.append((ends.last ?? 0) + Int(try next(4))) }
    return ends
  }

  mutating func buckets(count: Int, _ options: FeatureOptions) throws(StoredFeaturesError) -> [UInt32] {
    guard count <= (bytes.count - position) / options.bucketBytes else { throw damage }
    var buckets: [UInt32] = []
    buckets.reserveCapacity(count)
    for _ in 0..<count {
      let bucket = try next(options.bucketBytes)
      guard bucket < UInt64(options.bucketCount) else { throw damage }
      buckets.append(UInt32(bucket))
    }
    return buckets
  }

  mutating func dense(count: Int) throws(StoredFeaturesError) -> [Float] {
    guard try next(2) == UInt64(count) else { throw damage }
    var isPresent: [Bool] = []
    for start in stride(from: 0, to: count, by: 8) {
      let bits = try next(1)
      for bit in 0..<min(8, count - start) { isPresent.append(bits >> UInt64(bit) & 1 == 1) }
    }
    var values: [Float] = []
    for present in isPresent { values.append(present ? Float(bitPattern: UInt32(try next(4))) : 0) }
    guard values.allSatisfy({ $0.isFinite }) else { throw damage }
    return values
  }
}
