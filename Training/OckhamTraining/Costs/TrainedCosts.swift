import Ockham

/// The head of expected costs and what it predicted of rows that it had not seen.
package struct TrainedCosts: Sendable {
  /// What goes into the model file.
  package let weights: CostWeights
  /// Expected costs in USD of the plan's rows by models that have not seen them, row-major [rows × tiers]. The two prices
  /// per tier are those of all rows.
  package let expectedUSD: [Double]
  /// How well each tier's lengths are predicted.
  package let fits: [CostFit]

  init(
    _ dataset: Dataset, rows: [Int], models: [LengthModel], targets: [CostTarget], lengths: [[Double]], fits: [CostFit]
  ) {
    let prices = targets.map(\.price)
    let expected = rows.indices.flatMap { place in
      prices.indices.map { tier in
        ExpectedCost.usd(
          promptBytes: dataset.promptBytes[rows[place]], at: prices[tier].inputUSD, length: lengths[tier][place],
          at: prices[tier].outputUSD)
      }
    }
    let total = rows.reduce(0) { $0 + Double(dataset.weights[$1]) }
    let steps = (1..<prices.count).map { upper in
      rows.indices.reduce(0) { sum, place in
        let row = place * prices.count
        return sum + Double(dataset.weights[rows[place]]) * (expected[row + upper] - expected[row + upper - 1])
      } / total
    }
    expectedUSD = expected
    weights = CostWeights(models: models, prices: prices, meanStepUSD: steps)
    self.fits = fits
  }
}

/// How well one tier's answer lengths are predicted.
package struct CostFit: Sendable, Equatable {
  package var unit: LengthUnit
  /// The rows that show the length.
  package var rows: Int
  /// The chosen L2 strength.
  package var penalty: Double
  /// 1 − squared error / spread of log(1 + length), out of fold.
  package var rSquared: Double
  package var price: TierPrice
}
