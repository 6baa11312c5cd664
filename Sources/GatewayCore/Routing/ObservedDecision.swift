package import Ockham

/// A decision that was made and not followed.
package struct ObservedDecision: Sendable, Hashable {
  /// The index of the tier that would have been asked.
  package var tier: Int
  /// The tier that was proposed for the request by itself: another one where ``tier`` is that of its conversation. Policies are
  /// compared by these, request by request.
  package var proposedTier: Int
  package var gain: Float
  package var threshold: Float
  package var reason: RoutingDecision.Reason

  /// The probability with which this tier would have been taken.
  package var propensity: Double

  /// The tiers that it was chosen among.
  package var allowedTiers: TierSet

  /// What was decided; `nil` for a decision that the client or a rule made.
  init?(_ decision: RoutingDecision) {
    guard let tier = decision.tier, !decision.isPinned else { return nil }
    self.init(
      tier: tier, proposedTier: decision.proposedTier, gain: decision.gain, threshold: decision.threshold,
      reason: decision.reason,
      propensity: decision.propensity, allowedTiers: decision.allowedTiers)
  }

  package init(
    tier: Int, proposedTier: Int? = nil, gain: Float = 0, threshold: Float = 0, reason: RoutingDecision.Reason,
    propensity: Double = 1,
    allowedTiers: TierSet
  ) {
    self.tier = tier
    self.proposedTier = proposedTier ?? tier
    self.gain = gain
    self.threshold = threshold
    self.reason = reason
    self.propensity = propensity
    self.allowedTiers = allowedTiers
  }
}
