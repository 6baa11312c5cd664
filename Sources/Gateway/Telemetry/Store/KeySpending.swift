/// What a virtual key used on one day.
package struct KeySpending: Sendable, Hashable {
  /// The key's name; empty for requests without a key.
  package var key: String

  /// The UTC day, counted from 1970-01-01.
  package var day: Int
  package var requests = 0

  /// Requests whose cost is not known and is therefore missing from ``costUSD``.
  package var unpricedRequests = 0
  package var inputTokens = 0
  package var outputTokens = 0
  package var costUSD = 0.0

  /// What budgets counted: ``costUSD``, and estimates where a cost is not known.
  package var bookedUSD = 0.0

  package init(key: String, day: Int) {
    self.key = key
    self.day = day
  }

  /// The UTC day of a time in seconds since 1970; 0 for a time that no clock shows.
  package static func day(ofTime time: Double) -> Int { Int(exactly: (time / 86_400).rounded(.down)) ?? 0 }

  /// Names the row.
  struct Key: Hashable {
    var key: String
    var day: Int
  }

  var id: Key { Key(key: key, day: day) }

  /// What one request used. A request that was answered, or that used tokens, has a price or is unpriced.
  init(_ trace: RequestTrace) {
    self.init(key: trace.key ?? "", day: Self.day(ofTime: trace.time))
    requests = 1
    inputTokens = max(0, trace.usage?.inputTokens ?? 0)
    outputTokens = max(0, trace.usage?.outputTokens ?? 0)
    if let cost = trace.costUSD, cost.isFinite {
      costUSD = max(0, cost)
    } else if trace.target != nil || trace.usage != nil || trace.attempts.contains(where: { $0.assumedUsage != nil }) {
      unpricedRequests = 1
    }
    if let booked = trace.bookedUSD, booked.isFinite { bookedUSD = max(0, booked) }
  }

  /// Adds what was used on the same day.
  mutating func add(_ other: KeySpending) {
    requests += other.requests
    unpricedRequests += other.unpricedRequests
    inputTokens &+= other.inputTokens
    outputTokens &+= other.outputTokens
    costUSD += other.costUSD
    bookedUSD += other.bookedUSD
  }
}
