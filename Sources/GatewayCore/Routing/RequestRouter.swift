package import ChatProtocols
package import Ockham
import Synchronization
package import TextKit

/// Decides where a request goes: by the name that it asks for, the rules, the model and the policy, its conversation, and
/// chance.
///
/// Read-only but for what it remembers; made anew for every configuration and model, and shared by all requests. In
/// order:
///
/// 1. A tier or a target that the client names is taken as it is: no rule, limit or estimate is asked.
/// 2. Rules narrow the tiers, change the policy, or pin a tier or a target. A pin is kept to the letter, also when its
///    tier fails: it may be there for privacy.
/// 3. Context window, capabilities, cost, latency and pins of tasks exclude tiers. Where only the estimate of the
///    tokens leaves none, the tier with the largest window is tried; else the request is refused.
/// 4. The model's gain and the policy's thresholds choose, or its cascade where that is learned; without a model, the cheapest
///    tier that is left.
/// 5. A conversation stays in its tier while that is allowed and reaches the minimum quality; see ``PromptCachePolicy``. In a loop
///    of tool calls it stays in any tier that is allowed. It moves down only when several turns in a row would do with less.
/// 6. A share of the others is drawn at random; see ``Exploration``.
/// 7. Where the configuration only watches, all of this is noted and the request goes to the tier that it names; see
///    ``ObserveConfiguration``.
package final class RequestRouter: Sendable {
  package let configuration: GatewayConfiguration
  let scorer: RequestScorer?
  let tiers: TierTable
  let names: ModelNames
  let rules: [RuleMatcher]
  /// Ockham's policies by name.
  let policies: [String: Policy]
  /// The learned cascades of those that have one.
  let cascades: [String: LearnedCascade]
  /// What identifies all that is decided by.
  package let identity: PolicyIdentity
  /// The conversations that are remembered, to be handed to the next router.
  package let sessions: SessionTable
  /// Of the experiments, in order.
  let designs: [String]
  let random: @Sendable () -> Double

  /// - Parameters:
  ///   - model: what scores requests; `nil` leaves rules, limits and names.
  ///   - sessions: the table of an earlier router with the same tiers, so that a reload forgets no conversation.
  ///   - random: numbers from 0 up to 1.
  /// - Throws: ``ConfigurationProblem`` where the configuration does not fit the model.
  package init(
    configuration: GatewayConfiguration, model: Model?, prices: PriceCatalogue = .shipped,
    sessions: SessionTable? = nil, random: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) }
  ) throws(ConfigurationProblem) {
    try Self.check(configuration)
    self.configuration = configuration
    self.random = random
    scorer = try model.map { model throws(ConfigurationProblem) in
      RequestScorer(
        model: model, tiers: try ServedTiers.selection(configuration, model),
        cacheEntries: configuration.decisionCacheEntries)
    }
    cascades = try LearnedCascade.all(configuration, scorer, random: random)
    tiers = TierTable(configuration, catalogue: prices)
    names = ModelNames(configuration)
    rules = configuration.rules.map(RuleMatcher.init)
    designs = configuration.experiments.map(\.design)
    self.sessions = sessions ?? SessionTable(configuration.sessions)
    let table = tiers
    var all = configuration.policies
    if all["default"] == nil { all["default"] = PolicyConfiguration() }
    let chosen = scorer?.thresholds
    policies = all.mapValues { Self.policy($0, table, chosen) }
    identity = PolicyIdentity(
      configuration, model: model?.identifier, steps: policies.mapValues(\.thresholds.increments), tiers)
  }

  private static func check(_ configuration: GatewayConfiguration) throws(ConfigurationProblem) {
    let found = configuration.tiers.map(\.name)
    guard GatewayConfiguration.tierCount.contains(found.count) else {
      throw ConfigurationProblem(
        path: "tiers", expected: "1 to \(GatewayConfiguration.tierCount.upperBound) tiers", found: "\(found.count)",
        remedy: "add a tier")
    }
    if let name = configuration.observe?.tier, !found.contains(name) {
      throw ConfigurationProblem(
        path: "observe.tier", expected: "the name of a tier", found: name,
        remedy: "use one of \(found.joined(separator: ", "))")
    }
    for (name, policy) in configuration.policies {
      guard let count = policy.thresholds?.count, count != found.count - 1 else { continue }
      throw ConfigurationProblem(
        path: "policies.\(name).thresholds", expected: "\(found.count - 1) thresholds", found: "\(count)",
        remedy: "write one per step up")
    }
  }

  private static func policy(
    _ configuration: PolicyConfiguration, _ tiers: TierTable, _ chosen: Thresholds?
  ) -> Policy {
    let steps = [Float](repeating: 0, count: tiers.limits.count - 1)
    var policy = Policy(
      thresholds: configuration.thresholds.map(Thresholds.init) ?? chosen ?? Thresholds(increments: steps))
    policy.tiers = tiers.limits
    policy.minimumQuality = configuration.minimumQuality
    policy.maximumCostUSD = configuration.maximumCostUSD
    policy.maximumLatencyMilliseconds = configuration.maximumLatencyMilliseconds
    policy.taskPins = configuration.taskPins.mapValues { tiers.set($0) }
    return policy
  }
}

extension RequestRouter {
  /// Decides where a request goes.
  ///
  /// - Parameters:
  ///   - header: the value of a header of the request by its name in lower case.
  ///   - key: the virtual key that the client sent.
  ///   - time: now, in seconds since 1970.
  ///   - remembers: whether the conversation's tier is noted: not for a decision that nothing is sent for.
  /// - Throws: ``GatewayError``: ``GatewayError/Code/modelNotFound``, ``GatewayError/Code/modelNotAllowed``,
  ///   ``GatewayError/Code/noTierAllowed``, or what is wrong with the request's ``RoutingOptions``.
  /// - Complexity: that of scoring, and a few microseconds.
  package func route(
    _ chat: ChatRequest, header: (String) -> String?, key: KeyConfiguration?, time: Double, remembers: Bool = true
  ) throws(GatewayError) -> RoutingDecision {
    try route(
      chat, in: conversation(of: chat, header: header, key: key), header: header, key: key, time: time,
      remembers: remembers)
  }

  /// As above, for a request whose conversation is known already.
  func route(
    _ chat: ChatRequest, in conversation: Conversation, header: (String) -> String?, key: KeyConfiguration?,
    time: Double, remembers: Bool
  ) throws(GatewayError) -> RoutingDecision {
    let clock = ContinuousClock()
    let start = clock.now
    let options = try RoutingOptions(field: chat.root[ChatRequest.routingField], header: header)
    func choose(_ policy: String, _ threshold: Float?, isAside: Bool) throws(GatewayError) -> RoutingDecision {
      try self.choose(
        policy, threshold, for: chat, in: conversation, options, header: header, key: key, time: time, isAside: isAside)
    }
    var decision: RoutingDecision
    var isFollowed = false
    switch try ask(for: chat.model, options, key) {
    case .tier(let tier):
      decision = RoutingDecision(tier: tier, reason: .requested, allowedTiers: TierSet(only: tier), policy: "default")
    case .target(let name, let tier):
      decision = RoutingDecision(
        tier: tier, target: name, reason: .requested, allowedTiers: tier.map { TierSet(only: $0) } ?? [],
        policy: "default")
    case .policy(let policy, let threshold):
      let own = experiments(on: conversation)
      decision = try choose(
        policy == "default" ? own.policy ?? policy : policy, threshold, isAside: false)
      if !decision.isPinned, decision.observed == nil {
        (decision.experiments, decision.firstTargets) = (own.places, own.targets)
      }
      isFollowed = true
    }
    if !isFollowed {
      watch(&decision, named: chat.model, key: key?.name, conversation: conversation) {
        try choose("default", nil, isAside: true)
      }
    }
    decision.conversation = conversation.id
    decision.identity = identity
    if configuration.sessions.isSticky, isFollowed || decision.observed != nil {
      decision.session = conversation.id
      if remembers, let place = SessionTable.Place(decision) { sessions.set(place, for: conversation.id, at: time) }
    }
    let elapsed = (clock.now - start).components
    decision.nanoseconds =
      UInt64(max(0, elapsed.seconds)) * 1_000_000_000 + UInt64(max(0, elapsed.attoseconds)) / 1_000_000_000
    return decision
  }

  /// The tier that would be proposed for a request by itself, were it decided here; `nil` for one that names where it goes. Nothing is
  /// drawn, and nothing remembered.
  func propose(
    _ chat: ChatRequest, in conversation: Conversation, header: (String) -> String?, key: KeyConfiguration?,
    time: Double
  ) throws(GatewayError) -> Int? {
    let options = try RoutingOptions(field: chat.root[ChatRequest.routingField], header: header)
    guard case .policy(let policy, let threshold) = try ask(for: chat.model, options, key) else { return nil }
    let own = policy == "default" ? experiments(on: conversation).policy : nil
    return try choose(
      own ?? policy, threshold, for: chat, in: conversation, options, header: header, key: key, time: time,
      isAside: true
    ).proposedTier
  }

  private func choose(
    _ policy: String, _ threshold: Float?, for chat: ChatRequest, in conversation: Conversation,
    _ options: RoutingOptions, header: (String) -> String?, key: KeyConfiguration?, time: Double, isAside: Bool
  ) throws(GatewayError) -> RoutingDecision {
    // RoutingChoice reads headers only during this call, so the closure does not escape.
    try withoutActuallyEscaping(header) { (header) throws(GatewayError) in
      let choice = RoutingChoice(
        router: self, request: chat.request, scored: chat.scored, header: header, key: key?.name,
        conversation: conversation, time: time, policyName: policy, threshold: threshold, options: options,
        isAside: isAside)
      return try choice.decide()
    }
  }

  /// The conversation that a request belongs to.
  func conversation(of chat: ChatRequest, header: (String) -> String?, key: KeyConfiguration?) -> Conversation {
    Conversation(
      chat.scored, name: header(configuration.sessions.header),
      session: AgentSession.name(in: chat.root, header: header), key: key?.name)
  }

  /// The targets to try for a decision, in order.
  package func plan(for decision: RoutingDecision) -> AttemptPlan {
    AttemptPlan(for: decision, in: configuration, random: random)
  }

  /// The target that a request names which is not routed, such as one for embeddings, if its key may.
  ///
  /// - Throws: ``GatewayError/Code/modelNotFound`` for anything but a target, ``GatewayError/Code/modelNotAllowed``.
  package func target(named model: String, key: KeyConfiguration?) throws(GatewayError) -> AttemptPlan.Step {
    let asked = try ask(for: model, RoutingOptions(), key)
    guard case .target(let name, let tier) = asked, let step = AttemptPlan.find(name, in: configuration) else {
      throw GatewayError(
        .modelNotFound,
        message:
          "Expected a model, found a tier or a policy: this endpoint does not route. GET /v1/models lists models.",
        param: "model")
    }
    return AttemptPlan.Step(tier: tier, target: step.target)
  }

  /// Targets without a known price, by name: their costs stay unknown, and no limit or budget counts them.
  package var unpricedTargets: [String] { tiers.unpriced }

  /// The names that a key may ask for, in order.
  package func modelNames(for key: KeyConfiguration?) -> [String] {
    names.listed.filter { key?.allows($0) ?? true }
  }

  /// What a request asks for, by its model and its options, if its key may.
  private func ask(
    for model: String, _ options: RoutingOptions, _ key: KeyConfiguration?
  ) throws(GatewayError) -> ModelName {
    var result = try names.resolve(model)
    var asked = [model]
    if case .target(let name, _) = result { asked.append(name) }
    if options.tier != nil || options.policy != nil {
      guard model == "auto", options.tier == nil || options.policy == nil else { throw Self.twoChoices }
      if let tier = options.tier {
        result = .tier(try names.tier(tier, param: "x-ockham-tier"))
        asked = [tier]
      } else if let policy = options.policy {
        result = .policy(try names.policy(policy, param: "x-ockham-policy"), threshold: nil)
        asked = ["auto:" + policy]
      }
    }
    if asked == ["auto"] { asked.append("auto:default") }
    if asked == ["auto:default"] { asked.append("auto") }
    if let key, !Self.allows(result, asked, key) {
      throw GatewayError(
        .modelNotAllowed,
        message: "The key may not ask for this model. GET /v1/models lists those that it may ask for.", param: "model")
    }
    return result
  }

  private static func allows(_ result: ModelName, _ asked: [String], _ key: KeyConfiguration) -> Bool {
    if case .policy(let policy, threshold: _?) = result { return key.allows(asked[0], ofPolicy: policy) }
    return asked.contains { key.allows($0) }
  }

  private static let twoChoices = GatewayError(
    .invalidValue,
    message: "Expected one choice, found two. Ask for the model auto with either a tier or a policy beside it.",
    param: "model")
}
