/// One bit for each bucket: marked or not.
///
/// A bucket past the last one counts as what it is modulo their number, so that no look-up needs a branch or leaves the bits.
struct BucketMarks: Sendable {
  /// As many as a power of two.
  private var words: [UInt64]

  init(bucketBits: Int) { words = [UInt64](repeating: 0, count: 1 << max(0, bucketBits - 6)) }

  /// Calls `body` with the bits, 64 to a word.
  @inline(__always) mutating func withWords(_ body: (UnsafeMutableBufferPointer<UInt64>) -> Void) {
    unsafe words.withUnsafeMutableBufferPointer { unsafe body($0) }
  }

  /// Marks buckets. Returns how many of them `others` has marked, which has as many buckets.
  mutating func insert(_ buckets: Span<UInt32>, counting others: BucketMarks) -> Int {
    precondition(others.words.count == words.count, "marks of different sizes")
    let last = UInt32(words.count - 1)
    let others = others.words.span
    var words = words.mutableSpan
    var (index, count) = (0, UInt64(0))
    while index < buckets.count {
      let bucket = unsafe buckets[unchecked: index]
      let (word, place) = (Int(bucket >> 6 & last), UInt64(bucket & 63))
      count &+= unsafe others[unchecked: word] &>> place & 1
      unsafe words[unchecked: word] |= 1 &<< place
      index &+= 1
    }
    return Int(count)
  }

  /// Takes away the marks of buckets, and of those that share a word with one.
  mutating func clear(_ buckets: Span<UInt32>) {
    let last = UInt32(words.count - 1)
    var words = words.mutableSpan
    var index = 0
    while index < buckets.count {
      unsafe words[unchecked: Int(buckets[unchecked: index] >> 6 & last)] = 0
      index &+= 1
    }
  }

  /// Whether a bucket is marked.
  @inline(__always) func contains(_ bucket: UInt32) -> Bool { Self.mark(of: bucket, in: words.span) == 1 }

  /// How many of some buckets are marked.
  func count(in buckets: Span<UInt32>) -> Int {
    let words = words.span
    var count: UInt64 = 0
    for index in buckets.indices { count &+= Self.mark(of: unsafe buckets[unchecked: index], in: words) }
    return Int(count)
  }

  @inline(__always) private static func mark(of bucket: UInt32, in words: Span<UInt64>) -> UInt64 {
    unsafe words[unchecked: Int(bucket >> 6) & (words.count &- 1)] &>> UInt64(bucket & 63) & 1
  }
}
