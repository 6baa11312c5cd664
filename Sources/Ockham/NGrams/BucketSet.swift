/// A set of n-gram buckets in the order of first insertion.
///
/// Presence is one bit per bucket; clearing walks the inserted buckets instead of the whole bitmap. Memory:
/// `bucketCount / 8` bytes plus four per insertion of the largest text.
struct BucketSet {
  /// The elements of the present group, until it is ended.
  private(set) var marks: BucketMarks
  /// The elements are the first ``count``; what lies behind them is room.
  private(set) var storage: [UInt32]
  private(set) var count = 0
  private var groupStart = 0

  init(bucketBits: Int) {
    marks = BucketMarks(bucketBits: bucketBits)
    storage = [UInt32](repeating: 0, count: 2_048)
  }

  /// The elements in place.
  var slice: ArraySlice<UInt32> { storage[..<count] }

  /// A copy of the elements.
  var elements: [UInt32] { Array(slice) }

  /// Makes room for `limit` insertions and calls `body` with a writer for them.
  @inline(__always) mutating func write(atMost limit: Int, _ body: (inout BucketWriter) -> Void) {
    if storage.count - count < limit { storage += [UInt32](repeating: 0, count: count + limit) }
    unsafe marks.withWords { bits in
      unsafe storage.withUnsafeMutableBufferPointer { storage in
        var writer = unsafe BucketWriter(bits: bits, elements: storage, count: count)
        body(&writer)
        count = writer.count
      }
    }
  }

  /// Ends a group: what follows may repeat its buckets. Returns the number of elements so far.
  mutating func endGroup() -> Int {
    let storage = storage
    marks.clear(storage.span.extracting(groupStart..<count))
    groupStart = count
    return count
  }

  /// Forgets all groups; the present one must have been ended. Keeps the room.
  mutating func removeAll() { (count, groupStart) = (0, 0) }

  /// Takes elements that came out of another set, all groups ended.
  mutating func load(_ stored: [UInt32]) {
    storage = stored
    (count, groupStart) = (stored.count, stored.count)
  }
}

/// Inserts into a ``BucketSet`` without looking at its bounds: buckets lie below the set's `bucketCount`, and there are no
/// more insertions than there is room for. Both are up to the maker of the writer and the buckets.
@safe struct BucketWriter {
  private let bits: UnsafeMutableBufferPointer<UInt64>
  private let elements: UnsafeMutableBufferPointer<UInt32>
  /// Elements of all groups so far.
  private(set) var count: Int

  init(bits: UnsafeMutableBufferPointer<UInt64>, elements: UnsafeMutableBufferPointer<UInt32>, count: Int) {
    unsafe (self.bits, self.elements) = (bits, elements)
    self.count = count
  }

  /// Adds a bucket unless the present group has it already. Words repeat at random, so this does not branch: the bucket is
  /// written in any case, and only counted when it is new.
  @inline(__always) mutating func insert(_ bucket: UInt32) {
    let (word, place) = (Int(bucket >> 6), UInt64(bucket & 63))
    let old = unsafe bits[word]
    unsafe elements[count] = bucket
    unsafe bits[word] = old | 1 &<< place
    count &+= Int(truncatingIfNeeded: ~(old &>> place) & 1)
  }
}
