import Statistics

@testable import Evaluation

extension MadeUpLog {
  /// Rows as those of ``log(rows:tiers:error:weighted:unknown:costs:)`` in which every response but the last tier's shows whether it
  /// is good, wrongly in a share `noise` of the rows; all probabilities are right.
  ///
  /// - Parameters:
  ///   - noise: 0 for a check that is never wrong, 0.5 for one that shows nothing.
  ///   - costs: what each tier costs on average; single costs lie within half of it.
  mutating func cascade(
    rows: Int, costs: [Double] = [0.0002, 0.003], noise: Double = 0.1, isWeighted: Bool = false
  ) throws -> ScoredLog {
    let tiers = costs.count
    var (probability, quality, cost, latency): ([Float], [Double], [Double], [Double]) = ([], [], [], [])
    var scores = [[Float]](repeating: [], count: tiers - 1)
    var forms = scores
    var weights: [Double] = []
    for _ in 0..<rows {
      let ease = unit()
      let chances = (0..<tiers).map { Self.chance(ease, tier: $0) }
      let good = chances.map { unit() < $0 }
      for tier in 0..<tiers - 1 {
        let seen = unit() < noise ? !good[tier] : good[tier]
        let (hit, miss) = seen ? (1 - noise, noise) : (noise, 1 - noise)
        let own = chances[tier] * hit / (chances[tier] * hit + (1 - chances[tier]) * miss)
        scores[tier].append(Float(own))
        for upper in tier + 1..<tiers { scores[tier].append(Float(chances[upper])) }
        // What is good has the form that is demanded, and what is not has it more often than not.
        let isFormed = good[tier] || unit() < 0.6
        forms[tier].append(Float(isFormed ? chances[tier] / (chances[tier] + (1 - chances[tier]) * 0.6) : 0))
        for upper in tier + 1..<tiers { forms[tier].append(Float(chances[upper])) }
      }
      weights.append(isWeighted ? [0.5, 1, 2][index(below: 3)] : 1)
      probability += chances.map(Float.init)
      quality += good.map { $0 ? 1 : 0 }
      cost += costs.map { $0 * (0.5 + unit()) }
      latency += costs.indices.map { 100 * Double($0 + 1) }
    }
    return try ScoredLog(
      tierNames: (0..<tiers).map { "t\($0)" },
      origins: (0..<rows).map { RowOrigin(id: "q\($0)", dataset: $0 % 3 == 0 ? "a" : "b") }, weights: weights,
      promptBytes: [Int](repeating: 40, count: rows), probability: Matrix(probability, columns: tiers),
      quality: Matrix(quality, columns: tiers), cost: Matrix(cost, columns: tiers),
      responses: ResponseScores(
        probability: scores.enumerated().map { Matrix($1, columns: tiers - $0) },
        form: forms.enumerated().map { Matrix($1, columns: tiers - $0) }),
      latencyMilliseconds: Matrix(latency, columns: tiers))
  }
}
