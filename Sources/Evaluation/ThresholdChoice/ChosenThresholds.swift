package import Ockham

/// Thresholds with a guarantee.
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
  /// What these thresholds, taken by themselves, are shown to keep at ``confidence``: at least this fraction of the strongest
  /// tier's quality, at most this mean cost in USD, or at most this share of the goal's tier.
  package var bound: Double
  /// The rows behind the guarantee.
  package var rows: Int
  /// The p-value of "the guarantee is broken" at these thresholds, at most δ.
  package var pValue: Double
  /// What the guarantee rests on.
  package var basis: GuaranteeBasis
  /// The tiers' names, cheapest first.
  package var tierNames: [String]
  /// What the guarantee can be proven from again.
  package var certificate: GuaranteeCertificate

  init(_ sequence: FixedSequence, _ accepted: FixedSequence.Accepted, costs: TierCosts, confidence: Double) {
    let sample = sequence.sample
    goal = sample.goal
    self.confidence = confidence
    lambda = sequence.grid.lambda(accepted.gain)
    thresholds = sequence.grid.thresholds(accepted.gain)
    tierCosts = costs
    estimate = PolicyEstimate(sample, thresholds: thresholds)
    bound = sequence.bound(sequence.tiers(accepted.gain))
    rows = sample.count
    pValue = accepted.pValue
    basis = GuaranteeBasis(sample, costs: costs)
    tierNames = sample.log.tierNames
    certificate = GuaranteeCertificate(sequence, accepted, confidence: confidence, bound: bound)
  }
}

/// What a guarantee rests on beside the rows that it was tested on.
package struct GuaranteeBasis: Sendable, Equatable {
  /// The largest cost of a request in any tier, in USD.
  package var largestCostUSD: Double
  /// Whether rows count by weights that differ.
  package var isWeighted: Bool
  /// Whether each request's steps are scaled by its expected costs.
  package var isScaled: Bool
  /// Where the costs come from that the steps are in proportion to.
  package var costSource: TierCosts.Source
  /// Where the rows know one answer each, the least probability with which the tier that gave it was drawn.
  package var leastPropensity: Double?

  init(_ sample: GoalSample, costs: TierCosts) {
    largestCostUSD = sample.largestCostUSD
    isWeighted = !sample.isUnweighted
    isScaled = sample.log.thresholdScale != nil
    costSource = costs.source
    leastPropensity = sample.scores?.leastPropensity
  }
}

/// What a policy comes to on the log at hand: estimates, beside which a guarantee stands.
package struct PolicyEstimate: Sendable, Equatable {
  /// The weighted share of all rows per tier [T].
  package var share: [Double]
  /// Mean quality of the policy / mean quality of the strongest tier, over the rows with every tier's quality or, without any, by
  /// the scores of those that were drawn; `nil` without either or when the strongest tier is never right.
  package var qualityKept: Double?
  /// The mean cost in USD over the rows with every tier's cost or, without any, by scores; `nil` without either.
  package var costUSD: Double?

  init(_ log: ScoredLog, thresholds: Thresholds) {
    let choices = PolicyChoices(log, thresholds: thresholds)
    let complete = log.completeRows
    let strongest = PolicyChoices(
      log, rows: complete, tiers: [Int](repeating: log.tierCount - 1, count: complete.count))
    let best = strongest.mean(of: log.quality) ?? 0
    share = choices.share
    qualityKept = best > 0 ? choices.complete(in: log.quality).mean(of: log.quality).map { $0 / best } : nil
    costUSD = choices.complete(in: log.cost).mean(of: log.cost)
  }
}
