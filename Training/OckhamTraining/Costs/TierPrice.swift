/// What a tier charges: USD per byte of prompt and USD per unit of answer length.
package struct TierPrice: Sendable, Equatable {
  package var inputUSD: Double
  package var outputUSD: Double

  /// The prices of at least 0 that leave the least Σ w (cost − inputUSD · bytes − outputUSD · length)²: non-negative
  /// least squares, which for two variables is the free solution or the better of the two on an axis.
  ///
  /// - Returns: the prices, and the share of Σ w · cost² that they explain (1 where all costs are 0).
  static func fit(_ rows: [PricedRow]) -> (price: TierPrice, explained: Double) {
    func sum(_ term: (PricedRow) -> Double) -> Double { rows.reduce(0) { $0 + $1.weight * term($1) } }
    let (bb, bl, ll) = (sum { $0.bytes * $0.bytes }, sum { $0.bytes * $0.length }, sum { $0.length * $0.length })
    let (bc, lc, cc) = (sum { $0.bytes * $0.costUSD }, sum { $0.length * $0.costUSD }, sum { $0.costUSD * $0.costUSD })
    func explained(_ price: TierPrice) -> Double {
      let (p, q) = (price.inputUSD, price.outputUSD)
      let squares = 2 * (p * bc + q * lc) - (p * p * bb + 2 * p * q * bl + q * q * ll)
      return cc > 0 ? squares / cc : 1
    }
    var candidates = [
      TierPrice(inputUSD: 0, outputUSD: ll > 0 ? lc / ll : 0), TierPrice(inputUSD: bb > 0 ? bc / bb : 0, outputUSD: 0),
    ]
    let determinant = bb * ll - bl * bl
    if determinant > 1e-12 * bb * ll {
      let free = TierPrice(
        inputUSD: (bc * ll - lc * bl) / determinant, outputUSD: (lc * bb - bc * bl) / determinant)
      if free.inputUSD >= 0, free.outputUSD >= 0 { candidates.append(free) }
    }
    let best = candidates.max { explained($0) < explained($1) } ?? candidates[0]
    return (best, explained(best))
  }
}

/// One row that shows what an answer cost.
struct PricedRow {
  var bytes: Double
  var length: Double
  var costUSD: Double
  var weight: Double
}
