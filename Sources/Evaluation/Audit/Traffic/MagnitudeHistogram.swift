import Foundation

/// Counts and sums of positive numbers in buckets that grow by an eighth of an octave (9 %): times in milliseconds, dollars.
///
/// Quantiles are within 4.5 % of the true value wherever the numbers lie; adding histograms is adding numbers. 0 has a bucket of its own.
package struct MagnitudeHistogram: Sendable, Hashable {
  /// One bucket.
  package struct Bucket: Sendable, Hashable {
    package var count: Int
    package var sum: Double
  }

  /// Buckets by ⌊8·log₂(value)⌋; ``zero`` holds zeros.
  package private(set) var buckets: [Int16: Bucket] = [:]

  package static let zero = Int16.min
  private static let steps = 8.0

  package init() {}

  /// Adds a number; what is negative or no number is skipped.
  package mutating func add(_ value: Double) {
    guard value >= 0, value.isFinite else { return }
    add(Bucket(count: 1, sum: value), at: Self.bucket(of: value))
  }

  package mutating func merge(_ other: MagnitudeHistogram) {
    for (index, bucket) in other.buckets { add(bucket, at: index) }
  }

  /// Takes numbers out that were added. Of a bucket without numbers nothing is left, whatever its sum was rounded to.
  package mutating func subtract(_ other: MagnitudeHistogram) {
    for (index, bucket) in other.buckets {
      guard var own = buckets[index] else { continue }
      own.count -= bucket.count
      own.sum = max(0, own.sum - bucket.sum)
      buckets[index] = own.count > 0 ? own : nil
    }
  }

  private mutating func add(_ bucket: Bucket, at index: Int16) {
    buckets[index, default: Bucket(count: 0, sum: 0)].count += bucket.count
    buckets[index]?.sum += bucket.sum
  }

  private static func bucket(of value: Double) -> Int16 {
    value > 0 ? Int16(clamping: Int((steps * log2(value)).rounded(.down))) : zero
  }

  /// The numbers that a bucket holds.
  private static func bounds(_ index: Int16) -> ClosedRange<Double> {
    index == zero ? 0...0 : exp2(Double(index) / steps)...exp2(Double(index + 1) / steps)
  }

  package var count: Int { buckets.values.reduce(0) { $0 + $1.count } }
  package var sum: Double { buckets.values.reduce(0) { $0 + $1.sum } }

  /// The number that a share of all does not pass; `nil` of none. Inside a bucket numbers count as evenly spread.
  package func quantile(_ share: Double) -> Double? {
    let total = count
    guard total > 0 else { return nil }
    var left = max(0, min(1, share)) * Double(total)
    for (index, bucket) in buckets.sorted(by: { $0.key < $1.key }) {
      guard left > Double(bucket.count) else {
        let bounds = Self.bounds(index)
        return bounds.lowerBound + (bounds.upperBound - bounds.lowerBound) * left / Double(bucket.count)
      }
      left -= Double(bucket.count)
    }
    return buckets.keys.max().map { Self.bounds($0).upperBound }
  }

  /// What the largest numbers add up to, so many of them; inside a bucket each counts as its mean.
  package func sum(ofLargest number: Int) -> Double {
    var (left, sum) = (number, 0.0)
    for (_, bucket) in buckets.sorted(by: { $0.key > $1.key }) where left > 0 {
      let taken = min(left, bucket.count)
      sum += bucket.sum * Double(taken) / Double(bucket.count)
      left -= taken
    }
    return sum
  }
}

/// As bytes, for a column of a database: of each bucket, in order, index, count and sum.
extension MagnitudeHistogram {
  private static let bytesOfBucket = 18

  package var bytes: [UInt8] {
    buckets.sorted { $0.key < $1.key }.flatMap { index, bucket in
      Self.littleEndian(UInt64(UInt16(bitPattern: index)), count: 2)
        + Self.littleEndian(UInt64(bucket.count), count: 8) + Self.littleEndian(bucket.sum.bitPattern, count: 8)
    }
  }

  /// Reads ``bytes``; `nil` for any others.
  package init?(bytes: [UInt8]) {
    guard bytes.count % Self.bytesOfBucket == 0 else { return nil }
    for start in stride(from: 0, to: bytes.count, by: Self.bytesOfBucket) {
      let index = Int16(bitPattern: UInt16(Self.number(bytes[start..<start + 2])))
      let sum = Double(bitPattern: Self.number(bytes[start + 10..<start + 18]))
      guard let count = Int(exactly: Self.number(bytes[start + 2..<start + 10])), count > 0, sum >= 0, sum.isFinite,
        buckets.updateValue(Bucket(count: count, sum: sum), forKey: index) == nil
      else { return nil }
    }
  }

  private static func littleEndian(_ number: UInt64, count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: number >> UInt64($0 * 8)) }
  }

  private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }
}
