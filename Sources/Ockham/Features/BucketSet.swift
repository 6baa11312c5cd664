/// A set of n-gram buckets in the order of first insertion.
///
/// Presence is one bit per bucket, so inserting is a load, a test and a store; clearing walks the inserted buckets instead
/// of the whole bitmap. Memory: `bucketCount / 8` bytes plus four per element.
struct BucketSet {
  private var bits: [UInt64]
  private(set) var elements: [UInt32]
  private var groupStart = 0

  init(bucketBits: Int) {
    bits = [UInt64](repeating: 0, count: max(1, 1 << (bucketBits - 6)))
    elements = []
    elements.reserveCapacity(2_048)
  }

  /// Adds a bucket unless the present group has it already.
  @inline(__always) mutating func insert(_ bucket: UInt32) {
    let word = Int(bucket >> 6)
    let bit = UInt64(1) << UInt64(bucket & 63)
    guard bits[word] & bit == 0 else { return }
    bits[word] |= bit
    elements.append(bucket)
  }

  /// Ends a group: what follows may repeat its buckets. Returns the number of elements so far.
  mutating func endGroup() -> Int {
    for index in groupStart..<elements.count { bits[Int(elements[index] >> 6)] = 0 }
    groupStart = elements.count
    return elements.count
  }

  /// Forgets all groups; the present one must have been ended. Keeps the capacity.
  mutating func removeAll() {
    elements.removeAll(keepingCapacity: true)
    groupStart = 0
  }

  /// Takes elements that came out of another set, all groups ended.
  mutating func load(_ stored: [UInt32]) {
    removeAll()
    elements.append(contentsOf: stored)
    groupStart = elements.count
  }
}
