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

  /// The most that is owed, in minutes' worth: one count that is far off must not lock a key for long.
  static let maximumDebt = 10.0

  /// What a draw of an amount really takes: a draw beyond the capacity needs a full bucket, as it would never pass.
  private func due(_ amount: Double) -> Double { min(amount, capacity) }

  /// Whether an amount can be drawn.
  func has(_ amount: Double) -> Bool { level >= due(amount) }

  /// Draws, into debt too, as far as that goes; a negative amount gives back.
  /// - Returns: what was drawn.
  @discardableResult mutating func draw(_ amount: Double) -> Double {
    let before = level
    level = min(capacity, max(level - amount, -Self.maximumDebt * capacity))
    return before - level
  }

  /// Seconds until an amount can be drawn.
  func secondsUntil(_ amount: Double) -> Double { max(0, (due(amount) - level) / perSecond) }

  /// Seconds until the bucket is full.
  var secondsUntilFull: Double { max(0, (capacity - level) / perSecond) }

  /// Whole draws of 1 that are left.
  var remaining: Int { Int(max(0, level)) }
}
