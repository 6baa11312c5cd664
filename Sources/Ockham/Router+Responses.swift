/// Cascades: where a request starts, and what becomes of a response. They need a model with response heads and a cascade.
///
///     let decision = router.start(request, using: &scratch)
///     let answer = Response(text: …)                        // what that tier said
///     if let step = router.weigh(answer, of: decision.tier, after: scratch, using: &responses), step.isWorthwhile {
///       // Ask step.candidate.
///     }
extension Router {
  /// Decides which tier is asked first: by the model's cascade, or as ``route(_:using:)`` does for a model without one.
  ///
  /// - Complexity: that of ``Model/score(_:into:)``; no allocation in steady use.
  public func start(_ request: Request, using scratch: inout Scratch) -> Decision {
    start(content: request, using: &scratch)
  }

  /// Decides which tier is asked first for a request whose texts the caller keeps, as ``start(_:using:)-(Request,_)`` does.
  public func start(_ request: BorrowedRequest, using scratch: inout Scratch) -> Decision {
    start(content: request, using: &scratch)
  }

  /// Decides which tier is asked first for a request of which only the features are known.
  ///
  /// - Precondition: the features fit the model's options.
  package func start(_ features: StoredFeatures, using scratch: inout Scratch) -> Decision {
    model.score(features, into: &scratch)
    return decide(features.needs, by: model.cascade, using: scratch)
  }

  private func start(content request: some RequestContent, using scratch: inout Scratch) -> Decision {
    model.score(content: request, into: &scratch)
    return decide(RequestNeeds(content: request), by: model.cascade, using: scratch)
  }

  /// The tiers that a request may use which was just scored.
  package func allowedTiers(for request: BorrowedRequest, after scratch: borrowing Scratch) -> TierSet {
    policy.allowedTiers(for: RequestNeeds(content: request), task: scratch.task)
  }

  /// Weighs a tier's response against the tiers above.
  ///
  /// - Parameters:
  ///   - tier: who gave it, by its place in the model.
  ///   - scratch: what the request was last scored into, by this router or its model.
  ///   - responses: made by the model; holds the probabilities behind the result afterwards.
  ///   - allowed: the tiers that may be moved on to.
  /// - Returns: `nil` where the response is to be taken as it is: the model has no cascade or no head for the tier, its responses
  ///   are not weighed, or no tier above is allowed.
  /// - Precondition: this router's model made both, and `scratch` holds the request that was answered.
  /// - Complexity: O(bytes) up to the 32 KiB that are read. No allocation in steady use.
  public func weigh(
    _ response: Response, of tier: Int, after scratch: Scratch, using responses: inout ResponseScratch,
    allowed: TierSet = .all
  ) -> Escalation? {
    weigh(content: response, of: tier, after: scratch, using: &responses, allowed: allowed)
  }

  /// Weighs a response whose texts the caller keeps, as ``weigh(_:of:after:using:allowed:)-(Response,_,_,_,_)`` does.
  public func weigh(
    _ response: BorrowedResponse, of tier: Int, after scratch: Scratch, using responses: inout ResponseScratch,
    allowed: TierSet = .all
  ) -> Escalation? {
    weigh(content: response, of: tier, after: scratch, using: &responses, allowed: allowed)
  }

  /// Weighs a response of which only the features are known.
  ///
  /// - Precondition: the features fit the model's options.
  package func weigh(
    _ stored: StoredResponse, of tier: Int, after scratch: Scratch, using responses: inout ResponseScratch,
    allowed: TierSet = .all
  ) -> Escalation? {
    guard model.score(stored, of: tier, after: scratch, into: &responses) else { return nil }
    return escalation(from: tier, scratch, responses, allowed)
  }

  private func weigh(
    content response: some ResponseContent, of tier: Int, after scratch: Scratch,
    using responses: inout ResponseScratch, allowed: TierSet
  ) -> Escalation? {
    guard model.score(content: response, of: tier, after: scratch, into: &responses) else { return nil }
    return escalation(from: tier, scratch, responses, allowed)
  }

  private func escalation(
    from tier: Int, _ scratch: borrowing Scratch, _ responses: borrowing ResponseScratch, _ allowed: TierSet
  ) -> Escalation? {
    let (probabilities, thresholdScales) = (responses.probabilities, scratch.thresholdScales)
    return model.cascade?.escalation(
      from: tier, probabilities.span, thresholdScales: thresholdScales.span,
      allowed: allowed.intersection(policy.usedTiers))
  }
}
