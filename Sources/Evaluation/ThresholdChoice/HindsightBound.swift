import Foundation

/// What the best constant bet in hindsight proves by itself, in whatever order draws came.
///
/// A mixture of constant bets, with the weights of Jeffreys' prior on the share of the capital that is staked, is an e-value
/// and ends with at least 1/(2√(n + 1)) of what the best of them wins (Cover & Ordentlich, "Universal portfolios with side
/// information", 1996). Blunt near the level, but it costs next to nothing where evidence is plenty.
enum HindsightBound {
  /// A p-value from the logarithm of what the best constant bet made of 1, over `draws` draws.
  static func pValue(logCapital: Double, draws: Int) -> Double {
    min(1, 2 * Double(draws + 1).squareRoot() * exp(-logCapital))
  }

  /// A p-value of "the mean is below 0" for bounded draws.
  ///
  /// - Complexity: O(40·n).
  static func pValue(_ sample: BoundedSample) -> Double {
    let loss = -sample.range.lowerBound
    guard loss > 0, sample.mean > 0 else { return 1 }
    // The capital's logarithm is concave in the bet: its slope changes sign once. Any bet is a lower bound.
    var (low, high) = (0.0, 1 / loss)
    for _ in 0..<40 {
      let bet = (low + high) / 2
      let slope = sample.values.reduce(0) { $0 + $1 / (1 + bet * $1) }
      if slope > 0 { low = bet } else { high = bet }
    }
    return pValue(logCapital: sample.values.reduce(0) { $0 + log1p(low * $1) }, draws: sample.values.count)
  }
}
