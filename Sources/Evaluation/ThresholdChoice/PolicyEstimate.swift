import Ockham

/// What a policy comes to on the log at hand: estimates, beside which a promise stands.
package struct PolicyEstimate: Sendable, Equatable {
  /// The weighted share of all rows per tier [T].
  package var share: [Double]
  /// Mean quality of the policy / mean quality of the strongest tier, over the rows with every tier's quality; `nil`
  /// without such rows or when the strongest tier is never right.
  package var qualityKept: Double?
  /// The mean cost in USD over the rows with every tier's cost, or `nil` without such rows.
  package var costUSD: Double?

  init(_ log: ScoredLog, thresholds: Thresholds) {
    let all = Array(0..<log.rowCount)
    let tiers = thresholds.tiers(log, rows: all)
    var share = [Double](repeating: 0, count: log.tierCount)
    let total = log.weights.reduce(0, +)
    for row in all { share[tiers[row]] += log.weights[row] }
    self.share = share.map { $0 / total }
    let strongest = log.tierCount - 1
    let complete = log.completeRows
    let kept = complete.reduce(0) { $0 + log.weights[$1] * log.quality[$1, tiers[$1]] }
    let best = complete.reduce(0) { $0 + log.weights[$1] * log.quality[$1, strongest] }
    qualityKept = best > 0 ? kept / best : nil
    let priced = log.pricedRows
    let cost = priced.reduce(0) { $0 + log.weights[$1] * log.cost[$1, tiers[$1]] }
    costUSD = priced.isEmpty ? nil : cost / priced.reduce(0) { $0 + log.weights[$1] }
  }
}
