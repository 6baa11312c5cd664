import RequestLog

/// How rows that chance picked for a label stand for those that it did not pick: each counts 1 / probability.
///
/// Factors are capped at the 99th percentile of the rows that carry a probability, so that a few rows do not dominate the fit,
/// and brought to a mean of 1 over the labelled rows, so that penalties mean what they mean without.
package struct LabelWeighting: Sendable, Hashable {
  /// Whether rows also count by 1 / propensity.
  package let usesPropensity: Bool
  /// Rows with a known quality of a tier.
  package let labelledRows: Int
  /// Those of them that carry a probability.
  package let rows: Int
  /// The largest factor that was let through, at least 1.
  package let cap: Double
  /// Rows with a factor above ``cap``.
  package let cappedRows: Int
  /// (Σ w)² / Σ w² over the labelled rows: how many rows of equal weight show as much.
  package let effectiveRows: Double

  /// The share of ``rows`` that was capped.
  package var cappedShare: Double { rows > 0 ? Double(cappedRows) / Double(rows) : 0 }
}

/// The probabilities of a log's rows, and what becomes of their weights.
struct LabelProbabilities {
  private let usesPropensity: Bool
  private let map: TierMap
  /// 1 / probability by row, `nil` where it carries none.
  private var factors: [Double?] = []
  private var isLabelled: [Bool] = []

  init(_ map: TierMap, usesPropensity: Bool) {
    self.map = map
    self.usesPropensity = usesPropensity
  }

  /// Takes note of the next row.
  ///
  /// Its inclusion probability is the least of its tiers' rated outcomes: those of one pair carry the same.
  mutating func append(_ record: LogRecord, _ outcomes: TierOutcomes) {
    let inclusion = record.outcomes.filter { $0.quality != nil && map.index(of: $0.name) != nil }
      .compactMap(\.inclusion).min()
    let propensity = usesPropensity ? record.propensity : nil
    factors.append(inclusion == nil && propensity == nil ? nil : 1 / ((inclusion ?? 1) * (propensity ?? 1)))
    isLabelled.append(outcomes.quality.contains { $0 != nil })
  }

  /// Changes the weights of the rows; `nil`, and nothing is changed, where no labelled row carries a probability.
  func weigh(_ weights: inout [Float]) -> LabelWeighting? {
    let labelled = isLabelled.indices.filter { isLabelled[$0] }
    let known = labelled.compactMap { factors[$0] }.sorted()
    guard !known.isEmpty else { return nil }
    let cap = known[max(0, (known.count * 99 + 99) / 100 - 1)]
    let capped = factors.map { min($0 ?? 1, cap) }
    let mean = labelled.reduce(0) { $0 + capped[$1] } / Double(labelled.count)
    var (sum, squares) = (0.0, 0.0)
    for row in labelled {
      weights[row] *= Float(capped[row] / mean)
      sum += Double(weights[row])
      squares += Double(weights[row]) * Double(weights[row])
    }
    return LabelWeighting(
      usesPropensity: usesPropensity, labelledRows: labelled.count, rows: known.count, cap: cap,
      cappedRows: known.count { $0 > cap }, effectiveRows: sum * sum / squares)
  }
}
