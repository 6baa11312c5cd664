/// How probabilities become a tier: thresholds, and constraints that no gain outweighs.
///
/// First ``allowedTiers(for:task:)`` leaves the tiers that may answer: window, capabilities, price, latency, pin, ``usedTiers``. Among
/// them ``thresholds`` choose. A choice below ``minimumQuality`` then moves to the cheapest allowed tier that reaches it. Where constraints
/// leave no tier they are set aside, and the decision says ``Decision/Reason/noTierAllowed``: refusing is up to the caller. What is unknown
/// of a tier excludes nothing.
///
/// Fits a model of as many tiers; ``Router/init(model:policy:)`` checks that.
public struct Policy: Sendable, Hashable {
  /// The least gain worth paying for per step up.
  public var thresholds: Thresholds

  /// What each tier can do and costs; as many as the model has tiers.
  public var tiers: [TierLimits]

  /// The least P(good) to settle for, from 0 to 1: a request whose chosen tier falls short is moved to the cheapest
  /// allowed tier that reaches it, or to the one most probable to be good where none does.
  public var minimumQuality: Float?

  /// The most that one request may cost, in USD, from 0 up: of its tokens at a tier's prices, where both are known.
  public var maximumCostUSD: Double?

  /// The longest acceptable typical latency, in milliseconds.
  public var maximumLatencyMilliseconds: Double?

  /// Tiers that a kind of task is pinned to.
  public var taskPins: [TaskKind: TierSet]

  /// The tiers that are used at all; all by default. Between two that are used the steps of those that
  /// are not are paid together, as where a request skips a tier.
  public var usedTiers: TierSet

  /// Creates a policy without constraints.
  public init(thresholds: Thresholds) {
    self.thresholds = thresholds
    tiers = [TierLimits](repeating: TierLimits(), count: thresholds.tierCount)
    minimumQuality = nil
    maximumCostUSD = nil
    maximumLatencyMilliseconds = nil
    taskPins = [:]
    usedTiers = .all
  }
}
