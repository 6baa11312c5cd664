import Statistics
@testable import Evaluation

/// Logs drawn from a known population, the same on every run.
struct MadeUpLog {
  private var generator: SplitMix64

  init(seed: UInt64) { generator = SplitMix64(seed: seed) }

  /// A number in 0 ..< 1.
  mutating func unit() -> Double { Double(generator.next() >> 11) * 0x1p-53 }

  mutating func index(below bound: Int) -> Int { generator.next(below: bound) }

  /// Rows whose qualities are 0 or 1 with the predicted probabilities, give or take `error`.
  ///
  /// Tier t is right with probability ease^(1 / (t + 1)), where ease is uniform: upper tiers are better on every row.
  mutating func log(
    rows: Int, tiers: Int = 2, error: Double = 0.1, weighted: Bool = false, unknown: Double = 0, costs: Bool = true
  ) throws -> ScoredLog {
    var probability: [Float] = []
    var quality: [Double] = []
    var cost: [Double] = []
    var bytes: [Int] = []
    var weights: [Double] = []
    for _ in 0..<rows {
      let ease = unit()
      bytes.append(20 + Int((1 - ease) * 40 + unit() * 80))
      weights.append(weighted ? [0.5, 1, 2][index(below: 3)] : 1)
      for tier in 0..<tiers {
        let right = Self.chance(ease, tier: tier)
        probability.append(Float(min(max(right + (unit() - 0.5) * 2 * error, 0), 1)))
        quality.append(unit() < unknown ? .nan : (unit() < right ? 1 : 0))
        cost.append(costs ? Self.meanCost(tier) * (0.5 + unit()) : .nan)
      }
    }
    return try ScoredLog(
      tierNames: Array(["small", "mid", "frontier", "giant"].prefix(tiers)),
      origins: (0..<rows).map { RowOrigin(id: "q\($0)", dataset: $0 % 3 == 0 ? "a" : "b") }, weights: weights,
      promptBytes: bytes, probability: Matrix(probability, columns: tiers), quality: Matrix(quality, columns: tiers),
      cost: Matrix(cost, columns: tiers))
  }

  /// The chance that a tier is right on a row of the given ease.
  static func chance(_ ease: Double, tier: Int) -> Double {
    tier == 0 ? ease : tier == 1 ? ease.squareRoot() : ease.squareRoot().squareRoot()
  }

  /// The mean cost of a tier in USD; single costs lie within half of it.
  static func meanCost(_ tier: Int) -> Double { [0.0002, 0.001, 0.005, 0.02][tier] }
}

/// A log of given probabilities and qualities; costs are unknown unless given.
func smallLog(
  _ probability: [[Float]], _ quality: [[Double]], cost: [[Double]]? = nil, weights: [Double]? = nil,
  bytes: [Int]? = nil,
  ids: [String]? = nil
) throws -> ScoredLog {
  let tiers = probability[0].count
  let rows = probability.count
  return try ScoredLog(
    tierNames: (0..<tiers).map { "t\($0)" }, origins: (0..<rows).map { RowOrigin(id: ids?[$0] ?? "\($0)") },
    weights: weights, promptBytes: bytes ?? Array(1...rows),
    probability: Matrix(probability.flatMap(\.self), columns: tiers),
    quality: Matrix(quality.flatMap(\.self), columns: tiers),
    cost: cost.map { Matrix($0.flatMap(\.self), columns: tiers) } ?? Matrix(repeating: .nan, rows: rows, columns: tiers)
  )
}
