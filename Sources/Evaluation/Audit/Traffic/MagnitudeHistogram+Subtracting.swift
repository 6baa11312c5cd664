extension MagnitudeHistogram {
  /// Takes numbers out that were added. Of a bucket without numbers nothing is left, whatever its sum was rounded to.
  package mutating func subtract(_ other: MagnitudeHistogram) {
    for (index, bucket) in other.buckets {
      guard var own = buckets[index] else { continue }
      own.count -= bucket.count
      own.sum = max(0, own.sum - bucket.sum)
      buckets[index] = own.count > 0 ? own : nil
    }
  }
}
