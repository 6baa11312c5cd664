import Synchronization

/// A number that many threads change: one series of a counter or gauge.
///
/// Held as the bits of a double; adding is a compare-and-swap, so that no thread waits for another.
package final class MetricCell: Sendable {
  private let bits = Atomic<UInt64>(0)

  package init() {}

  package var value: Double { Double(bitPattern: bits.load(ordering: .relaxed)) }

  /// Adds a finite amount; anything else is skipped.
  package func add(_ amount: Double = 1) {
    guard amount.isFinite else { return }
    var old = bits.load(ordering: .relaxed)
    while true {
      let new = (Double(bitPattern: old) + amount).bitPattern
      let (exchanged, found) = bits.weakCompareExchange(expected: old, desired: new, ordering: .relaxed)
      if exchanged { return }
      old = found
    }
  }

  /// Sets a gauge.
  package func set(_ value: Double) { bits.store(value.bitPattern, ordering: .relaxed) }
}

/// One series of a histogram: counts by bucket, and the sum of what was observed.
package final class HistogramCell: Sendable {
  /// The largest value of each bucket, rising; a further bucket takes what is larger.
  let bounds: [Double]
  private let counts: [MetricCell]
  private let total = MetricCell()

  init(bounds: [Double]) {
    self.bounds = bounds
    counts = (0...bounds.count).map { _ in MetricCell() }
  }

  /// Counts a value; what is not finite is skipped, and what is below 0 counts as 0.
  /// - Complexity: O(buckets).
  package func observe(_ value: Double) {
    guard value.isFinite else { return }
    let value = max(0, value)
    counts[bounds.firstIndex { value <= $0 } ?? bounds.count].add()
    total.add(value)
  }

  /// Observations up to each bound, and in all [bounds + 1].
  var cumulativeCounts: [Double] {
    var sum = 0.0
    return counts.map { count in
      sum += count.value
      return sum
    }
  }

  var sum: Double { total.value }
}
