import ChatProtocols
import Ockham

/// The choice of a tier for one request: rules, constraints, scores, conversation, chance.
struct RoutingChoice {
  let router: RequestRouter
  let request: Request
  /// The request without what the program around the model put there: what is scored, and what the user said.
  let scored: Request
  let header: (String) -> String?
  let key: String?
  let conversation: Conversation
  let time: Double
  let policyName: String
  /// The least gain per step that the client asks for.
  let threshold: Float?
  let options: RoutingOptions
  /// Whether the decision is made beside an answer that is settled: nothing is drawn, and nothing is watched.
  let isAside: Bool

  private var tiers: TierTable { router.tiers }

  /// Scores are made when they are first asked for, and not at all for a request that a rule pins.
  private final class LazyScores {
    private let scorer: RequestScorer?
    private let request: Request
    private let key: String?
    private(set) var result: (scores: Scores, isFromCache: Bool)?

    init(_ scorer: RequestScorer?, _ request: Request, key: String?) {
      (self.scorer, self.request, self.key) = (scorer, request, key)
    }

    var scores: Scores? {
      if result == nil { result = scorer?.scores(of: request, for: key) }
      return result?.scores
    }
  }

  /// What rules leave.
  private struct Ruling {
    var tiers: TierSet
    var policyName: String
    var names: [String] = []
    var pinned: RoutingDecision?
  }

  func decide() throws(GatewayError) -> RoutingDecision {
    let lazy = LazyScores(router.scorer, scored, key: key)
    let ruling = applyRules(lazy)
    if let pinned = ruling.pinned { return pinned }
    let policy = policy(named: ruling.policyName)
    let needs = RequestNeeds(request)
    let scores = lazy.scores
    let allowed = try allowed(policy, needs: needs, task: scores?.task, ruled: ruling.tiers)
    var decision = proposal(policy, needs: needs, scores: scores, allowed: allowed, named: ruling.policyName)
    decision.rules = ruling.names
    decision.forbiddenTiers = tiers.all.subtracting(ruling.tiers)
    decision.isFromCache = lazy.result?.isFromCache ?? false
    decision.proposedTier = decision.tier
    let observe = isAside ? nil : router.observation(of: ruling.policyName, key, conversation)
    let isFree = !applySession(&decision, policy: policy, needs: needs, scores: scores)
    if isFree, !isAside, observe == nil {
      explore(&decision, policy, rate: router.configuration.policies[ruling.policyName]?.explorationRate ?? 0)
    }
    decision.expectedCostsUSD = expectedCosts(needs, scores)
    if let observe { router.watch(&decision, observe) }
    return decision
  }

  // MARK: Rules

  private func applyRules(_ lazy: LazyScores) -> Ruling {
    var ruling = Ruling(tiers: tiers.all, policyName: policyName)
    guard !router.rules.isEmpty else { return ruling }
    let subject = RuleSubject(
      request: request, scored: scored, header: header, key: key, conversation: conversation,
      task: { lazy.scores?.task })
    for matcher in router.rules where matcher.holds(for: subject) {
      ruling.names.append(matcher.rule.name)
      apply(matcher.rule, to: &ruling)
      if ruling.pinned != nil { break }
    }
    return ruling
  }

  private func apply(_ rule: Rule, to ruling: inout Ruling) {
    switch rule.action {
    case .pin(let name): pin(tiers.index(of: name), target: nil, rule, &ruling)
    case .target(let name):
      // Also where there is no such target: a pin may be there for privacy, and goes nowhere rather than elsewhere.
      pin(AttemptPlan.find(name, in: router.configuration)?.tier, target: name, rule, &ruling)
    case .forbid(let names): ruling.tiers.subtract(tiers.set(names))
    case .atLeast(let name): if let tier = tiers.index(of: name) { ruling.tiers.formIntersection(TierSet(from: tier)) }
    case .atMost(let name):
      if let tier = tiers.index(of: name) { ruling.tiers.formIntersection(TierSet(below: tier + 1)) }
    case .policy(let name): ruling.policyName = name
    }
  }

  private func pin(_ tier: Int?, target: String?, _ rule: Rule, _ ruling: inout Ruling) {
    guard tier != nil || target != nil else { return }
    var decision = RoutingDecision(
      tier: tier, target: target, reason: .rule(name: rule.name), allowedTiers: tier.map { TierSet(only: $0) } ?? [],
      policy: ruling.policyName)
    decision.rules = ruling.names
    ruling.pinned = decision
  }

  // MARK: Policy and constraints

  /// The policy, tightened by what the request asks.
  private func policy(named name: String) -> Policy {
    var policy = router.policies[name] ?? router.policies["default"]!
    if let cost = options.maximumCostUSD { policy.maximumCostUSD = min(cost, policy.maximumCostUSD ?? cost) }
    if let latency = options.maximumLatencyMilliseconds {
      policy.maximumLatencyMilliseconds = min(latency, policy.maximumLatencyMilliseconds ?? latency)
    }
    if let quality = options.minimumQuality.map(Float.init) {
      policy.minimumQuality = max(quality, policy.minimumQuality ?? quality)
    }
    if let threshold {
      policy.thresholds.increments = [Float](repeating: threshold, count: policy.thresholds.increments.count)
    }
    return policy
  }

  private func allowed(
    _ policy: Policy, needs: RequestNeeds, task: TaskKind?, ruled: TierSet
  ) throws(GatewayError) -> TierSet {
    let allowed = policy.allowedTiers(for: needs, task: task).intersection(ruled)
    if !allowed.isEmpty { return allowed }
    let report = ConstraintReport(tiers: tiers, policy: policy, needs: needs, task: task, ruled: ruled)
    let largest = report.largestWindow
    guard !largest.isEmpty else { throw report.error }
    return largest
  }

  /// What the policy chooses, before conversations and chance.
  private func proposal(
    _ policy: Policy, needs: RequestNeeds, scores: Scores?, allowed: TierSet, named name: String
  ) -> RoutingDecision {
    guard let scores, let model = router.scorer?.model else {
      let reason: RoutingDecision.Reason = allowed.count == 1 ? .policy(.onlyAllowedTier) : .cheapest
      return RoutingDecision(
        tier: allowed.first ?? 0, reason: reason, allowedTiers: allowed, policy: name)
    }
    let cascade = router.cascades[name]
    let choice = weigh(policy, cascade: cascade, scores: scores, allowed: allowed, model: model)
    var decision = RoutingDecision(
      tier: choice.tier, reason: .policy(choice.reason), allowedTiers: allowed, policy: name)
    decision.cascade = cascade
    decision.probabilities = scores.probabilities
    decision.gain = choice.gain
    decision.threshold = choice.threshold
    decision.task = scores.task
    decision.modelIdentifier = model.identifier
    decision.isUnfamiliar = choice.isUnfamiliar
    return decision
  }

  /// What the scores come to: by the cascade, where there is one, else by the thresholds.
  private func weigh(
    _ policy: Policy, cascade: LearnedCascade?, scores: Scores, allowed: TierSet, model: Model
  ) -> Decision {
    let (probabilities, thresholdScales) = (scores.probabilities.span, scores.thresholdScales.span)
    if let cascade {
      return policy.decide(
        by: cascade.rule, probabilities, thresholdScales: thresholdScales, allowed: allowed, task: scores.task,
        model: model.identifier)
    }
    var decision = policy.decide(
      probabilities, thresholdScales: thresholdScales, allowed: allowed, task: scores.task, model: model.identifier)
    policy.raise(
      &decision, probabilities, doubts: (scores.below.span, scores.above.span), thresholdScales: thresholdScales,
      allowed: allowed
    )
    return decision
  }

  /// Per tier, as the model predicts them, or else by the tiers' prices; empty where none is known.
  private func expectedCosts(_ needs: RequestNeeds, _ scores: Scores?) -> [Double?] {
    if let predicted = scores?.expectedCostUSD, !predicted.isEmpty { return predicted }
    let priced = tiers.limits.map(needs.costUSD)
    return priced.contains { $0 != nil } ? priced : []
  }

  // MARK: Conversations and chance

  /// Keeps a conversation in its tier where it should stay; `false` where the request goes on with none that is known,
  /// and chance may have it. A turn that stays has the propensity of the draw that put the conversation there; one that
  /// moves goes where the policy says, whatever chance would.
  ///
  /// A loop of tool calls is one turn, and stays. A turn that would do with less says little of the conversation (thanks, go
  /// on), and stays too, until there were several in a row.
  private func applySession(
    _ decision: inout RoutingDecision, policy: Policy, needs: RequestNeeds, scores: Scores?
  ) -> Bool {
    let sessions = router.configuration.sessions
    guard sessions.isSticky, conversation.hasHistory, let proposed = decision.tier,
      let present = router.sessions.place(of: conversation.id, at: time),
      present.tier < tiers.limits.count, decision.allowedTiers.contains(present.tier)
    else { return false }
    if conversation.isToolContinuation {
      applySession(&decision, in: present, lowerTurns: present.lowerTurns)
      return true
    }
    if let scores, let minimum = policy.minimumQuality, scores.probabilities[present.tier] < minimum,
      scores.probabilities[proposed] > scores.probabilities[present.tier]
    {
      return true
    }
    let lowerTurns = proposed < present.tier ? present.lowerTurns + 1 : 0
    let mayMove = proposed > present.tier || lowerTurns >= sessions.lowerTurns
    if let scores, sessions.weighsCache, present.tier != proposed, mayMove {
      let gate = PromptCachePolicy(
        tiers: tiers, policy: policy, needs: needs, request: request, scores: scores,
        meanCosts: router.scorer?.meanCosts ?? [])
      if let weighed = gate.weigh(from: present.tier, to: proposed) {
        if weighed.gain >= weighed.threshold { return true }
        (decision.gain, decision.threshold) = weighed
      }
    }
    applySession(&decision, in: present, lowerTurns: lowerTurns)
    return true
  }

  private func applySession(_ decision: inout RoutingDecision, in present: SessionTable.Place, lowerTurns: Int) {
    (decision.tier, decision.propensity) = (present.tier, present.propensity)
    decision.lowerTurns = lowerTurns
    decision.reason = .session
  }

  /// Draws a tier for a share of the requests; among those that reach the minimum quality, and the policy's choice.
  private func explore(_ decision: inout RoutingDecision, _ policy: Policy, rate: Double) {
    guard rate > 0, let greedy = decision.tier else { return }
    var drawn = decision.allowedTiers
    if let minimum = policy.minimumQuality {
      for tier in decision.probabilities.indices where decision.probabilities[tier] < minimum {
        drawn.remove(tier)
      }
    }
    let exploration = Exploration(rate: rate, tiers: drawn.union(TierSet(only: greedy)))
    let choice = exploration.choose(greedy: greedy, random: router.random)
    decision.propensity = choice.propensity
    guard choice.tier != greedy else { return }
    decision.tier = choice.tier
    decision.reason = .exploration
  }
}
