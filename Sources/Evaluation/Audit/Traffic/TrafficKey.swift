/// What the requests of one cell have in common. Parts that a log does not know are `nil`.
package struct TrafficKey: Sendable, Hashable {
  /// Hours since 1970.
  package var hour: Int
  package var key: String?
  package var task: String?
  package var policy: String?
  package var reason: String?
  /// The tier that answered.
  package var tier: String?
  /// The target that answered.
  package var target: String?

  package init(
    hour: Int, key: String? = nil, task: String? = nil, policy: String? = nil, reason: String? = nil,
    tier: String? = nil, target: String? = nil
  ) {
    (self.hour, self.key, self.task, self.policy) = (hour, key, task, policy)
    (self.reason, self.tier, self.target) = (reason, tier, target)
  }

  package init(_ row: TrafficRow) {
    self.init(
      hour: Self.hour(of: row.time), key: row.key, task: row.task, policy: row.policy, reason: row.reason,
      tier: row.answeredTier, target: row.target)
  }

  /// The hour that a time is in.
  package static func hour(of time: Double) -> Int { Int((time / 3_600).rounded(.down)) }
}

/// What the ratings of one cell have in common: the requests, and the tier whose answers were rated.
package struct RatedKey: Sendable, Hashable {
  package var traffic: TrafficKey
  package var rated: String

  package init(traffic: TrafficKey, rated: String) { (self.traffic, self.rated) = (traffic, rated) }
}
