import Statistics

/// Why no thresholds are given, what it would take, and what can be said instead.
package struct ThresholdRefusal: Sendable, Equatable {
  /// What was asked for.
  package var goal: ThresholdGoal
  /// 1 − δ.
  package var confidence: Double
  /// The rows at hand that show something about the goal.
  package var rows: Int
  /// An estimate of the rows that would be needed; `nil` when the rows at hand speak against the goal itself, so that
  /// more of them would not help.
  package var rowsNeeded: Int?
  /// What one policy, fixed beforehand, can be shown to keep on the rows at hand instead: the fraction of the strongest tier's
  /// quality, or the share of the goal's tier, where each request goes to the tier that is most probably right; of a goal of
  /// cost the mean cost in USD of the first tier alone.
  package var fallbackBound: Double
  /// The thresholds to take where no proof is asked for.
  package var offer: UnprovenThresholds
  /// What sending everything to the first tier costs on the log, in USD, where that is more than the goal allows: no
  /// thresholds can meet it then.
  package var cheapestCostUSD: Double?
  /// What the guarantees rest on.
  package var basis: GuaranteeBasis
  /// The tiers' names, cheapest first.
  package var tierNames: [String]

  init(_ sequence: FixedSequence, failed: BoundedSample?, costs: TierCosts, confidence: Double) {
    let sample = sequence.sample
    goal = sample.goal
    self.confidence = confidence
    rows = sample.count
    rowsNeeded = failed.flatMap { sequence.rowsNeeded($0) }
    fallbackBound = sequence.bound(sequence.fallback)
    offer = UnprovenThresholds(sequence)
    cheapestCostUSD = sequence.excessiveCostUSD
    basis = GuaranteeBasis(sample, costs: costs)
    tierNames = sample.log.tierNames
  }
}

extension FixedSequence {
  /// The rows that would be needed to accept the first policy that failed; never fewer than there are.
  func rowsNeeded(_ failed: BoundedSample) -> Int? {
    let estimate =
      if case .maximumShare(_, let share) = sample.goal, sample.isUnweighted, failed.values.allSatisfy({ $0 > 0 }) {
        Int?.some(BinomialTest.rowsNeeded(share: share, level: test.level))
      } else {
        SampleSizeEstimate.rows(failed, level: test.level)
      }
    return estimate.map { max($0, sample.count + 1) }
  }

  /// One policy that is fixed beforehand: each request goes to the tier that is most probably right or, for a goal of cost,
  /// to the first.
  fileprivate var fallback: [Int] {
    if case .maximumCostPer1000 = sample.goal { [Int](repeating: 0, count: sample.rows.count) } else { tiers(0) }
  }

  /// The mean cost of the first tier alone, where it is above the goal.
  fileprivate var excessiveCostUSD: Double? {
    guard case .maximumCostPer1000(let usd) = sample.goal, sample.scores == nil else { return nil }
    let cost = PolicyChoices(sample.log, rows: sample.rows, tiers: fallback).mean(of: sample.log.cost)
    return cost.flatMap { $0 * 1_000 > usd ? $0 : nil }
  }
}
