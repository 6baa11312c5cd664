import Statistics

/// Why no thresholds are given, what it would take, and what can be said instead.
package struct ThresholdRefusal: Sendable, Equatable {
  /// What was asked for.
  package var goal: ThresholdGoal
  /// 1 − δ.
  package var confidence: Double
  /// The rows at hand that tell something about the goal.
  package var rows: Int
  /// An estimate of the rows that would be needed; `nil` when the rows at hand speak against the goal itself, so that
  /// more of them would not help.
  package var rowsNeeded: Int?
  /// What one policy, fixed beforehand, can be shown to keep on the rows at hand instead: the fraction of the strongest tier's
  /// quality, or the share of the goal's tier, where each request goes to the tier that is most probably right; of a goal of
  /// cost the mean cost in USD of the first tier alone.
  package var fallbackBound: Double
  /// What the promises rest on.
  package var basis: PromiseBasis
  /// The tiers' names, cheapest first.
  package var tierNames: [String]

  init(_ sequence: FixedSequence, failed: BoundedSample?, costs: TierCosts, confidence: Double) {
    let sample = sequence.sample
    goal = sample.goal
    self.confidence = confidence
    rows = sample.count
    rowsNeeded = failed.flatMap { sequence.rowsNeeded($0) }
    fallbackBound = sequence.fallbackBound
    basis = PromiseBasis(sample, costs: costs)
    tierNames = sample.log.tierNames
  }
}

extension FixedSequence {
  /// The rows that would be needed to accept the first policy that failed; never fewer than there are.
  func rowsNeeded(_ failed: BoundedSample) -> Int? {
    let estimate =
      if case .maximumShare(_, let share) = sample.goal, sample.isUnweighted, failed.values.allSatisfy({ $0 > 0 }) {
        Int?.some(BinomialTest.rowsNeeded(share: share, level: level))
      } else {
        RowEstimate.rows(failed, level: level)
      }
    return estimate.map { max($0, sample.count + 1) }
  }

  /// What one policy, fixed beforehand, can be shown to keep; see ``ThresholdRefusal/fallbackBound``.
  fileprivate var fallbackBound: Double {
    switch sample.goal {
    case .targetQuality: keptQualityBound
    case .maximumCostPer1000: cheapestCostBoundUSD
    case .maximumShare(let name, _): shareBound(of: name)
    }
  }

  /// The largest fraction of the strongest tier's quality that the policy of gain 0 can be shown to keep: tested
  /// upwards in steps of 0.5 % until the first failure.
  private var keptQualityBound: Double {
    let tiers = tiers(0)
    let fractions = (1...200).map { Double($0) / 200 }
    let accepted = fractions.prefix { fraction in
      BettingTest.pValue(sample.qualityMargins(tiers, fraction: fraction), level: level) <= level
    }
    return accepted.last ?? 0
  }

  /// The least mean cost that sending everything to the first tier can be shown to keep: tested downwards from the
  /// largest cost seen in steps of 3 % until the first failure.
  private var cheapestCostBoundUSD: Double {
    let tiers = [Int](repeating: 0, count: sample.count)
    var bound = sample.largestCostUSD
    for _ in 0..<400 {
      let next = bound * 0.97
      guard BettingTest.pValue(sample.costMargins(tiers, budgetUSD: next), level: level) <= level else { break }
      bound = next
    }
    return bound
  }

  /// The Clopper–Pearson upper bound of a tier's share under the policy of gain 0.
  private func shareBound(of name: String) -> Double {
    let chosen = tiers(0)
    let successes = chosen.count { sample.log.tierNames[$0] == name }
    return BinomialTest.upperBound(successes: successes, count: chosen.count, level: level)
  }
}
