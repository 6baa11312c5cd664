import Statistics
import Ockham
import Testing

@testable import Evaluation

@Suite struct PolicyTests {
  private func table(_ log: ScoredLog) throws -> OutcomeTable { try #require(OutcomeTable(log)) }

  @Test func oracleTakesTheCheapestOfTheBest() throws {
    let log = try smallLog(
      [[0, 0, 0], [0, 0, 0], [0, 0, 0], [0, 0, 0]], [[1, 1, 1], [0, 1, 1], [0, 0, 1], [0, 0, 0]],
      cost: [[1, 2, 3], [1, 2, 3], [1, 2, 3], [1, 2, 3]])
    let oracle = Baselines(try table(log), thresholds: Thresholds(increments: [0, 0])).oracle
    #expect(oracle == PolicyOutcome(share: [0.5, 0.25, 0.25], quality: 0.75, costUSD: 1.75))
  }

  @Test func randomIsTheExpectationOverAllDraws() throws {
    var made = MadeUpLog(seed: 3)
    let log = try made.log(rows: 4, tiers: 3, weighted: true)
    let table = try table(log)
    let shares = [0.2, 0.3, 0.5]
    var (quality, cost) = (0.0, 0.0)
    for draw in 0..<81 {
      let tiers = [draw % 3, draw / 3 % 3, draw / 9 % 3, draw / 27]
      let outcome = table.outcome(tiers: tiers)
      let chance = tiers.reduce(1) { $0 * shares[$1] }
      quality += chance * outcome.quality
      cost += chance * (outcome.costUSD ?? .nan)
    }
    let found = table.outcome(randomWith: shares)
    #expect(agree(found.quality, quality))
    #expect(agree(found.costUSD, cost))
  }

  @Test func lengthDealsShortPromptsFirstAndSplitsTies() throws {
    let log = try smallLog(
      [[0, 0], [0, 0], [0, 0], [0, 0]], [[1, 0], [0, 1], [1, 0], [0, 1]], bytes: [10, 20, 20, 30])
    let chances = try table(log).lengthChances(shares: [0.5, 0.5])
    #expect(chances.elements == [1, 0, 0.5, 0.5, 0.5, 0.5, 0, 1])
    let outcome = try table(log).outcome(chances: chances)
    #expect(outcome == PolicyOutcome(share: [0.5, 0.5], quality: 0.75, costUSD: nil))
  }

  @Test(arguments: [2, 3, 4]) func lengthKeepsTheShares(tiers: Int) throws {
    var made = MadeUpLog(seed: UInt64(tiers))
    let log = try made.log(rows: 57, tiers: tiers, weighted: true)
    let table = try table(log)
    for _ in 0..<20 {
      let parts = (0..<tiers).map { _ in made.index(below: 4) == 0 ? 0 : made.unit() + 0.01 }
      guard parts.reduce(0, +) > 0 else { continue }
      let shares = parts.map { $0 / parts.reduce(0, +) }
      let chances = table.lengthChances(shares: shares)
      #expect(agree(table.outcome(chances: chances).share, shares))
      for row in 0..<57 { #expect(agree(chances.row(row).reduce(0, +), 1)) }
    }
  }

  @Test func costsComeFromFullyPricedRowsOnly() throws {
    let log = try smallLog(
      [[0.1, 0.9], [0.9, 0.1], [0.2, 0.8]], [[0, 1], [1, 1], [0, 1]], cost: [[1, 5], [3, 7], [100, .nan]])
    let found = Baselines(try table(log), thresholds: Thresholds(increments: [0.1]))
    #expect(found.allCheapest.costUSD == 2)
    #expect(found.own.costUSD == 4)
    #expect(try table(log).pricedPositions == [0, 1])
    let unpriced = try smallLog([[0.1, 0.9]], [[0, 1]])
    let other = Baselines(try table(unpriced), thresholds: Thresholds(increments: [0.1]))
    #expect([other.allCheapest, other.oracle, other.random, other.lengthOnly].allSatisfy { $0.costUSD == nil })
  }

  @Test func incompleteRowsAreLeftOut() throws {
    let log = try smallLog([[0, 1], [0, 1]], [[0, .nan], [0, 1]])
    #expect(try table(log).rows == [1])
    #expect(OutcomeTable(try smallLog([[0, 1]], [[0, .nan]])) == nil)
  }

  @Test func confusionCountsChosenAgainstNeeded() throws {
    let log = try smallLog(
      [[0.9, 0.9, 0.9], [0.9, 0.9, 0.9], [0.1, 0.8, 0.8], [0.1, 0.2, 0.9], [0.1, 0.2, 0.9], [0.9, 0.9, 0.9]],
      [[1, 1, 1], [0, 0.5, 1], [0, 1, 1], [0.4, 1, 1], [0, 0, 0], [0, 0, 0.4]])
    let found = TierConfusion(try table(log), thresholds: Thresholds(increments: [0.1, 0.1]))
    #expect(found.counts == Matrix([1, 1, 0, 1, 0, 1, 0, 0, 0, 1, 0, 1], columns: 4))
    #expect(found.rightCount == 3)
    #expect(found.tooHighCount == 2)
    #expect(found.tooLowCount == 1)
  }

  @Test func tierCostsAreMeasuredGivenOrNominal() throws {
    let priced = try smallLog(
      [[0, 0], [0, 0], [0, 0]], [[0, 0], [0, 0], [0, 0]], cost: [[1, 4], [3, 8], [9, .nan]])
    #expect(TierCosts(measuring: priced).values == [2, 6])
    #expect(TierCosts(measuring: priced).source == .measured)
    let separate = try smallLog([[0, 0], [0, 0]], [[0, 0], [0, 0]], cost: [[1, .nan], [.nan, 8]])
    #expect(TierCosts(measuring: separate).values == [1, 8])
    let none = TierCosts(measuring: try smallLog([[0, 0, 0]], [[0, 0, 0]]))
    #expect(none.values == [1, 5, 25])
    #expect(none.source == .nominal)
    #expect(TierCosts(measuring: try smallLog([[0, 0]], [[0, 0]], cost: [[0, 0]])).source == .nominal)
    #expect(try TierCosts(given: [1, 2], tierCount: 2).source == .given)
    #expect(throws: EvaluationError.option(name: "tier costs", expected: "3, one per tier", found: "2")) {
      try TierCosts(given: [1, 2], tierCount: 3)
    }
    #expect(throws: EvaluationError.self) { try TierCosts(given: [1, .nan], tierCount: 2) }
  }
}
