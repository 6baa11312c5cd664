import Statistics
import Ockham
import Testing

@testable import Evaluation

@Suite struct ThresholdChoiceTests {
  private let costs = [0, 1, 2].map { MadeUpLog.meanCost($0) }

  private func choice(
    _ log: ScoredLog, _ goal: ThresholdGoal, confidence: Double = 0.95, grid: Int = 100
  ) throws -> ThresholdChoice {
    try ThresholdChoice(
      log, goal: goal, tierCosts: TierCosts(given: Array(costs.prefix(log.tierCount)), tierCount: log.tierCount),
      parameters: .init(confidence: confidence, gridCount: grid))
  }

  private func chosen(_ choice: ThresholdChoice) -> ChosenThresholds? {
    if case .chosen(let chosen) = choice { chosen } else { nil }
  }

  private func refusal(_ choice: ThresholdChoice) -> ThresholdRefusal? {
    if case .refused(let refusal) = choice { refusal } else { nil }
  }

  @Test func fewRowsAreRefused() throws {
    var made = MadeUpLog(seed: 5)
    let log = try made.log(rows: 25)
    let found = try #require(refusal(try choice(log, .targetQuality(fraction: 0.97))))
    #expect(found.rows == 25)
    let needed = try #require(found.rowsNeeded)
    #expect(needed > 25)
    #expect(found.reason(log).contains("rows would be needed"))
    #expect(found.promise.contains("keeps at least"))
    let more = try made.log(rows: needed * 3)
    #expect(chosen(try choice(more, .targetQuality(fraction: 0.97))) != nil)
  }

  @Test func fewRowsAreRefusedForShareAndCost() throws {
    var made = MadeUpLog(seed: 5)
    let log = try made.log(rows: 10)
    let share = try #require(refusal(try choice(log, .maximumShare(tier: "mid", share: 0.2))))
    #expect(share.rowsNeeded == 14)
    #expect(share.promise.contains("sends at most"))
    let cost = try #require(refusal(try choice(log, .maximumCostPer1000(usd: 0.25))))
    #expect(try #require(cost.rowsNeeded) > 10)
    #expect(cost.promise.contains("costs at most"))
  }

  @Test func goalsOutOfReachSaySo() throws {
    var made = MadeUpLog(seed: 5)
    let log = try made.log(rows: 500)
    let found = try #require(refusal(try choice(log, .maximumCostPer1000(usd: 0.05))))
    #expect(found.rowsNeeded == nil)
    #expect(found.reason(log).contains("would not help"))
  }

  @Test func moreRowsAndLowerTargetsSaveMore() throws {
    var made = MadeUpLog(seed: 15)
    let log = try made.log(rows: 4_000, tiers: 3)
    let small = log.selecting(Array(0..<800))
    let high = try #require(chosen(try choice(log, .targetQuality(fraction: 0.95))))
    let low = try #require(chosen(try choice(log, .targetQuality(fraction: 0.85))))
    let few = try #require(chosen(try choice(small, .targetQuality(fraction: 0.95))))
    #expect(low.lambda > high.lambda)
    #expect(high.lambda >= few.lambda)
    #expect(try #require(low.estimate.costUSD) < (try #require(high.estimate.costUSD)))
    #expect(try #require(high.estimate.qualityKept) >= 0.95)
    #expect(high.pValue <= 0.05)
    #expect(high.guarantee.contains("95 %"))
    #expect(high.guarantee.contains("n = 4,000"))
  }

  @Test func thresholdsAreThoseOfLambda() throws {
    var made = MadeUpLog(seed: 16)
    let log = try made.log(rows: 2_000, tiers: 3)
    let found = try #require(chosen(try choice(log, .targetQuality(fraction: 0.9))))
    let expected = Thresholds(lambda: found.lambda, tierCosts: found.tierCosts.values)
    for (left, right) in zip(found.thresholds.steps, expected.steps) { #expect(abs(left - right) < 1e-5) }
  }

  @Test func aLooseBudgetLeavesTheModelFree() throws {
    var made = MadeUpLog(seed: 17)
    let log = try made.log(rows: 500)
    let found = try #require(chosen(try choice(log, .maximumCostPer1000(usd: 100))))
    #expect(found.lambda == 0)
    #expect(found.assumptions.contains { $0.contains("dearest") })
  }

  @Test func sharesOfAnyTierCanBeCapped() throws {
    var made = MadeUpLog(seed: 18)
    let log = try made.log(rows: 3_000, tiers: 3)
    for (tier, name) in ["small", "mid", "frontier"].enumerated() {
      let found = try #require(chosen(try choice(log, .maximumShare(tier: name, share: 0.25))))
      #expect(found.estimate.share[tier] <= 0.25)
      #expect(found.estimate.share[tier] > 0.15, "\(name): \(found.estimate.share)")
    }
  }

  @Test func nothingIsTestedAfterTheFirstFailure() throws {
    // Everything goes to the strongest tier, then to the middle, then to the cheapest as the threshold rises: the cap on
    // the middle would hold again at the end, but the sequence must not get there.
    var made = MadeUpLog(seed: 24)
    let probability = (0..<400).map { _ in
      let shift = Float(made.unit()) * 0.05
      return [0.1 + shift, 0.6 + shift / 2, 0.7]
    }
    let log = try smallLog(probability, [[Double]](repeating: [0, 1, 1], count: 400))
    let goal = ThresholdGoal.maximumShare(tier: "t1", share: 0.2)
    let found = try ThresholdChoice(log, goal: goal, tierCosts: TierCosts(given: [1, 2, 3], tierCount: 3))
    let estimate = try #require(chosen(found)).estimate
    #expect(estimate.share[1] > 0)
    #expect(estimate.share[0] == 0)
  }

  @Test func shareNeedsNoOutcomes() throws {
    var made = MadeUpLog(seed: 19)
    let log = try made.log(rows: 500, unknown: 1, costs: false)
    let found = try #require(chosen(try choice(log, .maximumShare(tier: "mid", share: 0.3))))
    #expect(found.estimate.qualityKept == nil)
    #expect(found.estimate.costUSD == nil)
    #expect(throws: EvaluationError.self) { try choice(log, .targetQuality(fraction: 0.9)) }
    #expect(throws: EvaluationError.self) { try choice(log, .maximumCostPer1000(usd: 1)) }
  }

  @Test func repeatedQuestionsCountOnce() throws {
    var made = MadeUpLog(seed: 20)
    let log = try made.log(rows: 100)
    let copies = log.selecting((0..<1_000).map { $0 % 100 })
    #expect(try GoalSample(copies, goal: .targetQuality(fraction: 0.9), seed: 1).count == 100)
  }

  @Test func theSafeEndsAreWhatTheyAreCalled() throws {
    let log = try smallLog(
      [[1, 0, 0], [0, 0, 1], [0, 1, 0], [1, 1, 1]], [[0, 0, 0], [0, 0, 0], [0, 0, 0], [0, 0, 0]])
    for values in [[1.0, 2, 3], [1, 5, 25], [1, 24, 25], [0, 0.001, 7]] {
      let grid = try StepGrid(costs: TierCosts(given: values, tierCount: 3), log: log, count: 50)
      let rows = Array(0..<4)
      #expect(grid.thresholds(grid.gains[0]).tiers(log, rows: rows) == [2, 2, 2, 2])
      #expect(grid.thresholds(grid.gains[100]).tiers(log, rows: rows) == [0, 0, 0, 0])
      #expect(grid.gains[50] == 0)
      #expect(zip(grid.gains, grid.gains.dropFirst()).allSatisfy { $0 < $1 })
    }
  }

  @Test func scaledStepsKeepTheSafeEnds() throws {
    let scales: [Float] = [0.125, 0.125, 8, 8, 0.125, 8, 8, 0.125]
    let log = try ScoredLog(
      tierNames: ["a", "b", "c"], origins: (0..<4).map { RowOrigin(id: "\($0)") }, promptBytes: [1, 1, 1, 1],
      probability: Matrix([0, 0, 1, 0, 1, 0, 1, 0, 0, 0.5, 0.5, 1], columns: 3),
      quality: Matrix(repeating: 1, rows: 4, columns: 3), cost: Matrix(repeating: 1, rows: 4, columns: 3),
      stepScale: Matrix(scales, columns: 2))
    let grid = try StepGrid(costs: TierCosts(given: [1, 2, 9], tierCount: 3), log: log, count: 50)
    #expect(grid.thresholds(grid.gains[0]).tiers(log, rows: [0, 1, 2, 3]) == [2, 2, 2, 2])
    #expect(grid.thresholds(grid.gains[100]).tiers(log, rows: [0, 1, 2, 3]) == [0, 0, 0, 0])
  }

  @Test func badInputIsRefused() throws {
    var made = MadeUpLog(seed: 21)
    let log = try made.log(rows: 50)
    let goals: [ThresholdGoal] = [
      .targetQuality(fraction: 0), .targetQuality(fraction: 1.01), .targetQuality(fraction: .nan),
      .maximumCostPer1000(usd: 0), .maximumCostPer1000(usd: .infinity), .maximumShare(tier: "mid", share: 0),
      .maximumShare(tier: "mid", share: 1), .maximumShare(tier: "none", share: 0.5),
    ]
    for goal in goals { #expect(throws: EvaluationError.self, "\(goal)") { try choice(log, goal) } }
    for confidence in [0, 1, Double.nan] {
      #expect(throws: EvaluationError.self) { try choice(log, .targetQuality(fraction: 0.9), confidence: confidence) }
    }
    #expect(throws: EvaluationError.self) { try choice(log, .targetQuality(fraction: 0.9), grid: 9) }
    #expect(
      throws: EvaluationError.costsNotRising(lower: "small", lowerCost: 2, upper: "mid", upperCost: 2)
    ) {
      try ThresholdChoice(
        log, goal: .targetQuality(fraction: 0.9), tierCosts: TierCosts(given: [2, 2], tierCount: 2))
    }
  }

  @Test func sameSeedSameChoice() throws {
    var made = MadeUpLog(seed: 22)
    let log = try made.log(rows: 600)
    #expect(try choice(log, .targetQuality(fraction: 0.9)) == choice(log, .targetQuality(fraction: 0.9)))
  }
}
