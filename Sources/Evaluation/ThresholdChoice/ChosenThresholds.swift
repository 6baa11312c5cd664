package import Ockham

/// Thresholds with a promise.
package struct ChosenThresholds: Sendable, Equatable {
  /// What was asked for.
  package var goal: ThresholdGoal
  /// 1 − δ.
  package var confidence: Double
  /// The probability of a good answer that one more unit of cost must buy; below 0 where upper tiers are preferred even
  /// at a predicted loss.
  package var lambda: Double
  /// The thresholds.
  package var thresholds: Thresholds
  /// The costs that ``lambda`` refers to.
  package var tierCosts: TierCosts
  /// What the thresholds come to on the log.
  package var estimate: PolicyEstimate
  /// The rows behind the promise.
  package var rows: Int
  /// The p-value of "the promise is broken" at these thresholds, at most δ.
  package var pValue: Double
  /// The promise, in one sentence.
  package var guarantee: String
  /// What the promise rests on, one sentence each.
  package var assumptions: [String]

  init(_ sequence: FixedSequence, _ accepted: FixedSequence.Accepted, costs: TierCosts, confidence: Double) {
    let sample = sequence.sample
    goal = sample.goal
    self.confidence = confidence
    lambda = sequence.grid.lambda(accepted.gain)
    thresholds = sequence.grid.thresholds(accepted.gain)
    tierCosts = costs
    estimate = PolicyEstimate(sample.log, thresholds: thresholds)
    rows = sample.count
    pValue = accepted.pValue
    guarantee =
      "With \(Figure.percent(confidence)) confidence over the draw of the log, these thresholds "
      + "\(sample.goal.words(sample.log)); n = \(Figure.count(sample.count))."
    assumptions = sample.assumptions(costs)
  }
}

extension GoalSample {
  /// What any promise from this sample rests on.
  func assumptions(_ costs: TierCosts) -> [String] {
    var sentences = [
      "Requests to come are drawn like the rows of the log, and the model scores them as well as it, or its cross-validated "
        + "likes, scored these: each by a model that had not seen it."
    ]
    if case .maximumCostPer1000 = goal {
      sentences.append("No request costs more than the dearest one in the log, \(Figure.usd(largestCostUSD)).")
    }
    if !isUnweighted { sentences.append("Rows count by their weights, and no weight is larger than the largest seen.") }
    if log.stepScale != nil { sentences.append("Each request's steps are scaled by its expected costs.") }
    switch costs.source {
    case .given: sentences.append("Steps between tiers are in proportion to the costs stated.")
    case .measured: sentences.append("Steps between tiers are in proportion to mean costs in the log, taken as given.")
    case .nominal:
      sentences.append("The log does not tell costs: steps between tiers are in proportion to 1, 5, 25 and so on.")
    }
    return sentences
  }
}
