import Ockham
import Testing

@testable import Evaluation

@Suite struct CostQualityCurveTests {
  /// The tier of highest P − λ·cost on each row, the upper of two equals.
  private func bestTiers(_ log: ScoredLog, _ lambda: Double, _ costs: [Double]) -> [Int] {
    (0..<log.rowCount).map { row in
      let nets = (0..<log.tierCount).map { Double(log.probability[row, $0]) - lambda * costs[$0] }
      return nets.indices.max { (nets[$0], $0) < (nets[$1], $1) } ?? 0
    }
  }

  @Test(arguments: [2, 3, 4]) func pointsEqualBruteForce(tiers: Int) throws {
    var made = MadeUpLog(seed: UInt64(tiers))
    let log = try made.log(rows: 300, tiers: tiers, weighted: true)
    let table = try #require(OutcomeTable(log))
    let costs = TierCosts(measuring: log)
    let frontier = CostQualityCurve(table, tierCosts: costs)
    #expect(frontier.points.count > 60)
    #expect(frontier.points.count <= 101)
    #expect(frontier.points[0].lambda == 0)
    for point in frontier.points {
      #expect(point.outcome == table.outcome(tiers: bestTiers(log, point.lambda, costs.values)))
    }
    #expect(frontier.points.last?.outcome == table.outcome(tiers: [Int](repeating: 0, count: 300)))
    for (lower, upper) in zip(frontier.points, frontier.points.dropFirst()) {
      #expect(lower.lambda < upper.lambda)
      #expect(costs.mean(shares: lower.outcome.share) > costs.mean(shares: upper.outcome.share))
    }
  }

  @Test(arguments: 1...6) func fewRowsGiveEveryPolicy(rows: Int) throws {
    var made = MadeUpLog(seed: UInt64(rows + 50))
    let log = try made.log(rows: rows, tiers: 3)
    let table = try #require(OutcomeTable(log))
    let costs = TierCosts(nominalFor: 3)
    var expected: [[Int]] = []
    for step in 0..<30_000 {
      let tiers = bestTiers(log, Double(step) * 1e-5, costs.values)
      if tiers != expected.last { expected.append(tiers) }
    }
    let found = CostQualityCurve(table, tierCosts: costs, pointLimit: 1_000)
    #expect(found.points.map(\.outcome) == expected.map { table.outcome(tiers: $0) })
  }

  @Test func tiesAreBrokenByAnyPrice() throws {
    let table = try #require(OutcomeTable(try smallLog([[0.5, 0.5]], [[0, 1]])))
    let frontier = CostQualityCurve(table, tierCosts: TierCosts(nominalFor: 2))
    #expect(frontier.points.map(\.outcome.share) == [[0, 1], [1, 0]])
  }

  @Test func aDearerLowerTierIsLeftBehind() throws {
    let log = try smallLog([[0.6, 0.7, 0.9]], [[0, 0, 1]])
    let costs = try TierCosts(given: [3, 1, 5], tierCount: 3)
    let frontier = CostQualityCurve(OutcomeTable(log), tierCosts: costs)
    #expect(frontier.points.map(\.outcome.share) == [[0, 0, 1], [0, 1, 0]])
  }

  @Test func noCompleteRowsGiveNoPoints() {
    #expect(CostQualityCurve(nil, tierCosts: TierCosts(nominalFor: 2)).points.isEmpty)
  }

  @Test(arguments: [2, 3, 10]) func theLimitHolds(limit: Int) throws {
    var made = MadeUpLog(seed: 1)
    let table = try #require(OutcomeTable(try made.log(rows: 200)))
    let points = CostQualityCurve(table, tierCosts: TierCosts(nominalFor: 2), pointLimit: limit).points
    #expect(points.count == limit)
  }
}
