import Foundation

/// What the cost of a tier's answers is predicted by: their length, and what a unit of it costs.
struct CostTarget: Sendable {
  /// What lengths are measured in.
  let unit: LengthUnit
  let price: TierPrice
  /// The length by row of the dataset; NaN where unknown.
  let lengths: [Double]

  /// What every tier needs of rows that show its costs.
  static let minimumRows = 30

  /// The least share of squared costs that prices must explain for tokens to stand for them.
  static let minimumExplained = 0.9

  /// - Returns: `nil` when too few of the rows contain the tier's costs.
  init?(_ dataset: Dataset, tier: Int, rows: [Int]) {
    let tiers = dataset.tierNames.count
    func column(_ values: [Double]) -> [Double] { (0..<dataset.rows).map { values[$0 * tiers + tier] } }
    let (costs, tokens) = (column(dataset.costs), column(dataset.outputTokens))
    let told = rows.filter { !costs[$0].isNaN && dataset.weights[$0] > 0 }
    guard told.count >= Self.minimumRows else { return nil }
    let priced = told.filter { !tokens[$0].isNaN }.map { row in
      PricedRow(
        bytes: Double(dataset.promptBytes[row]), length: tokens[row], costUSD: costs[row],
        weight: Double(dataset.weights[row]))
    }
    let (price, explained) = TierPrice.fit(priced)
    if priced.count >= Self.minimumRows, explained >= Self.minimumExplained {
      (unit, self.price, lengths) = (.tokens, price, tokens)
    } else {
      let isFree = told.allSatisfy { costs[$0] == 0 }
      unit = .microUSD
      self.price = TierPrice(inputUSD: 0, outputUSD: isFree ? 0 : 1e-6)
      lengths = costs.map { $0 * 1e6 }
    }
  }

  /// log(1 + length) of a row; NaN where unknown.
  func logLength(_ row: Int) -> Double { log1p(lengths[row]) }
}

/// What the length of an answer is measured in.
package enum LengthUnit: String, Sendable {
  case tokens
  /// Millionths of a dollar: the cost itself.
  case microUSD = "micro_usd"
}
