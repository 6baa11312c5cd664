import Foundation
import Statistics

/// A p-value for "the mean is below 0" of bounded draws: bets against it, whose winnings would be evidence.
///
/// With draws v ≥ −a the capital K_t = Π_{i ≤ t} (1 + λ_i·v_i) is a non-negative supermartingale when E[v] ≤ 0, for any bets
/// 0 ≤ λ_i ≤ 1/a that depend on v_1 … v_{i−1} only, and may be left at any time (Waudby-Smith & Ramdas, "Estimating means of
/// bounded random variables by betting", 2024). What is left is an e-value: its mean is at most 1. So is the mean of e-values,
/// which is why the draws are bet on in many orders: the result is the mean capital, by Markov's inequality P(mean ≥ 1/δ) ≤ δ
/// for every n, without approximation, and no single order decides.
///
/// The number of draws and the capital that is wanted are known, so each bet is that of someone who hedges a prize of W = c/δ,
/// due when the sum of the draws ends high enough: with capital u·W and r draws left λ = φ(Φ⁻¹(u)) / (u·σ·√r), and betting ends
/// near W. For many draws the test comes near the one-sided test of a normal mean at level δ/c, where bets that
/// grow capital as fast as they can pay for evidence beyond 1/δ that no one asks for. σ² is the mean square of the draws before,
/// with a start that bets little until some have been seen.
struct BettingTest {
  /// The share of its capital that a bet may risk.
  private static let largestRisk = 0.9
  /// The prize c and the capital where betting ends, in units of 1/δ. Above 1, so that a few orders that go wrong do not matter.
  private static let prize = (hedged: 1.5, enough: 1.45)
  /// What σ² starts from: so many draws of so large a square, in units of the squared range.
  private static let start = (draws: 10.0, square: 0.05)
  /// The capital below which nothing can be won back.
  private static let ruin = 1e-100
  /// How often bets are renewed at most; more draws share a bet.
  private static let renewals = 64

  /// A random order of the draws [n].
  private let shuffled: [Int]
  /// Each order takes the shuffled draws `first`, `first + stride` and so on, modulo n: where all orders of the draws are
  /// equally likely, so are all orders of any such walk.
  private let walks: [(first: Int, stride: Int)]

  /// - Parameters:
  ///   - count: n, the number of draws.
  ///   - orders: the number of orders, at least 1.
  ///   - seed: the seed that the orders are drawn from.
  init(count: Int, orders: Int = 100, seed: UInt64 = 1) {
    var generator = SplitMix64(seed: seed)
    shuffled = generator.permutation(of: count)
    walks =
      count == 0
      ? []
      : (0..<orders).map { _ in
        let first = generator.next(below: count)
        var stride = 1 + generator.next(below: count)
        while !Self.areCoprime(stride, count) { stride = 1 + generator.next(below: count) }
        return (first, stride)
      }
  }

  private static func areCoprime(_ a: Int, _ b: Int) -> Bool {
    var (a, b) = (a, b)
    while b != 0 { (a, b) = (b, a % b) }
    return a == 1
  }

  /// The p-value of the hypothesis that the mean is below 0; 0 when the range rules it out, 1 when the range implies
  /// it.
  ///
  /// - Parameters:
  ///   - sample: n draws.
  ///   - level: δ, the level that the bets are tuned for; any value in 0…1 is valid.
  /// - Complexity: O(orders · n).
  func pValue(_ sample: BoundedSample, level: Double) -> Double {
    precondition(sample.values.count == shuffled.count)
    if sample.range.lowerBound >= 0 { return 0 }
    if sample.range.upperBound <= 0 || shuffled.isEmpty { return 1 }
    let values = shuffled.map { sample.values[$0] }
    let capital = walks.reduce(0) { $0 + Self.capital(values.span, $1, range: sample.range, level: level) }
    return min(1, Double(walks.count) / capital)
  }

  /// What 1 becomes by betting in one order.
  private static func capital(
    _ values: Span<Double>, _ walk: (first: Int, stride: Int), range: ClosedRange<Double>, level: Double
  ) -> Double {
    let count = values.count
    let (span, largestBet) = (range.upperBound - range.lowerBound, largestRisk / -range.lowerBound)
    let (hedged, enough) = (prize.hedged / level, prize.enough / level)
    let block = max(1, count / renewals)
    var (capital, draws, squares) = (1.0, start.draws, start.draws * start.square * span * span)
    var (place, left) = (walk.first, count)
    while left > 0 && capital > ruin && capital < enough {
      let bet = min(hazard(capital / hedged) / (squares / draws * Double(left)).squareRoot(), largestBet)
      let taken = min(block, left)
      for _ in 0..<taken {
        let value = values[place]
        capital *= 1 + bet * value
        squares += value * value
        place += walk.stride
        if place >= count { place -= count }
      }
      draws += Double(taken)
      left -= taken
    }
    return capital
  }

  /// φ(Φ⁻¹(u)) / u: how much a hedger with the part u of the prize stakes of it, in units of σ·√r.
  private static func hazard(_ u: Double) -> Double { StandardNormal.density(StandardNormal.quantile(u)) / u }
}

/// Independent draws of a number that cannot leave a known range: what a guarantee about a mean is tested on.
struct BoundedSample: Equatable {
  /// The draws, in an order that was fixed before they were looked at [n].
  let values: [Double]
  /// The range that no draw can leave; its ends differ.
  let range: ClosedRange<Double>

  /// The mean, or 0 without draws.
  var mean: Double { values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count) }
}

/// How many rows a ``BettingTest`` would need, judged by the rows at hand.
enum SampleSizeEstimate {
  /// The chance of success at the estimated number of rows, as a standard normal quantile: 80 %.
  private static let power = 0.8416

  /// An estimate of the rows after which the test succeeds four times out of five; `nil` when the sample's mean is not
  /// above 0, so that more rows of this kind would not help.
  ///
  /// A constant bet b wins g(b) = mean ln(1 + b·v) a row, and max g = μ²/2σ² near the boundary. There the tests come near
  /// the one of a normal mean at level δ/1.5 or better, which gives n = (z_δ + z)² / (2·max g); far from it the formula
  /// errs on the high side.
  ///
  /// - Complexity: O(60·n).
  static func rows(_ sample: BoundedSample, level: Double) -> Int? {
    let risks: [Double] = (0..<60).map { 0.9 * pow(0.85, Double($0)) }
    let growth = risks.map { Self.growth(sample, risk: $0) }.max() ?? 0
    guard sample.mean > 0, growth > 0 else { return nil }
    let reach = power - StandardNormal.quantile(level / 1.5)
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
