/// A model and a policy: everything a gateway needs to place a request.
///
///     let router = Router(model: try Model(bytes))
///     var scratch = router.model.makeScratch()
///     let decision = router.route(Request(prompt: "Which city is named in …"), using: &scratch)
///     router.model.tierNames[decision.tier]        // "small"
///
/// Read-only; share one between threads, with a ``Scratch`` for each.
public struct Router: Sendable {
  /// The model that scores requests.
  public let model: Model

  /// The policy that turns scores into decisions.
  public let policy: Policy

  /// Creates a router with the thresholds that are stored in the model, among the tiers that they were chosen for.
  public init(model: Model) {
    var policy = Policy(thresholds: model.thresholds)
    policy.usedTiers = TierSelection(calibratedOf: model).mask
    self.init(model: model, policy: policy)
  }

  /// Creates a router.
  ///
  /// - Precondition: the policy has as many tiers as the model.
  public init(model: Model, policy: Policy) {
    precondition(policy.tiers.count == model.tierNames.count && policy.thresholds.tierCount == policy.tiers.count)
    self.model = model
    self.policy = policy
  }

  /// Decides where a request goes. `scratch` afterwards holds the probabilities and expected costs behind the decision.
  ///
  /// - Complexity: that of ``Model/score(_:into:)``; no allocation in steady use.
  public func route(_ request: Request, using scratch: inout Scratch) -> Decision {
    route(content: request, using: &scratch)
  }

  /// Decides where a request goes that the caller keeps, as ``route(_:using:)`` does.
  package func route(_ request: BorrowedRequest, using scratch: inout Scratch) -> Decision {
    route(content: request, using: &scratch)
  }

  /// Scores a request that the caller keeps, as ``Model/score(_:into:)`` does.
  package func score(_ request: BorrowedRequest, into scratch: inout Scratch) {
    model.score(content: request, into: &scratch)
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
    let stepScales = scratch.stepScales
    var decision: Decision
    if let cascade {
      decision = policy.decide(
        by: cascade, scratch.probabilities.span, stepScales: stepScales.span, allowed: allowed, task: task,
        model: model.identifier)
    } else {
      decision = policy.decide(
        scratch.probabilities.span, stepScales: stepScales.span, allowed: allowed, task: task, model: model.identifier)
      if scratch.isUnfamiliar {
        policy.raise(
          &decision, scratch.probabilities.span, doubts: (scratch.below.span, scratch.above.span),
          stepScales: stepScales.span, allowed: allowed)
      }
    }
    decision.isUnfamiliar = scratch.isUnfamiliar
    decision.expectedCostUSD = scratch.costBuffers.costUSD.isEmpty ? nil : scratch.costBuffers.costUSD[decision.tier]
    return decision
  }
}
