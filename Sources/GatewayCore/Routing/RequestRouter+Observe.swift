import Ockham

/// Decisions that are made and not followed. Rules, constraints and pins hold all the same: what they keep from a tier does not
/// get there.
extension RequestRouter {
  /// What watches a request that is routed by a policy; `nil` where its decision is followed.
  func observation(of policy: String, _ key: String?, _ conversation: Conversation) -> ObserveConfiguration? {
    guard let observe = configuration.observe, observe.policies?.contains(policy) ?? true,
      observe.takes(key: key, conversation)
    else { return nil }
    return observe
  }

  /// Notes what was decided, and sends the request to the tier that all go to.
  func watch(_ decision: inout RoutingDecision, _ observe: ObserveConfiguration) {
    guard let baseline = tiers.index(of: observe.tier), let observed = ObservedDecision(decision) else { return }
    decision.observed = observed
    decision.tier = Self.nearest(to: baseline, in: decision.allowedTiers) ?? baseline
    decision.reason = .observe
    decision.propensity = 1
  }

  /// Notes what would be decided for a request that names a model, where such requests are watched: it goes where it says. What
  /// rules pin, or no tier may answer, would not be decided.
  ///
  /// - Parameter beside: the decision of the policy `default`.
  func watch(
    _ decision: inout RoutingDecision, named model: String, key: String?, conversation: Conversation,
    beside decide: () throws -> RoutingDecision
  ) {
    guard let observe = configuration.observe, let tier = observe.models[model].flatMap(tiers.index),
      observe.takes(key: key, conversation), let beside = try? decide(),
      observe.policies?.contains(beside.policy) ?? true, let observed = ObservedDecision(beside)
    else { return }
    let (target, allowed) = (decision.target, decision.allowedTiers)
    decision = beside
    decision.observed = observed
    (decision.tier, decision.target, decision.allowedTiers) = (tier, target, allowed)
    (decision.reason, decision.propensity) = (.requested, 1)
  }

  /// A tier, the nearest above it among those allowed, or else the nearest below.
  private static func nearest(to tier: Int, in allowed: TierSet) -> Int? {
    allowed.intersection(TierSet(from: tier)).first ?? allowed.last
  }
}

extension ObserveConfiguration {
  /// Whether a conversation of a key is among those that are watched.
  fileprivate func takes(key: String?, _ conversation: Conversation) -> Bool {
    if let keys, !(key.map(keys.contains) ?? false) { return false }
    // No rule can have a name with this character.
    return share >= 1 || conversation.share(for: "\u{0}observe") < share
  }
}
