/// A bucket that fills steadily and is drawn from: so much per minute, at most a minute's worth at once.
struct TokenBucket: Sendable {
  /// The limit per minute, and the most that the bucket holds.
  let capacity: Double
  /// May be below 0 after a draw that turned out larger than its estimate.
  private(set) var level: Double
  /// In seconds since 1970.
  private var time: Double

  init(perMinute: Int, time: Double) {
    capacity = Double(perMinute)
    level = capacity
    self.time = time
  }

  private var perSecond: Double { capacity / 60 }

  /// Lets time pass. A clock that goes back changes nothing.
  mutating func advance(to now: Double) {
    guard now > time else { return }
    level = min(capacity, level + (now - time) * perSecond)
    time = now
  }

  /// What a draw of an amount really takes: a draw beyond the capacity needs a full bucket, as it would never pass.
  private func due(_ amount: Double) -> Double { min(amount, capacity) }

  /// Whether an amount can be drawn.
  func has(_ amount: Double) -> Bool { level >= due(amount) }

  /// Draws; a negative amount gives back.
  mutating func draw(_ amount: Double) { level = min(capacity, level - amount) }

  /// Seconds until an amount can be drawn.
  func secondsUntil(_ amount: Double) -> Double { max(0, (due(amount) - level) / perSecond) }

  /// Seconds until the bucket is full.
  var secondsUntilFull: Double { max(0, (capacity - level) / perSecond) }

  /// Whole draws of 1 that are left.
  var remaining: Int { Int(max(0, level)) }
}
