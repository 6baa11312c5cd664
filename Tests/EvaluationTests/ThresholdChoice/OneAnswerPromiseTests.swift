import Ockham
import Statistics
import Testing

@testable import Evaluation

/// Guarantees made from logs that know one answer per request, held against the true value.
@Suite struct OneAnswerPromiseTests {
  private static let repeats = 60

  private func costs(_ log: ScoredLog) throws -> TierCosts {
    try TierCosts(given: (0..<log.tierCount).map { MadeUpLog.meanCost($0) }, tierCount: log.tierCount)
  }

  /// The log with the outcome of one tier per row: the expensive one is drawn with probability `chance`.
  private func drawn(_ log: ScoredLog, chance: Double, _ generator: inout SplitMix64) throws -> ScoredLog {
    let draws = (0..<log.rowCount).map { row in
      let tier = Double(generator.next() >> 11) * 0x1p-53 < chance ? 1 : 0
      return LoggedDraw(
        tier: tier, propensity: tier == 1 ? chance : 1 - chance, quality: log.quality[row, tier],
        costUSD: log.cost[row, tier])
    }
    func seen(_ values: Matrix<Double>) -> Matrix<Double> {
      Matrix(
        draws.indices.flatMap { row in (0..<2).map { $0 == draws[row].tier ? values[row, $0] : .nan } }, columns: 2)
    }
    return try ScoredLog(
      tierNames: log.tierNames, origins: log.origins, promptBytes: log.promptBytes, probability: log.probability,
      quality: seen(log.quality), cost: seen(log.cost), draws: draws)
  }

  private func choice(_ log: ScoredLog, _ goal: ThresholdGoal) throws -> ThresholdChoice {
    try ThresholdChoice(
      log, goal: goal, tierCosts: costs(log), parameters: .init(confidence: 0.9, gridCount: 16))
  }

  /// The goal is ever so little more than a policy of the grid truly reaches: the hardest to refuse.
  private func expectKept(
    _ goal: (PolicyEstimate) throws -> ThresholdGoal, chance: Double, holds: (PolicyEstimate, PolicyEstimate) -> Bool
  ) throws {
    var population = try Population(seed: 99)
    var generator = SplitMix64(seed: 4)
    let grid = try StepGrid(costs: costs(population.log), log: population.log, count: 16)
    let border = population.trueValue(grid.thresholds(grid.gains[24]))
    let goal = try goal(border)
    var (granted, broken) = (0, 0)
    for _ in 0..<Self.repeats {
      let log = try drawn(population.draw(rows: 800), chance: chance, &generator)
      guard case .chosen(let found) = try choice(log, goal) else { continue }
      granted += 1
      #expect(found.basis.leastPropensity == min(chance, 1 - chance))
      if !holds(population.trueValue(found.thresholds), border) { broken += 1 }
    }
    let luck = BinomialTest.pValue(successes: Self.repeats - broken, count: Self.repeats, share: 0.9)
    #expect(luck > 0.001, "\(broken) of \(Self.repeats) broken")
    #expect(granted > Self.repeats / 2, "only \(granted) of \(Self.repeats) granted")
  }

  @Test(arguments: [0.5, 0.2]) func quality(chance: Double) throws {
    try expectKept(
      { .targetQuality(fraction: try #require($0.qualityKept) + 1e-9) }, chance: chance,
      holds: { ($0.qualityKept ?? 0) > ($1.qualityKept ?? 0) })
  }

  @Test func cost() throws {
    try expectKept(
      { .maximumCostPer1000(usd: try #require($0.costUSD) * 1_000 - 1e-9) }, chance: 0.5,
      holds: { ($0.costUSD ?? 1) < ($1.costUSD ?? 0) })
  }

  /// The estimates beside a guarantee are near those of the log that knows everything.
  @Test func estimatesAreByScores() throws {
    var population = try Population(seed: 12)
    var generator = SplitMix64(seed: 13)
    let whole = try population.draw(rows: 3_000)
    guard case .chosen(let found) = try choice(try drawn(whole, chance: 0.5, &generator), .targetQuality(fraction: 0.8))
    else {
      Issue.record("expected a guarantee")
      return
    }
    let trueValue = PolicyEstimate(whole, thresholds: found.thresholds)
    #expect(abs((found.estimate.qualityKept ?? 0) - (trueValue.qualityKept ?? 1)) < 0.05)
    #expect(abs((found.estimate.costUSD ?? 0) / (trueValue.costUSD ?? 1) - 1) < 0.1)
    #expect(found.assumptions.contains { $0.contains("drawn with the logged propensity") })
  }

  @Test func withoutPropensitiesNothingIsPromised() throws {
    var population = try Population(seed: 12)
    var generator = SplitMix64(seed: 13)
    let log = try drawn(try population.draw(rows: 200), chance: 1, &generator)
    #expect(throws: EvaluationError.self) { try choice(log, .targetQuality(fraction: 0.9)) }
  }
}
