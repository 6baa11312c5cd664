/// What a request costs per tier: the prices that a frontier's λ is multiplied with.
package struct TierCosts: Sendable, Equatable {
  /// Where the costs come from.
  package enum Source: String, Sendable {
    /// Stated by the caller, in USD.
    case given
    /// Mean costs of the log, in USD.
    case measured
    /// Invented: 1, 5, 25 … units, because the log does not distinguish costs.
    case nominal
  }

  /// The cost of one request per tier [T], in USD or, when nominal, in units of the first tier's cost.
  package let values: [Double]

  /// Where ``values`` come from.
  package let source: Source

  /// Takes costs as stated.
  ///
  /// - Throws: ``EvaluationError/option(name:expected:found:)`` unless there is one finite cost of 0 or more per tier.
  package init(given costs: [Double], tierCount: Int) throws(EvaluationError) {
    guard costs.count == tierCount else {
      throw .option(name: "tier costs", expected: "\(tierCount), one per tier", found: "\(costs.count)")
    }
    if let bad = costs.first(where: { !$0.isFinite || $0 < 0 }) {
      throw .option(name: "tier costs", expected: "finite USD from 0 up", found: "\(bad)")
    }
    self.init(values: costs, source: .given)
  }

  /// Measures the weighted mean cost per tier over the rows priced for all tiers; where there is no such row, over each
  /// tier's own priced rows; nominal costs where some tier has none or all means are equal.
  package init(measuring log: ScoredLog) {
    let priced = log.pricedRows
    let means = (0..<log.tierCount).map { tier in
      Self.mean(log, priced.isEmpty ? Self.rows(log, priced: tier) : priced, tier)
    }
    let known = means.compactMap(\.self)
    let areTold = known.count == means.count && known.contains { $0 != known[0] }
    self = areTold ? TierCosts(values: known, source: .measured) : TierCosts(nominalFor: log.tierCount)
  }

  /// Nominal costs: 1, 5, 25 and so on.
  package init(nominalFor tierCount: Int) {
    var values = [1.0]
    while values.count < tierCount { values.append(values[values.count - 1] * 5) }
    self.init(values: values, source: .nominal)
  }

  private init(values: [Double], source: Source) {
    self.values = values
    self.source = source
  }

  private static func rows(_ log: ScoredLog, priced tier: Int) -> [Int] {
    (0..<log.rowCount).filter { !log.cost[$0, tier].isNaN }
  }

  private static func mean(_ log: ScoredLog, _ rows: [Int], _ tier: Int) -> Double? {
    guard !rows.isEmpty else { return nil }
    let sum = rows.reduce(0) { $0 + log.weights[$1] * log.cost[$1, tier] }
    return sum / rows.reduce(0) { $0 + log.weights[$1] }
  }
}

extension TierCosts {
  /// The mean cost of a policy that sends these shares to the tiers, in the unit of ``values``.
  package func mean(shares: [Double]) -> Double { zip(shares, values).reduce(0) { $0 + $1.0 * $1.1 } }
}

extension ScoredLog {
  /// What the tiers count as for one row, up to a constant, when λ is above 0: the first tier's cost and scaled steps on
  /// top of it. The costs as they are without scales.
  ///
  /// - Parameter costs: the mean cost of each tier [T].
  func scaledCosts(_ costs: [Double], row: Int) -> [Double] {
    guard let thresholdScale else { return costs }
    var result = [costs[0]]
    for step in 0..<costs.count - 1 {
      let difference = costs[step + 1] - costs[step]
      result.append(result[step] + (difference > 0 ? Double(thresholdScale[row, step]) * difference : difference))
    }
    return result
  }
}
