extension Model {
  /// Explains the request that `scratch` was last used for: why `upper` looks better than `lower` (values above 0) or worse.
  ///
  /// - Precondition: this model, or one of the same shape, made and last used `scratch`; both tiers exist.
  /// - Complexity: O(buckets + dense features). Allocates; meant for looking, not for every request.
  public func explain(_ scratch: Scratch, from lower: Int, to upper: Int) -> Explanation {
    let parts = contents.heads.explain(dense: scratch.standardised, scratch.headBuffers, from: lower, to: upper)
    return Explanation(
      logitDifference: scratch.logits[upper] - scratch.logits[lower], bias: parts.bias,
      dense: parts.contributions.reduce(0) { $0 + $1.value },
      nGrams: nGramContributions(scratch, from: lower, to: upper), hidden: parts.hidden,
      contributions: Explanation.ordered(parts.contributions) { DenseFeatures.names[$0] })
  }

  /// Explains the response that `scratch` was last used for: why the tier `upper` looks better than the one that gave it (values
  /// above 0) or worse, given the response. `nil` before the first response.
  ///
  /// Of ``Explanation/nGrams`` the question's are those of the text, the history's those of calls' arguments, the tools' those of
  /// their names. A response that is unlike any of the training log counts as not good whatever stands here.
  ///
  /// - Precondition: this model made `scratch`; `upper` exists and lies above the tier that answered.
  /// - Complexity: O(buckets + dense features). Allocates; meant for looking, not for every response.
  public func explain(_ scratch: ResponseScratch, to upper: Int) -> Explanation? {
    guard let tier = scratch.tier, let head = contents.responses?.heads[tier], let buffers = scratch.buffers[tier]
    else {
      return nil
    }
    let output = upper - tier
    let parts = head.heads.explain(dense: buffers.standardised, buffers.heads, from: 0, to: output)
    return Explanation(
      logitDifference: buffers.logits[output] - buffers.logits[0], bias: parts.bias,
      dense: parts.contributions.reduce(0) { $0 + $1.value },
      nGrams: head.nGramContributions(scratch.features.content, to: output), hidden: parts.hidden,
      contributions: Explanation.ordered(parts.contributions, named: responseFeatureName))
  }

  /// A feature of a response, or the logit of a tier behind them.
  private func responseFeatureName(_ feature: Int) -> String {
    let names = ResponseFeatures.names
    return feature < names.count ? names[feature] : "logit of " + tierNames[feature - names.count]
  }

  /// What the words of each namespace add.
  private func nGramContributions(_ scratch: Scratch, from lower: Int, to upper: Int) -> Explanation.NGrams {
    var totals = scratch.totals
    var start = 0
    return Explanation.NGrams { namespace in
      let end = scratch.features.groupEnds[namespace.rawValue]
      var sums = [Float](repeating: 0, count: contents.table.stride)
      contents.table.addNormalised(scratch.features.bucketSet.storage[start..<end], to: &sums, using: &totals)
      start = end
      return sums[1 + upper] - sums[1 + lower]
    }
  }
}
