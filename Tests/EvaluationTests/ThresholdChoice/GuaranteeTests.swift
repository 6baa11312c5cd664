import Statistics
import Ockham
import Testing

@testable import Evaluation

/// Guarantees made from many logs of a population, held against the true value about it.
@Suite struct GuaranteeTests {
  private static let confidences = [0.9, 0.95]
  private static let gridCount = 16
  private static let repeats = 200
  /// Guarantees hold for any number of orders; few are quick.
  private static let orders = 8

  private func costs(_ log: ScoredLog) throws -> TierCosts {
    try TierCosts(given: (0..<log.tierCount).map { MadeUpLog.meanCost($0) }, tierCount: log.tierCount)
  }

  private func choice(_ log: ScoredLog, _ goal: ThresholdGoal, _ confidence: Double) throws -> ThresholdChoice {
    try ThresholdChoice(
      log, goal: goal, tierCosts: costs(log),
      parameters: .init(confidence: confidence, gridCount: Self.gridCount, orders: Self.orders))
  }

  /// What a policy of the grid truly comes to. A guarantee of ever so little more is the hardest case: this policy breaks
  /// it, by less than any log can show.
  private func trueValue(_ population: inout Population, gainIndex: Int) throws -> PolicyEstimate {
    let grid = try StepGrid(costs: costs(population.log), log: population.log, count: Self.gridCount)
    return population.trueValue(grid.thresholds(grid.gains[gainIndex]))
  }

  /// Whether a guarantee holds, by the true value about the population.
  private func holds(_ goal: ThresholdGoal, _ trueValue: PolicyEstimate, tierNames: [String]) throws -> Bool {
    switch goal {
    case .targetQuality(let fraction): try #require(trueValue.qualityKept) >= fraction
    case .maximumCostPer1000(let usd): try #require(trueValue.costUSD) * 1_000 <= usd
    case .maximumShare(let tier, let share): trueValue.share[try #require(tierNames.firstIndex(of: tier))] <= share
    }
  }

  /// The result of guarantees from many logs.
  private struct Counts {
    var granted = 0
    var broken = 0
  }

  private func counts(
    _ population: inout Population, _ goal: ThresholdGoal, rows: Int, choose: (ScoredLog) throws -> Thresholds?
  ) throws -> Counts {
    var counts = Counts()
    for _ in 0..<Self.repeats {
      guard let thresholds = try choose(population.draw(rows: rows)) else { continue }
      counts.granted += 1
      let trueValue = population.trueValue(thresholds)
      if try !holds(goal, trueValue, tierNames: population.log.tierNames) { counts.broken += 1 }
    }
    return counts
  }

  /// The chance of at least `broken` broken guarantees when each is broken with probability `level`.
  private func chance(broken: Int, level: Double) -> Double {
    BinomialTest.pValue(successes: Self.repeats - broken, count: Self.repeats, share: 1 - level)
  }

  /// Fails when more guarantees are broken than δ allows, at 1 in 1,000, or when a quarter of the logs gets none.
  private func expectKept(
    _ population: inout Population, _ goal: ThresholdGoal, rows: Int, confidence: Double
  ) throws {
    let counts = try counts(&population, goal, rows: rows) { log in
      if case .chosen(let found) = try choice(log, goal, confidence) { found.thresholds } else { nil }
    }
    let chance = chance(broken: counts.broken, level: 1 - confidence)
    #expect(chance > 0.001, "\(counts.broken) of \(Self.repeats) broken")
    #expect(counts.granted > Self.repeats * 3 / 4, "only \(counts.granted) of \(Self.repeats) granted")
  }

  @Test(arguments: confidences) func quality(confidence: Double) throws {
    var population = try Population(seed: 99)
    let kept = try #require(try trueValue(&population, gainIndex: 24).qualityKept)
    let goal = ThresholdGoal.targetQuality(fraction: kept + 1e-9)
    try expectKept(&population, goal, rows: 120, confidence: confidence)
  }

  @Test(arguments: confidences) func qualityOfWeightedRowsInThreeTiers(confidence: Double) throws {
    var population = try Population(seed: 98, tiers: 3, weighted: true)
    let kept = try #require(try trueValue(&population, gainIndex: 21).qualityKept)
    let goal = ThresholdGoal.targetQuality(fraction: kept + 1e-9)
    try expectKept(&population, goal, rows: 120, confidence: confidence)
  }

  @Test(arguments: confidences) func share(confidence: Double) throws {
    var population = try Population(seed: 97)
    let share = try trueValue(&population, gainIndex: 24).share[1]
    let goal = ThresholdGoal.maximumShare(tier: "mid", share: share - 1e-9)
    try expectKept(&population, goal, rows: 120, confidence: confidence)
  }

  @Test(arguments: confidences) func cost(confidence: Double) throws {
    var population = try Population(seed: 96)
    let usd = try #require(try trueValue(&population, gainIndex: 24).costUSD) * 1_000
    let goal = ThresholdGoal.maximumCostPer1000(usd: usd - 1e-9)
    try expectKept(&population, goal, rows: 120, confidence: confidence)
  }

  /// The same simulation finds out a choice that takes the log's own mean for the true value.
  @Test func aPromiseWithoutATestIsBrokenOften() throws {
    var population = try Population(seed: 99)
    let kept = try #require(try trueValue(&population, gainIndex: 24).qualityKept)
    let goal = ThresholdGoal.targetQuality(fraction: kept + 1e-9)
    let counts = try counts(&population, goal, rows: 120) { log in
      let grid = try StepGrid(costs: costs(log), log: log, count: Self.gridCount)
      let sample = try GoalSample(log, goal: goal, grid: grid)
      let sequence = FixedSequence(sample: sample, grid: grid, level: 0.1)
      let meeting = sequence.order.prefix { sample.margins(sequence.tiers($0), goal: goal).mean >= 0 }
      return meeting.last.map { grid.thresholds($0) }
    }
    #expect(chance(broken: counts.broken, level: 0.1) < 1e-6, "\(counts.broken) of \(Self.repeats) broken")
  }

  @Test(arguments: confidences) func shortLogsAreRefusedAndTheRowsAskedForSuffice(confidence: Double) throws {
    var population = try Population(seed: 95)
    let goal = ThresholdGoal.targetQuality(fraction: 0.97)
    var granted = (asked: 0, quarter: 0)
    for _ in 0..<40 {
      guard case .refused(let refusal) = try choice(population.draw(rows: 40), goal, confidence) else {
        Issue.record("40 rows were taken as proof")
        continue
      }
      let needed = try #require(refusal.rowsNeeded)
      if case .chosen = try choice(population.draw(rows: needed), goal, confidence) { granted.asked += 1 }
      if case .chosen = try choice(population.draw(rows: needed / 4), goal, confidence) { granted.quarter += 1 }
    }
    #expect(granted.asked >= 26, "\(granted.asked) of 40 with the rows asked for")
    #expect(granted.quarter <= 8, "\(granted.quarter) of 40 with a quarter of them")
  }
}
