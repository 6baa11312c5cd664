import GatewayCore
import Ockham

/// Where made-up requests go, and why.
extension DemoTraffic {
  /// The share of requests that go to a tier drawn at random.
  static let exploration = 0.03

  mutating func decision(
    on conversation: inout DemoConversation, _ trueOutcomes: TrueOutcomes, at time: Double
  ) -> RoutingDecision {
    var decision = placed(&conversation, trueOutcomes, at: time)
    decision.conversation = conversation.id
    decision.session = conversation.id
    decision.identity = terms.identity(at: time)
    decision.task = conversation.subject.task
    decision.nanoseconds = UInt64(dice.about(38_000, spread: 0.35))
    decision.isFromCache = dice.happens(0.04)
    return decision
  }

  private mutating func placed(
    _ conversation: inout DemoConversation, _ trueOutcomes: TrueOutcomes, at time: Double
  ) -> RoutingDecision {
    let policy = conversation.client.policy
    if conversation.client.isNightly {
      var decision = RoutingDecision(tier: 0, reason: .rule(name: "made-up-nights"), allowedTiers: [0], policy: policy)
      decision.rules = ["made-up-nights"]
      return decision
    }
    if let tier = conversation.tier {
      var decision = RoutingDecision(tier: tier, reason: .session, allowedTiers: everyTier, policy: policy)
      decision.propensity = conversation.propensity
      return decision
    }
    if dice.happens(0.02) {
      let tier = dice.number(below: terms.tiers.count)
      return RoutingDecision(tier: tier, reason: .requested, allowedTiers: TierSet(only: tier), policy: "default")
    }
    let decision = weighed(trueOutcomes, policy: policy)
    (conversation.tier, conversation.propensity) = (decision.tier, decision.propensity)
    return decision
  }

  private var everyTier: TierSet { TierSet(below: terms.tiers.count) }

  /// By gain and threshold, or by the draw that learns.
  private mutating func weighed(_ trueOutcomes: TrueOutcomes, policy: String) -> RoutingDecision {
    let choice = skill.choice(trueOutcomes.predicted, policy: policy)
    let drawn = dice.happens(Self.exploration) ? dice.number(below: terms.tiers.count) : nil
    let isUp = choice.gain >= choice.threshold && choice.tier > 0
    var decision = RoutingDecision(
      tier: drawn ?? choice.tier,
      reason: drawn == nil ? .policy(isUp ? .gainReachesThreshold : .gainBelowThreshold) : .exploration,
      allowedTiers: everyTier, policy: policy)
    decision.probabilities = trueOutcomes.predicted.map { Float($0) }
    (decision.gain, decision.threshold) = (Float(choice.gain), Float(choice.threshold))
    decision.modelIdentifier = DemoTerms.model
    decision.proposedTier = choice.tier
    let share = Self.exploration / Double(terms.tiers.count)
    decision.propensity = decision.tier == choice.tier ? 1 - Self.exploration + share : share
    return decision
  }
}
