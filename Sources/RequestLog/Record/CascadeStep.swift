/// One attempt of a cascade: the tier that was asked, and whether its answer was good enough to go no further.
package struct CascadeStep: Sendable, Hashable {
  /// The tier, or a model of it, as the outcomes spell it.
  package var tier: String
  /// The probability with which this step was taken, given those before it; above 0 and at most 1.
  package var propensity: Double
  /// Whether the check took the answer. Steps may follow an accepted one: a share of those is escalated all the same.
  package var isAccepted: Bool

  package init(tier: String, propensity: Double, isAccepted: Bool) {
    self.tier = tier
    self.propensity = propensity
    self.isAccepted = isAccepted
  }
}
