/// A model and a policy: everything a gateway needs to place a request.
///
///     let router = Router(model: try Model(bytes))
///     let decision = router.route(Request(prompt: "Which city is named in …"))
///     decision.tierName        // "small"
///
/// Read-only and shared: any number of threads and tasks may use one, and copies share a pool of scratches. Where even the pool is
/// too much, a caller makes a ``Scratch`` and hands it to each call.
///
/// A decision is that of ``Policy/allowedTiers(for:task:)`` and ``Thresholds/choose(_:thresholdScales:allowed:)`` on the probabilities of
/// ``Model/score(_:into:)``; where a model measures how unfamiliar a request is, an unfamiliar one may go up from there. It is the
/// same on every platform, to the last bit. <doc:ScoreSpecification> has all formulas.
public struct Router: Sendable {
  /// The model that scores requests.
  public let model: Model

  /// The policy that turns scores into decisions.
  public let policy: Policy

  /// Lends scratches to the calls that bring none.
  public let scorer: Scorer

  /// Creates a router with the thresholds that are stored in the model, among the tiers that they were chosen for.
  public init(model: Model) {
    self.model = model
    var policy = Policy(thresholds: model.thresholds)
    policy.usedTiers = TierSelection(calibratedOf: model).tiers
    self.policy = policy
    scorer = Scorer(model)
  }

  /// Creates a router with a policy of the caller's.
  ///
  /// - Throws: ``PolicyError`` where thresholds or limits are of another number of tiers than the model has, or a threshold is not
  ///   finite.
  public init(model: Model, policy: Policy) throws(PolicyError) {
    try policy.check(tiers: model.tierNames.count)
    self.model = model
    self.policy = policy
    scorer = Scorer(model)
  }
}

extension Router {
  /// Decides where a request goes.
  ///
  /// - Complexity: that of ``Model/score(_:into:)``; no allocation in steady use: see ``Scorer``.
  public func route(_ request: Request) -> Decision { scorer.withScratch { route(request, using: &$0) } }

  /// Decides where a request goes whose texts the caller keeps.
  ///
  /// - Complexity: as ``route(_:)-(Request)``.
  public func route(_ request: BorrowedRequest) -> Decision { scorer.withScratch { route(request, using: &$0) } }

  /// Decides where a single user prompt goes, which is read in place.
  ///
  /// - Parameter prompt: UTF-8; damaged UTF-8 is read as it is. May be empty.
  /// - Complexity: as ``route(_:)-(Request)``.
  public func route(prompt: Span<UInt8>) -> Decision { scorer.withScratch { route(prompt: prompt, using: &$0) } }

  /// Decides where a request goes. `scratch` afterwards holds the probabilities and expected costs behind the decision.
  ///
  /// - Precondition: this router's model, or one of the same shape, made `scratch`.
  /// - Complexity: that of ``Model/score(_:into:)``; no allocation in steady use.
  public func route(_ request: Request, using scratch: inout Scratch) -> Decision {
    route(content: request, using: &scratch)
  }

  /// Decides where a request goes whose texts the caller keeps, as ``route(_:using:)-(Request,_)`` does.
  public func route(_ request: BorrowedRequest, using scratch: inout Scratch) -> Decision {
    route(content: request, using: &scratch)
  }

  /// Decides where a single user prompt goes, which is read in place, as ``route(_:using:)-(Request,_)`` does.
  ///
  /// - Parameter prompt: UTF-8; damaged UTF-8 is read as it is. May be empty.
  public func route(prompt: Span<UInt8>, using scratch: inout Scratch) -> Decision {
    unsafe prompt.withUnsafeBufferPointer { unsafe route(content: BorrowedPrompt($0), using: &scratch) }
  }

  /// Decides where a request goes of which only the features are known.
  ///
  /// - Precondition: the features fit the model's options.
  package func route(_ features: StoredFeatures, using scratch: inout Scratch) -> Decision {
    model.score(features, into: &scratch)
    return decide(features.needs, using: scratch)
  }

  private func route(content request: some RequestContent, using scratch: inout Scratch) -> Decision {
    model.score(content: request, into: &scratch)
    return decide(RequestNeeds(content: request), using: scratch)
  }

  /// - Parameter cascade: what chooses in the place of the thresholds.
  func decide(
    _ needs: RequestNeeds, by cascade: CascadePolicy? = nil, using scratch: borrowing Scratch
  ) -> Decision {
    let task = scratch.task
    let allowed = policy.allowedTiers(for: needs, task: task)
    let thresholdScales = scratch.thresholdScales
    var decision: Decision
    if let cascade {
      decision = policy.decide(
        by: cascade, scratch.probabilities.span, thresholdScales: thresholdScales.span, allowed: allowed, task: task,
        model: model.identifier)
    } else {
      decision = policy.decide(
        scratch.probabilities.span, thresholdScales: thresholdScales.span, allowed: allowed, task: task,
        model: model.identifier)
      if scratch.isUnfamiliar {
        policy.raise(
          &decision, scratch.probabilities.span, doubts: (scratch.below.span, scratch.above.span),
          thresholdScales: thresholdScales.span, allowed: allowed)
      }
    }
    decision.tierNames = model.tierNames
    decision.isUnfamiliar = scratch.isUnfamiliar
    decision.expectedCostUSD = scratch.costBuffers.costUSD.isEmpty ? nil : scratch.costBuffers.costUSD[decision.tier]
    return decision
  }
}
