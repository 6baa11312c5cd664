/// In how many of some rows each bucket occurs.
struct BucketCounts: Sendable {
  private let counts: [Int32]

  init(_ grams: StoredNGrams, rows: [Int], bucketCount: Int) {
    var counts = [Int32](repeating: 0, count: bucketCount)
    var last = [Int32](repeating: -1, count: bucketCount)
    let buckets = unsafe grams.buckets.elements
    for (place, row) in rows.enumerated() {
      for index in grams.range(ofRow: row) {
        let bucket = Int(unsafe buckets[index])
        // Namespaces of one row may share a bucket.
        if last[bucket] == Int32(place) { continue }
        last[bucket] = Int32(place)
        counts[bucket] += 1
      }
    }
    self.counts = counts
  }

  /// How many buckets of a row occur in fewer rows than `minimum`, repetitions across namespaces counted.
  func unseen(_ grams: StoredNGrams, row: Int, minimum: Int) -> Int {
    let buckets = unsafe grams.buckets.elements
    var count = 0
    for index in grams.range(ofRow: row) where Int(counts[Int(unsafe buckets[index])]) < minimum { count += 1 }
    return count
  }

  /// A bit for each bucket that occurs in at least `minimum` rows: bucket b is bit b mod 64 of word b div 64.
  func seen(minimum: Int) -> [UInt64] {
    var words = [UInt64](repeating: 0, count: counts.count / 64)
    for (bucket, count) in counts.enumerated() where Int(count) >= minimum {
      words[bucket / 64] |= 1 << UInt64(bucket % 64)
    }
    return words
  }
}
