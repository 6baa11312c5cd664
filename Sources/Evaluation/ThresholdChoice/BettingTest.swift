import Foundation

/// A p-value for "the mean is below 0" of bounded draws: a bet against it, whose winnings would be evidence.
///
/// With X = (value − a) / (b − a) in 0…1 and m = −a / (b − a), the capital K_t = Π_{i ≤ t} (1 + λ_i·(X_i − m)) is a
/// non-negative supermartingale when E[X] ≤ m, for any bets 0 ≤ λ_i ≤ 1/m that depend on X_1 … X_{i−1} only. By Ville's
/// inequality P(max_t K_t ≥ 1/δ) ≤ δ, so that 1 / max_t K_t is a p-value for every n, without approximation
/// (Waudby-Smith & Ramdas, "Estimating means of bounded random variables by betting", 2024). The bets are theirs for a
/// fixed n, λ_i = √(2·ln(1/δ) / (n·σ̂²_{i−1})) with a running variance, kept below 0.9/m. They use the variance, which
/// is small here (most rows score the same whichever tier answers): the p-value is far below that of Hoeffding and
/// Bentkus.
enum BettingTest {
  /// The share of its capital that a bet may risk.
  private static let largestRisk = 0.9
  /// Where counting stops: no confidence asks for more.
  private static let enoughCapital = 1e15

  /// The p-value that a promise rests on: 1 where the draws themselves break it, since a bet may have been won early and
  /// the evidence lost since. Never below ``pValue(_:level:)``, hence as valid.
  static func promisePValue(_ sample: BoundedSample, level: Double) -> Double {
    sample.values.reduce(0, +) < 0 ? 1 : pValue(sample, level: level)
  }

  /// The p-value of the hypothesis that the mean is below 0; 0 when the range rules it out, 1 when the range implies
  /// it.
  ///
  /// - Parameter level: δ, the level that the bets are tuned for; any value in 0…1 is valid.
  /// - Complexity: O(n).
  static func pValue(_ sample: BoundedSample, level: Double) -> Double {
    let range = sample.range
    if range.lowerBound >= 0 { return 0 }
    if range.upperBound <= 0 { return 1 }
    let null = -range.lowerBound / (range.upperBound - range.lowerBound)
    return pValue(sample, scale: range.upperBound - range.lowerBound, null: null, level: level)
  }

  private static func pValue(_ sample: BoundedSample, scale: Double, null: Double, level: Double) -> Double {
    let boldness = 2 * log(1 / level) / Double(sample.values.count)
    var moments = RunningMoments()
    var capital = 1.0
    var best = 1.0
    for value in sample.values {
      let x = value / scale + null
      let bet = min((boldness / moments.variance).squareRoot(), largestRisk / null)
      capital *= 1 + bet * (x - null)
      best = max(best, capital)
      if best > enoughCapital { break }
      moments.add(x)
    }
    return 1 / best
  }

  /// The regularised running mean and variance of numbers in 0…1: they start at 1/2 and 1/4, as from one draw before.
  private struct RunningMoments {
    private var count = 1.0
    private var sum = 0.5
    private var squares = 0.25

    var variance: Double { squares / count }

    mutating func add(_ x: Double) {
      count += 1
      sum += x
      let deviation = x - sum / count
      squares += deviation * deviation
    }
  }
}

/// Independent draws of a number that cannot leave a known range: what a promise about a mean is tested on.
struct BoundedSample {
  /// The draws, in an order that was fixed before they were looked at [n].
  let values: [Double]
  /// The range that no draw can leave; its ends differ.
  let range: ClosedRange<Double>

  /// The mean, or 0 without draws.
  var mean: Double { values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count) }
}

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
