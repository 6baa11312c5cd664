import Statistics
import Ockham
@testable import Evaluation

/// A finite population whose mean quality, cost and shares under any thresholds are known exactly, and logs drawn from it.
struct Population {
  /// Every row; what a guarantee is about.
  let log: ScoredLog
  private var generator: SplitMix64
  private var known: [Thresholds: PolicyEstimate] = [:]

  init(seed: UInt64, rows: Int = 1_000, tiers: Int = 2, weighted: Bool = false) throws {
    var made = MadeUpLog(seed: seed)
    log = try made.log(rows: rows, tiers: tiers, error: 0.2, weighted: weighted)
    generator = SplitMix64(seed: seed + 1)
  }

  /// A log of rows drawn with replacement, each under a new name: independent questions, as the guarantee assumes.
  mutating func draw(rows: Int) throws -> ScoredLog {
    let drawn = log.selecting((0..<rows).map { _ in generator.next(below: log.rowCount) })
    return try ScoredLog(
      tierNames: log.tierNames, origins: (0..<rows).map { RowOrigin(id: "\($0)") }, weights: drawn.weights,
      promptBytes: drawn.promptBytes, probability: drawn.probability, quality: drawn.quality, cost: drawn.cost)
  }

  /// What thresholds truly come to.
  mutating func trueValue(_ thresholds: Thresholds) -> PolicyEstimate {
    if let trueValue = known[thresholds] { return trueValue }
    let trueValue = PolicyEstimate(log, thresholds: thresholds)
    known[thresholds] = trueValue
    return trueValue
  }
}
