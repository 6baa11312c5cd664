/// Reservations that no one has settled yet, named in the order in which they were made.
///
/// A lease that is over returns once, and is kept for a while: who settles it late counts it in full, and once.
struct Leases: Sendable {
  struct Lease: Sendable {
    let key: String
    let period: UTCDay
    /// `nil` where no estimate could be made.
    let estimateUSD: Double?
    /// What is set aside.
    let heldUSD: Double
    /// What was drawn.
    let tokens: Int
    fileprivate(set) var end = 0.0
    fileprivate(set) var isReturned = false

    init(key: String, period: UTCDay, estimateUSD: Double?, heldUSD: Double, tokens: Int) {
      self.key = key
      self.period = period
      self.estimateUSD = estimateUSD
      self.heldUSD = heldUSD
      self.tokens = tokens
    }
  }

  /// How long a lease that was not settled is known after its end.
  private static let keptSeconds = 86_400.0

  /// How many names one call looks at: no one waits for a backlog, and the next calls work it off.
  private static let steps: UInt64 = 16

  private let seconds: Double
  private var leases: [UInt64: Lease] = [:]
  private var next: UInt64 = 0
  /// Before it, all are settled or returned; and all are settled or forgotten.
  private var firstHeld: UInt64 = 0
  private var firstKept: UInt64 = 0

  init(seconds: Double) { self.seconds = seconds }

  /// Takes a lease and names it.
  mutating func open(_ lease: Lease, at time: Double) -> UInt64 {
    var lease = lease
    lease.end = (time.isFinite ? time : 0) + seconds
    leases[next] = lease
    next += 1
    return next - 1
  }

  /// Gives up a lease; `nil` where that was done before.
  mutating func close(_ id: UInt64) -> Lease? { leases.removeValue(forKey: id) }

  /// Leases that have ended since the last call, oldest first.
  mutating func takeExpired(at time: Double) -> [Lease] {
    let held = passed(from: firstHeld, until: time)
    guard !held.isEmpty || firstKept < firstHeld else { return [] }
    var expired: [Lease] = []
    for id in held {
      guard let lease = leases[id] else { continue }
      expired.append(lease)
      leases[id]?.isReturned = true
    }
    firstHeld = held.upperBound
    let kept = passed(from: firstKept, until: time - Self.keptSeconds)
    for id in kept { leases[id] = nil }
    firstKept = kept.upperBound
    return expired
  }

  /// The next names that are settled, or whose lease ended before a time.
  private func passed(from first: UInt64, until time: Double) -> Range<UInt64> {
    var end = first
    while end < min(next, first + Self.steps), leases[end].map({ $0.end <= time }) ?? true { end += 1 }
    return first..<end
  }
}
