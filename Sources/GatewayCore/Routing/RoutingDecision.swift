package import Ockham

/// Where a request goes and why: enough to replay it.
package struct RoutingDecision: Sendable, Hashable {
  /// Why the gateway chose as it did: the router's reasons, and those that come before and after it.
  package enum Reason: Sendable, Hashable {
    /// The classifier, weighed by the policy.
    case policy(Decision.Reason)
    /// There is no model to score with: the cheapest tier that the constraints and rules allow.
    case cheapest
    /// The client named a tier or a model.
    case requested
    /// A rule pinned it.
    case rule(name: String)
    /// The conversation stays where it is.
    case session
    /// Drawn at random to learn from.
    case exploration
    /// All goes to one tier while decisions are only watched: see ``RoutingDecision/observed``.
    case observe

    /// The name in headers, logs and metrics.
    package var name: String {
      switch self {
      case .policy(let reason): reason.rawValue
      case .cheapest: "cheapest_allowed"
      case .requested: "requested"
      case .rule: "rule"
      case .session: "session"
      case .exploration: "exploration"
      case .observe: "observe"
      }
    }
  }

  /// The index of the tier; `nil` for a target outside the tiers.
  package var tier: Int?

  /// The target that the client or a rule named; `nil` leaves it to the tier.
  package var target: String?
  package var reason: Reason

  /// Tiers that may be moved on to when a target fails.
  package var allowedTiers: TierSet

  /// Tiers that rules forbid: nothing of the request goes there, not even to be judged.
  package var forbiddenTiers: TierSet = []

  /// P(good) per tier; empty where nothing was scored.
  package var probabilities: [Float] = []
  package var gain: Float = 0
  package var threshold: Float = 0
  package var task: TaskKind?

  /// See ``Decision/isUnfamiliar``.
  package var isUnfamiliar = false

  /// What the request is expected to cost per tier, in USD; empty where nothing is known of any, and for a request that
  /// names where it goes.
  package var expectedCostsUSD: [Double?] = []

  /// What the request is expected to cost in the chosen tier, in USD.
  package var expectedCostUSD: Double? {
    guard let tier, expectedCostsUSD.indices.contains(tier) else { return nil }
    return expectedCostsUSD[tier]
  }

  /// The probability with which this tier was taken: 1 where nothing is left to chance, as for pins and rules; for a turn
  /// that stays with its conversation, that of the draw that put the conversation there.
  package var propensity: Double = 1

  /// The policy's name, and what identifies the model that scored.
  package var policy: String
  package var modelIdentifier: UInt64?

  /// What weighs the answers; `nil` where no learned cascade does.
  package var cascade: LearnedCascade?

  /// All that decided; `nil` for what is no chat.
  package var identity: PolicyIdentity?

  /// Rules that held, in order.
  package var rules: [String] = []
  package var isFromCache = false

  /// Names the conversation; `nil` where conversations are not followed.
  package var session: UInt64?

  /// Names the conversation whether it is followed or not; `nil` for what is no chat.
  package var conversation: UInt64?

  /// What would have been decided, were decisions followed; `nil` where they are.
  package var observed: ObservedDecision?

  /// The tier that the policy proposed for the request by itself, wherever its conversation stays and whatever chance drew; `nil`
  /// where no policy was asked.
  package var proposedTier: Int?

  /// The arms of experiments that the request counts in; none for one that names where it goes, and for one that is only watched.
  package var experiments: [ExperimentPlace] = []

  /// The targets that answer first in their tiers, by the tier's name.
  package var firstTargets: [String: String] = [:]

  /// What the request says about a canary; `nil` without one, and where neither version decided.
  package var canary: CanaryTurn?

  /// Turns of the conversation in a row, this one included, that stayed where they are though a cheaper tier was proposed.
  package var lowerTurns = 0

  /// The time that the decision took, in nanoseconds.
  package var nanoseconds: UInt64 = 0

  /// Whether the client or a rule named where it goes.
  package var isPinned: Bool {
    switch reason {
    case .requested, .rule: true
    default: false
    }
  }

  /// Whether one answer is asked for and sent as it is, whatever the policy says of cascades and ensembles.
  package var isPlain: Bool { isPinned || observed != nil }

  /// Whether another way of routing could have sent it elsewhere: not where the client or a rule says where it goes, where it
  /// stays with its conversation, and where one tier alone may have it. A request that is only watched is eligible wherever the
  /// decision that is not followed had a choice.
  package var isEligible: Bool {
    if let observed { return observed.allowedTiers.count > 1 }
    return !isPinned && reason != .session && allowedTiers.count > 1
  }

  package init(tier: Int?, target: String? = nil, reason: Reason, allowedTiers: TierSet, policy: String) {
    self.tier = tier
    self.target = target
    self.reason = reason
    self.allowedTiers = allowedTiers
    self.policy = policy
  }
}
