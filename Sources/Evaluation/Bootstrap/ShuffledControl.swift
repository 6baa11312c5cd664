import Ockham
import Statistics

/// Whether the model's choices belong to their requests, or would do as well dealt to others.
///
/// The same decisions are dealt anew among the rows, many times. Each deal is held, as the model is, against the best random mix of tiers that
/// costs no more dollars than it does (against one of the same shares where costs are unknown), so that a deal that happens to be more expensive
/// wins nothing by it. A model whose excess lies among those of the deals knows nothing of the requests that chance does not.
package struct ShuffledControl: Sendable, Equatable {
  /// Quality above that of the random mix, of the model's own decisions.
  package var excess: Double
  /// The mean of the same over the deals, and the range in which the middle share of them lies.
  package var dealt: Interval
  /// The share of deals that do as well, the model's own counted as one: a permutation test's p.
  package var p: Double
  package var deals: Int
  /// Whether the mix has the same dollars, and not only the same shares.
  package var isOfSameCost: Bool

  /// - Complexity: O(deals · rows).
  init(_ table: OutcomeTable, thresholds: Thresholds, parameters: BootstrapParameters) {
    let dealer = Dealer(table)
    let tiers = table.tiers(thresholds)
    var generator = SplitMix64(seed: parameters.seed, 0x5f1e)
    let own = dealer.excess(tiers)
    let excesses = (0..<parameters.resamples).map { _ in
      dealer.excess(generator.permutation(of: tiers.count).map { tiers[$0] })
    }
    excess = own
    let mean = excesses.reduce(0, +) / Double(excesses.count)
    dealt =
      Interval(estimate: mean, values: excesses, confidence: parameters.confidence)
      ?? Interval(estimate: mean, lower: mean, upper: mean)
    p = Double(1 + excesses.count { $0 >= own }) / Double(1 + excesses.count)
    deals = parameters.resamples
    isOfSameCost = table.tierCostUSD != nil
  }

  /// What deals are reckoned with.
  private struct Dealer {
    let table: OutcomeTable
    let weights: [Double]
    /// Of the priced rows: their places among the rows.
    let priced: [Int]

    init(_ table: OutcomeTable) {
      self.table = table
      weights = table.rows.map { table.log.weights[$0] }
      priced = table.pricedPositions
    }

    func excess(_ tiers: [Int]) -> Double {
      let log = table.log
      var (quality, costUSD) = (0.0, 0.0)
      var shares = [Double](repeating: 0, count: log.tierCount)
      for (position, row) in table.rows.enumerated() {
        quality += weights[position] * log.quality[row, tiers[position]]
        shares[tiers[position]] += weights[position] / table.weight
      }
      for position in priced { costUSD += weights[position] * log.cost[table.rows[position], tiers[position]] }
      let mix = priced.isEmpty ? nil : table.mix(costingAtMost: costUSD / table.pricedWeight)
      let random = mix.map(table.outcome(randomBy:)) ?? table.outcome(randomWith: shares)
      return quality / table.weight - random.quality
    }
  }
}
