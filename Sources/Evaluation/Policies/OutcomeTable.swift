import Statistics
package import Ockham

/// The rows of a log on which policies can be compared: those in which every tier's quality is known.
package struct OutcomeTable: Sendable {
  let log: ScoredLog
  /// The complete rows, as indices into the log [m].
  package let rows: [Int]
  /// Those of ``rows`` in which every tier's cost is known too, as positions in ``rows``.
  package let pricedPositions: [Int]
  /// The summed weight of ``rows``, and of the priced ones among them.
  let weight: Double
  let pricedWeight: Double
  /// The weighted mean quality of each tier over ``rows`` [T].
  package let tierQuality: [Double]
  /// The weighted mean cost of each tier in USD over the priced rows [T]; `nil` when there are none.
  package let tierCostUSD: [Double]?

  /// Tabulates a log; `nil` when no row is complete.
  package init?(_ log: ScoredLog) {
    let complete = log.completeRows
    guard !complete.isEmpty else { return nil }
    let isPriced = complete.map { row in log.cost.row(row).allSatisfy { !$0.isNaN } }
    let positions = complete.indices.filter { isPriced[$0] }
    let (total, priced) = (Self.weight(log, complete), Self.weight(log, positions.map { complete[$0] }))
    self.log = log
    rows = complete
    pricedPositions = positions
    (weight, pricedWeight) = (total, priced)
    tierQuality = (0..<log.tierCount).map { tier in
      complete.reduce(0) { $0 + log.weights[$1] * log.quality[$1, tier] } / total
    }
    let costs = (0..<log.tierCount).map { tier in
      positions.reduce(0) { $0 + log.weights[complete[$1]] * log.cost[complete[$1], tier] } / priced
    }
    tierCostUSD = positions.isEmpty ? nil : costs
  }

  private static func weight(_ log: ScoredLog, _ rows: [Int]) -> Double { rows.reduce(0) { $0 + log.weights[$1] } }
}

extension OutcomeTable {
  /// The outcome of sending each row to one tier.
  ///
  /// - Parameter tiers: the tier of each of ``rows`` [m].
  package func outcome(tiers: [Int]) -> PolicyOutcome {
    let choices = PolicyChoices(log, rows: rows, tiers: tiers)
    let priced = PolicyChoices(
      log, rows: pricedPositions.map { rows[$0] }, tiers: pricedPositions.map { tiers[$0] })
    return PolicyOutcome(
      share: choices.share, quality: choices.mean(of: log.quality) ?? .nan, costUSD: priced.mean(of: log.cost))
  }

  /// The expected outcome of sending each row to tiers at random with its own chances.
  ///
  /// - Parameter chances: the probability of each tier for each of ``rows`` [m × T]; every row sums to 1.
  func outcome(chances: Matrix<Double>) -> PolicyOutcome {
    let tiers = 0..<log.tierCount
    var share = [Double](repeating: 0, count: log.tierCount)
    var quality = 0.0
    var cost = 0.0
    for (position, row) in rows.enumerated() {
      for tier in tiers {
        share[tier] += log.weights[row] * chances[position, tier]
        quality += log.weights[row] * chances[position, tier] * log.quality[row, tier]
      }
    }
    for position in pricedPositions {
      let row = rows[position]
      for tier in tiers { cost += log.weights[row] * chances[position, tier] * log.cost[row, tier] }
    }
    return PolicyOutcome(
      share: share.map { $0 / weight }, quality: quality / weight,
      costUSD: pricedPositions.isEmpty ? nil : cost / pricedWeight)
  }

  /// The tier that thresholds choose for each of ``rows`` [m].
  package func tiers(_ thresholds: Thresholds) -> [Int] {
    thresholds.tiers(log, rows: rows)
  }
}

/// What a way of routing comes to on the rows of a log.
package struct PolicyOutcome: Sendable, Equatable {
  /// The weighted share of requests per tier [T]; sums to 1.
  package var share: [Double]
  /// The weighted mean quality, 0…1.
  package var quality: Double
  /// The weighted mean cost in USD over the rows in which every tier's cost is known, or `nil` when there are none.
  package var costUSD: Double?
}
