import Statistics
import Ockham

@testable import Evaluation

/// Scored logs with equal rows and different scores, the same on every run.
struct ComparedLogs {
  var rows = 120
  var tiers = 2
  /// The share of qualities and of costs that are unknown.
  var unknown = 0.0
  var seed: UInt64 = 1
  /// How many rows share a question.
  var copies = 1

  /// A log whose probabilities are the true chances, give or take `error`, on a coarse grid so that there are ties.
  func log(error: Double, scoreSeed: UInt64) throws -> ScoredLog {
    var trueValue = SplitMix64(seed: seed)
    var noise = SplitMix64(seed: scoreSeed &+ 1_000)
    func unit(_ generator: inout SplitMix64) -> Double { Double(generator.next() >> 11) * 0x1p-53 }
    var (probability, quality, cost, weights) = ([Float](), [Double](), [Double](), [Double]())
    for _ in 0..<rows {
      let ease = unit(&trueValue)
      weights.append([0.5, 1, 2][trueValue.next(below: 3)])
      for tier in 0..<tiers {
        let chance = tier == 0 ? ease : 0.9
        let score = min(max(chance + (unit(&noise) - 0.5) * 2 * error, 0), 1)
        probability.append(Float((score * 20).rounded() / 20))
        let isRight = unit(&trueValue) < chance
        quality.append(unit(&trueValue) < unknown ? .nan : isRight ? 1 : 0)
        cost.append(unit(&trueValue) < unknown ? .nan : (Double(tier) * 10 + 1) * (0.5 + unit(&trueValue)) / 1_000)
      }
    }
    return try ScoredLog(
      tierNames: Array(["small", "mid", "frontier"].prefix(tiers)),
      origins: (0..<rows).map { RowOrigin(id: "q\($0 / copies)") }, weights: weights,
      promptBytes: (0..<rows).map { $0 % 50 }, probability: Matrix(probability, columns: tiers),
      quality: Matrix(quality, columns: tiers), cost: Matrix(cost, columns: tiers))
  }

  func side(_ name: String, error: Double, scoreSeed: UInt64 = 1, step: Float = 0.1) throws -> ModelComparison.Side {
    ModelComparison.Side(
      name: name, log: try log(error: error, scoreSeed: scoreSeed),
      thresholds: Thresholds(increments: [Float](repeating: step, count: tiers - 1)))
  }
}
