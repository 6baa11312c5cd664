import Foundation

/// How many rows a ``BettingTest`` would need, judged by the rows at hand.
enum RowEstimate {
  /// The chance of success at the estimated number of rows, as a standard normal quantile: 80 %.
  private static let power = 0.8416

  /// An estimate of the rows after which the test succeeds four times out of five; `nil` when the sample's mean is not
  /// above 0, so that more rows of this kind would not help.
  ///
  /// A constant bet b wins g(b) = mean ln(1 + b·(X − m)) a row. Near the boundary max g = μ²/2σ² and the test's
  /// log-capital is normal, which gives n = (√(2 ln 1/δ) + z)² / (2·max g); far from it the formula errs on the high
  /// side.
  ///
  /// - Complexity: O(60·n).
  static func rows(_ sample: BoundedSample, level: Double) -> Int? {
    let risks: [Double] = (0..<60).map { 0.9 * pow(0.85, Double($0)) }
    let growth = risks.map { Self.growth(sample, risk: $0) }.max() ?? 0
    guard sample.mean > 0, growth > 0 else { return nil }
    let reach = (2 * log(1 / level)).squareRoot() + power
    let rows = (reach * reach / (2 * growth)).rounded(.up)
    return rows < 1e12 ? Int(rows) : nil
  }

  /// The mean logarithmic growth when each bet risks this share of the capital.
  private static func growth(_ sample: BoundedSample, risk: Double) -> Double {
    let loss = -sample.range.lowerBound
    guard loss > 0, !sample.values.isEmpty else { return 0 }
    return sample.values.reduce(0) { $0 + log1p(risk * $1 / loss) } / Double(sample.values.count)
  }
}
