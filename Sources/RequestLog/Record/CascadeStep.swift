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

extension LogRecord {
  /// The probability with which a cascade went on to the model or tier of a name, given the answers before: 1 for what it began
  /// with, and for what was no step of it. By what chance it began there says ``propensity``.
  package func reach(of name: String) -> Double {
    guard let steps, let place = steps.firstIndex(where: { $0.tier == name }) else { return 1 }
    return steps[...place].dropFirst().reduce(1) { $0 * $1.propensity }
  }
}
