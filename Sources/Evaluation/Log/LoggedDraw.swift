package import Ockham

/// Which tier answered a request and by what chance: what a log must tell, where it knows one answer per request, to say what
/// another way of routing would have given.
package struct LoggedDraw: Sendable, Hashable {
  /// The index of the tier that answered.
  package var tier: Int
  /// The probability with which that tier was taken; `nil` where the log does not say.
  package var propensity: Double?
  /// Whether chance could have drawn another tier; `nil` where the log does not say.
  package var isEligible: Bool?
  /// The tiers that the request could have gone to: bit t for tier t.
  package var allowed: TierSet
  /// The conversation that the request is a turn of.
  package var conversation: String?
  /// The probability with which the answer was picked to be rated: 1 where all are.
  package var inclusion: Double
  /// How good the answer was, 0…1; `nil` where unknown.
  package var quality: Double?
  /// What the answer cost, in USD; `nil` where unknown.
  package var costUSD: Double?
  /// The time from request to last byte, in milliseconds; `nil` where unknown.
  package var latencyMilliseconds: Double?
  /// Whether the client got an error; `nil` where unknown.
  package var hasFailed: Bool?

  /// Creates a draw; the defaults are those of a log that does not say.
  package init(
    tier: Int, propensity: Double? = nil, isEligible: Bool? = nil, allowed: TierSet = .all, conversation: String? = nil,
    inclusion: Double = 1, quality: Double? = nil, costUSD: Double? = nil,
    latencyMilliseconds: Double? = nil, hasFailed: Bool? = nil
  ) {
    self.tier = tier
    self.propensity = propensity
    self.isEligible = isEligible
    self.allowed = allowed
    self.conversation = conversation
    self.inclusion = inclusion
    self.quality = quality
    self.costUSD = costUSD
    self.latencyMilliseconds = latencyMilliseconds
    self.hasFailed = hasFailed
  }
}
