extension Model {
  /// The tiers whose responses the model can score, by place, cheapest first; empty for a model without response heads.
  public var responseTiers: [Int] {
    contents.responses?.heads.indices.filter { contents.responses?.heads[$0] != nil } ?? []
  }

  /// Whether the head of a tier's responses looks at log-probabilities of tokens: whether those of its training log varied.
  public func readsLogprobs(of tier: Int) -> Bool {
    guard let heads = contents.responses?.heads, heads.indices.contains(tier), let head = heads[tier] else {
      return false
    }
    return ResponseFeatures.logprobFeatures.contains { head.standardizer.inverseDeviations[$0] != 0 }
  }

  /// Storage for scoring responses with this model; `nil` for a model without response heads.
  public func makeResponseScratch() -> ResponseScratch? { contents.responses.map(ResponseScratch.init) }

  /// Scores a tier's response to a request: ``ResponseScratch/probabilities`` of `scratch` hold the result.
  ///
  /// - Parameters:
  ///   - response: what the tier answered.
  ///   - tier: the tier's place among ``tierNames``.
  ///   - prompt: what this model last scored the request into.
  ///   - scratch: made by this model.
  /// - Returns: false, with `scratch` as it was, where the model has no head for the tier's responses.
  /// - Complexity: O(bytes) up to the 32 KiB that are read. No allocation in steady use.
  @discardableResult
  public func score(
    _ response: Response, of tier: Int, after prompt: Scratch, into scratch: inout ResponseScratch
  ) -> Bool {
    score(content: response, of: tier, after: prompt, into: &scratch)
  }

  /// Scores a response wherever its texts lie.
  package func score(
    content response: some ResponseContent, of tier: Int, after prompt: Scratch,
    into scratch: inout ResponseScratch
  ) -> Bool {
    guard let responses = contents.responses, responses.heads.indices.contains(tier),
      let head = responses.heads[tier], scratch.buffers[tier] != nil
    else { return false }
    responses.extractor.extract(content: response, to: prompt.features, into: &scratch.features)
    // In place: an optional that is bound would be copied.
    head.score(
      scratch.features, logits: prompt.logits, probabilities: prompt.probabilities, using: &scratch.buffers[tier]!)
    scratch.tier = tier
    return true
  }

  /// Scores a response of which only the features are known; see ``score(_:of:after:into:)``.
  ///
  /// - Precondition: the features fit the model's options.
  package func score(
    _ stored: StoredResponse, of tier: Int, after prompt: Scratch, into scratch: inout ResponseScratch
  ) -> Bool {
    precondition(stored.fit(extractor.options), "stored features of another schema or other options")
    guard let heads = contents.responses?.heads, heads.indices.contains(tier), let head = heads[tier],
      scratch.buffers[tier] != nil
    else { return false }
    scratch.features.load(stored)
    head.score(
      scratch.features, logits: prompt.logits, probabilities: prompt.probabilities, using: &scratch.buffers[tier]!)
    scratch.tier = tier
    return true
  }
}
