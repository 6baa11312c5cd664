import Ockham

/// Goals on a log that knows one answer per request, drawn with a known propensity: tested on scores that are right on average.
extension ThresholdGoal {
  /// Scores for a goal about outcomes of which no row contains those of every tier; `nil` for other goals, and where nothing was drawn.
  func drawnScores(_ log: ScoredLog) -> DrawnScores? {
    switch self {
    case .targetQuality: log.completeRows.isEmpty ? DrawnScores(log, .quality) : nil
    case .maximumCostPer1000: log.pricedRows.isEmpty ? DrawnScores(log, .cost) : nil
    case .maximumShare: nil
    }
  }
}

extension ThresholdGoal {
  /// Whether the goal is to be tested on the rows of a log that show draws, rather than on the records that they make: where
  /// fewer than half of the records contain the outcomes of every tier. No outcome decides it, only who is known.
  package func isTested(onDraws draws: ScoredLog, notOnRecords log: ScoredLog) -> Bool {
    let complete =
      switch self {
      case .targetQuality: log.completeRows.count
      case .maximumCostPer1000: log.pricedRows.count
      case .maximumShare: log.rowCount
      }
    return 2 * complete < log.rowCount && drawnScores(draws) != nil
  }
}

extension DrawnScores {
  /// What q(chosen tier) − α·q(strongest tier) cannot leave: −(1/p − 1 + α) … 1/p for the least propensity p.
  func qualityRange(fraction: Double) -> ClosedRange<Double> {
    -(1 / leastPropensity - 1 + fraction)...1 / leastPropensity
  }

  /// What budget − cost of the chosen tier cannot leave: budget − c/p … budget + c·(1/p − 1) for the largest cost c.
  func costRange(budgetUSD: Double) -> ClosedRange<Double> {
    (budgetUSD - largest / leastPropensity)...(budgetUSD + largest * (1 / leastPropensity - 1))
  }

  /// The weighted mean score of a tier for each of ``rows``.
  fileprivate func mean(_ tiers: [Int], _ log: ScoredLog) -> Double {
    let sum = zip(rows, tiers).reduce(0) { $0 + log.weights[$1.0] * score(row: $1.0, tier: $1.1) }
    return sum / rows.reduce(0) { $0 + log.weights[$1] }
  }
}

extension PolicyEstimate {
  /// What a policy comes to on the rows of a goal, by their scores where no row contains every tier's outcome.
  init(_ sample: GoalSample, thresholds: Thresholds) {
    let log = sample.log
    self.init(log, thresholds: thresholds)
    if log.completeRows.isEmpty, let scores = DrawnScores(log, .quality) {
      let tiers = thresholds.tiers(log, rows: scores.rows)
      let strongest = scores.mean([Int](repeating: log.tierCount - 1, count: tiers.count), log)
      qualityKept = strongest > 0 ? scores.mean(tiers, log) / strongest : nil
    }
    if log.pricedRows.isEmpty, let scores = DrawnScores(log, .cost) {
      costUSD = scores.mean(thresholds.tiers(log, rows: scores.rows), log)
    }
  }
}
