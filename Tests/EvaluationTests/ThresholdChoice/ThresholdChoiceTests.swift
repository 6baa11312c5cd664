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

  private func sample(_ log: ScoredLog, _ goal: ThresholdGoal) throws -> GoalSample {
    let grid = try StepGrid(costs: TierCosts(nominalFor: log.tierCount), log: log, count: 100)
    return try GoalSample(log.inCanonicalOrder(), goal: goal, grid: grid)
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
    #expect(found.reason.contains("rows would be needed"))
    #expect(found.guarantee.contains("keeps at least"))
    let more = try made.log(rows: needed * 3)
    #expect(chosen(try choice(more, .targetQuality(fraction: 0.97))) != nil)
  }

  @Test func fewRowsAreRefusedForShareAndCost() throws {
    var made = MadeUpLog(seed: 5)
    let log = try made.log(rows: 10)
    let share = try #require(refusal(try choice(log, .maximumShare(tier: "mid", share: 0.2))))
    #expect(share.rowsNeeded == 14)
    #expect(share.guarantee.contains("sends at most"))
    let cost = try #require(refusal(try choice(log, .maximumCostPer1000(usd: 0.25))))
    #expect(try #require(cost.rowsNeeded) > 10)
    #expect(cost.guarantee.contains("costs at most"))
  }

  @Test func goalsOutOfReachSaySo() throws {
    var made = MadeUpLog(seed: 5)
    let log = try made.log(rows: 500)
    let found = try #require(refusal(try choice(log, .maximumCostPer1000(usd: 0.05))))
    #expect(found.rowsNeeded == nil)
    #expect(found.reason.contains("no thresholds reach the goal"))
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
    for (left, right) in zip(found.thresholds.increments, expected.increments) { #expect(abs(left - right) < 1e-5) }
  }

  @Test func aLooseBudgetLeavesTheModelFree() throws {
    var made = MadeUpLog(seed: 17)
    let log = try made.log(rows: 500)
    let found = try #require(chosen(try choice(log, .maximumCostPer1000(usd: 100))))
    #expect(found.lambda == 0)
    #expect(found.assumptions.contains { $0.contains("most expensive") })
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
    #expect(try sample(copies, .targetQuality(fraction: 0.9)).count == 100)
  }

  @Test func aQuestionCountsAsTheMeanOfItsRows() throws {
    let log = try smallLog(
      [[0.5, 0.9], [0.4, 0.9], [0.3, 0.8], [0.5, 0.9]], [[1, 1], [0, 1], [1, 0], [0, 1]], weights: [2, 1, 1, 4],
      ids: ["a", "a", "b", "a"])
    let goal = ThresholdGoal.targetQuality(fraction: 0.5)
    let grid = try StepGrid(costs: TierCosts(nominalFor: 2), log: log, count: 100)
    let sample = try GoalSample(log, goal: goal, grid: grid)
    #expect(sample.rows == [0, 1, 3, 2])
    #expect(sample.margins([0, 0, 0, 0], goal: goal).values == [(0.5 * 0.5 - 0.25 * 0.5 - 1 * 0.5) / 3, 0.25])
    let shares = try self.sample(
      smallLog(
        [[0.5, 0.9], [0.4, 0.9], [0.3, 0.8], [0.5, 0.9]], [[1, 1], [0, 1], [1, 0], [0, 1]], ids: ["a", "a", "b", "a"]),
      .maximumShare(tier: "t1", share: 0.5))
    for (tiers, count) in [([0, 1, 0, 1], 2), ([0, 1, 0, 0], 1), ([0, 0, 0, 0], 0)] {
      #expect(shares.evidence(tiers, goal: shares.goal) == .requests(count, of: 2, share: 0.5))
    }
  }

  /// Rows of qualities 0 and 1 are counted, others are bet on.
  @Test func theSharpestTestThatTheRowsAllowIsTaken() throws {
    let goal = ThresholdGoal.targetQuality(fraction: 0.5)
    let binary = try smallLog([[0.5, 0.9], [0.4, 0.9], [0.3, 0.8]], [[1, 1], [0, 1], [1, 0]])
    #expect(
      try sample(binary, goal).evidence([0, 0, 0], goal: goal)
        == .outcomes(OutcomeCounts(gained: 1, kept: 1, lost: 1), fraction: 0.5))
    let graded = try smallLog([[0.5, 0.9], [0.4, 0.9], [0.3, 0.8]], [[1, 1], [0.5, 1], [1, 0]])
    let weighted = try smallLog(
      [[0.5, 0.9], [0.4, 0.9], [0.3, 0.8]], [[1, 1], [0, 1], [1, 0]], weights: [1, 2, 1])
    for log in [graded, weighted] {
      guard case .draws = try sample(log, goal).evidence([0, 0, 0], goal: goal) else {
        Issue.record("counted what has no counts")
        continue
      }
    }
  }

  /// The middle tier's quality is unknown where no policy sends the row there: the pair that matters is known.
  @Test func rowsThatKnowThePairInQuestionAreUsed() throws {
    let never: [Float] = [0.5, 0.1, 0.9]
    let log = try smallLog(
      [never, never, [0.2, 0.8, 0.9], [0.4, 0.3, 0.6]], [[1, .nan, 1], [0, .nan, 1], [0, 1, 1], [1, .nan, .nan]])
    #expect(try sample(log, .targetQuality(fraction: 0.9)).count == 3)
    let sent = try smallLog([never, never, [0.2, 0.8, 0.9]], [[1, 0, 1], [0, .nan, 1], [0, .nan, 1]])
    #expect(try sample(sent, .targetQuality(fraction: 0.9)).count == 1)
  }

  /// Few rows of unknown quality are kept, and count as lost.
  @Test func unknownQualitiesCountAsLost() throws {
    let probability = (0..<200).map { [Float(0.2) + Float($0) / 400, 0.9] }
    let quality = (0..<200).map { [$0 == 7 ? Double.nan : 1, 1] }
    let goal = ThresholdGoal.targetQuality(fraction: 0.9)
    let found = try sample(smallLog(probability, quality), goal)
    #expect(
      found.evidence([Int](repeating: 0, count: 200), goal: goal)
        == .outcomes(OutcomeCounts(gained: 0, kept: 199, lost: 1), fraction: 0.9))
  }

  /// Where nothing was lost the counts are those of sending everything up, which is certain; the policy is not.
  @Test func policiesThatLoseNothingAreTestedToo() throws {
    let probability = (0..<30).map { [Float(0.3) + Float($0) / 100, 0.9] }
    let log = try smallLog(probability, [[Double]](repeating: [1, 1], count: 30))
    let found = try choice(log, .targetQuality(fraction: 0.99))
    #expect(refusal(found) != nil)
  }

  /// What is offered without a proof meets the goal on the log, and what is shown of it is less than that.
  @Test func aRefusalOffersTheBestThresholdsOfTheLog() throws {
    var made = MadeUpLog(seed: 5)
    let log = try made.log(rows: 25)
    let found = try #require(refusal(try choice(log, .targetQuality(fraction: 0.97))))
    #expect(found.offer.meetsGoal)
    let kept = try #require(found.offer.estimate.qualityKept)
    #expect(kept >= 0.97 && found.offer.bound < 0.97)
    #expect(found.offer.estimate.share[1] < 1)
    let expensive = try #require(refusal(try choice(log, .maximumCostPer1000(usd: 0.01))))
    #expect(!expensive.offer.meetsGoal && expensive.offer.estimate.share == [1, 0])
    #expect(
      expensive.reason.contains("'small' alone costs") && expensive.reason.contains("no thresholds reach the goal"))
  }

  /// The bound is shown at the same level: a goal of a little less passes for these thresholds, one of more does not.
  @Test func theBoundLiesBetweenTheGoalAndTheEstimate() throws {
    var made = MadeUpLog(seed: 29)
    let log = try made.log(rows: 1_500)
    for goal in [
      ThresholdGoal.targetQuality(fraction: 0.9), .maximumShare(tier: "mid", share: 0.4), .maximumCostPer1000(usd: 0.6),
    ] {
      let found = try #require(chosen(try choice(log, goal)))
      switch goal {
      case .targetQuality(let fraction):
        let kept = try #require(found.estimate.qualityKept)
        #expect(found.bound >= fraction && found.bound < kept)
      case .maximumShare(_, let share): #expect(found.bound <= share && found.bound > found.estimate.share[1])
      case .maximumCostPer1000(let usd):
        let cost = try #require(found.estimate.costUSD)
        #expect(found.bound * 1_000 <= usd && found.bound > cost)
      }
    }
  }

  /// The thresholds, what they come to and the evidence are equal to the last digit however rows are shuffled; some questions
  /// have several rows, some rows are alike in all but their names.
  @Test func theOrderOfRowsDoesNotMatter() throws {
    var made = MadeUpLog(seed: 25)
    let drawn = try made.log(rows: 500, tiers: 3, weighted: true)
    let log = drawn.selecting(Array(0..<500) + (0..<60).map { $0 * 3 })
    var generator = SplitMix64(seed: 26)
    let parameters = ThresholdChoiceParameters(gridCount: 40, orders: 20)
    for goal in [
      ThresholdGoal.targetQuality(fraction: 0.9), .maximumCostPer1000(usd: 3),
      .maximumShare(tier: "frontier", share: 0.4),
      .targetQuality(fraction: 0.999),
    ] {
      let expected = try ThresholdChoice(
        log, goal: goal, tierCosts: TierCosts(measuring: log.inCanonicalOrder()), parameters: parameters)
      for _ in 0..<5 {
        let shuffled = log.selecting(generator.permutation(of: log.rowCount))
        let costs = TierCosts(measuring: shuffled.inCanonicalOrder())
        #expect(
          try ThresholdChoice(shuffled, goal: goal, tierCosts: costs, parameters: parameters) == expected, "\(goal)")
      }
    }
  }

  /// Rows without names are called by their lines, which a shuffle changes.
  @Test func namesOfRowsDoNotMatterWhereEachIsAQuestion() throws {
    var made = MadeUpLog(seed: 27)
    let log = try made.log(rows: 300)
    var generator = SplitMix64(seed: 28)
    let expected = try choice(log, .targetQuality(fraction: 0.85))
    for _ in 0..<5 {
      let order = generator.permutation(of: 300)
      let shuffled = log.selecting(order)
      let renamed = try ScoredLog(
        tierNames: log.tierNames,
        origins: order.indices.map { RowOrigin(id: "\($0)", dataset: log.origins[order[$0]].dataset) },
        promptBytes: shuffled.promptBytes, probability: shuffled.probability, quality: shuffled.quality,
        cost: shuffled.cost)
      #expect(try choice(renamed, .targetQuality(fraction: 0.85)) == expected)
    }
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
      thresholdScale: Matrix(scales, columns: 2))
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
