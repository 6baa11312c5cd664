package import Ockham
package import Statistics

/// The rows that off-policy estimates of one reward rest on: who answered, by what chance, and what that gave.
///
/// Invariants, checked on creation: served tiers among those of the predictions, finite rewards inside the range, weights
/// finite and above 0. Propensities are taken as they come: what they cannot carry is counted as unsupported.
package struct OffPolicySample: Sendable {
  /// How the tier of a request came about.
  package enum Role: Sendable {
    /// Chance could have drawn another tier.
    case drawn
    /// The turn of a conversation that keeps the tier of an earlier draw: it counts with that draw's weight.
    case held
    /// A rule, a pin or a choice without chance: any way of routing gets what was really given.
    case fixed
  }

  /// One request.
  package struct Row: Sendable {
    /// The tier that answered.
    package var tier: Int
    /// The probability with which that tier was taken; NaN where unknown. Only read where the row was drawn.
    package var propensity: Double
    /// How the tier came about.
    package var role: Role
    /// What the answer gave.
    package var reward: Double
    /// How much the row counts in every mean.
    package var weight: Double
    /// A number that the turns of a conversation share, from 0 up.
    package var conversation: Int
    /// The tiers that could have been drawn: bit t for tier t.
    package var allowed: TierSet

    /// Creates a row; the defaults are those of a request by itself.
    package init(
      tier: Int, propensity: Double, role: Role = .drawn, reward: Double, weight: Double = 1, conversation: Int,
      allowed: TierSet = .all
    ) {
      self.tier = tier
      self.propensity = propensity
      self.role = role
      self.reward = reward
      self.weight = weight
      self.conversation = conversation
      self.allowed = allowed
    }
  }

  /// The rows; turns of a conversation in their order [n].
  package let rows: [Row]
  /// What each tier was expected to give, predicted without the row's own outcome [n × T]; NaN where nothing can be predicted.
  package let predictions: Matrix<Double>
  /// What a reward cannot leave.
  package let range: ClosedRange<Double>
  /// Whether that is so by its nature, as of qualities, and not merely the greatest reward seen.
  package let isRangeKnown: Bool
  /// The number of conversations, a request by itself being one.
  package let conversationCount: Int

  /// - Precondition: the invariants above hold, and there is a row of predictions per row.
  package init(rows: [Row], predictions: Matrix<Double>, range: ClosedRange<Double>, isRangeKnown: Bool = true) {
    precondition(rows.count == predictions.rows, "predictions must be one row per row")
    for row in rows {
      precondition((0..<predictions.columns).contains(row.tier), "a served tier must be one of the tiers")
      precondition(range.contains(row.reward), "a reward must lie inside the range")
      precondition(row.weight > 0 && row.weight.isFinite, "a weight must be finite and above 0")
    }
    self.rows = rows
    self.predictions = predictions
    self.range = range
    self.isRangeKnown = isRangeKnown
    conversationCount = (rows.map(\.conversation).max() ?? -1) + 1
  }

  /// The number of tiers T.
  package var tierCount: Int { predictions.columns }

  /// Whether a row cannot say what a policy would have given: because a tier that the policy wants could not be drawn, or
  /// because no one knows with what probability the one that answered was.
  func isUnsupported(_ index: Int, chances: Matrix<Double>) -> Bool {
    let row = rows[index]
    guard row.role == .drawn else { return false }
    if !row.hasPropensity || (row.propensity == 1 && chances[index, row.tier] < 1) { return true }
    return (0..<tierCount).contains { chances[index, $0] > 0 && !row.allowed.contains($0) }
  }
}

extension OffPolicySample.Row {
  /// Whether the propensity is one that a thing which happened can have.
  var hasPropensity: Bool { propensity > 0 && propensity <= 1 }
}
