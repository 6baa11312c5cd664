/// Where a request goes and why: enough to replay and to audit the choice.
public struct Decision: Sendable, Hashable {
  /// The index of the chosen tier.
  public var tier: Int

  /// The name of the chosen tier; its place as a number in a decision that a ``Policy`` made without a ``Router``, since a policy has no
  /// names.
  ///
  /// - Complexity: O(1), no allocation where there is a name.
  public var tierName: String { tierNames.indices.contains(tier) ? tierNames[tier] : "\(tier)" }

  /// The names of all tiers, shared with the model.
  package var tierNames: [String] = []

  /// The probability won by moving from the lowest allowed tier to the one that was weighed against it: P(upper) − P(lowest), from −1
  /// to 1; 0 where there is one tier alone.
  public var gain: Float

  /// What ``gain`` had to reach, scaled to the expected costs of the request where the model predicts them.
  public var threshold: Float

  /// What the request is expected to cost in the chosen tier, in USD; `nil` for a model that predicts no costs. Those of
  /// all tiers stay in ``Scratch/expectedCostUSD``.
  public var expectedCostUSD: Double?

  /// Why this tier.
  public var reason: Reason

  /// The probability with which the policy takes this tier for this request, above 0 and at most 1: 1 without exploration.
  public var propensity: Float

  /// Whether the request is so far from what the model was trained on that its probabilities are hardly believed; then the policy goes up
  /// where a cheaper tier may do harm. False for a model that does not measure it.
  public var isUnfamiliar = false

  /// The kind of task, where the model recognises it.
  public var task: TaskKind?

  /// Which model decided; see ``Model/identifier``.
  public var modelIdentifier: UInt64

  /// Why a tier was chosen.
  public enum Reason: String, Sendable, Hashable, CaseIterable {
    /// No upper tier wins enough to pay for.
    case gainBelowThreshold = "gain_below_threshold"
    /// The gain reaches its threshold.
    case gainReachesThreshold = "gain_reaches_threshold"
    /// The thresholds chose a tier that falls short of the minimum quality; this is the cheapest that reaches it.
    case minimumQuality = "minimum_quality"
    /// No allowed tier reaches the minimum quality; this is the most probable to be good.
    case bestEffort = "best_effort"
    /// The constraints leave only this tier.
    case onlyAllowedTier = "only_allowed_tier"
    /// The constraints leave no tier; they were set aside.
    case noTierAllowed = "no_tier_allowed"
    /// The request is unlike those that the model is meant for, and a cheaper tier may do harm there.
    case unfamiliar = "unfamiliar"
  }
}
