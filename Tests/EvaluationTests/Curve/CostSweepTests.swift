import Statistics
import Ockham
import Testing

@testable import Evaluation

/// Routing by the expected costs of each request.
@Suite struct CostSweepTests {
  private static let costs = [0.001, 0.002, 0.01, 0.011]

  /// The same rows, with what each step is multiplied with.
  private func scaled(_ log: ScoredLog, _ thresholdScale: Matrix<Float>, cost: Matrix<Double>? = nil) throws
    -> ScoredLog
  {
    try ScoredLog(
      tierNames: log.tierNames, origins: log.origins, weights: log.weights, promptBytes: log.promptBytes,
      probability: log.probability, quality: log.quality, cost: cost ?? log.cost, thresholdScale: thresholdScale)
  }

  private func randomScales(_ log: ScoredLog, _ made: inout MadeUpLog) throws -> ScoredLog {
    let scales = (0..<log.rowCount * (log.tierCount - 1)).map { _ in Float(0.125 + 7.875 * made.unit()) }
    return try scaled(log, Matrix(scales, columns: log.tierCount - 1))
  }

  /// The tier that the path has reached at λ, against the rule that serves requests.
  @Test(arguments: 2...4) func pathsAreThoseOfTheRule(tiers: Int) throws {
    var made = MadeUpLog(seed: UInt64(60 + tiers))
    let log = try randomScales(made.log(rows: 60, tiers: tiers), &made)
    let costs = Array(Self.costs.prefix(tiers))
    var met: Set<Int> = []
    for row in 0..<log.rowCount {
      let path = TierPath(
        log.probability.row(row).map(Double.init), scaledCosts: log.scaledCosts(costs, row: row), costs: costs)
      #expect(path.changes.last?.tier == tiers - 1)
      #expect(zip(path.changes, path.changes.dropFirst()).allSatisfy { $0.lambda >= $1.lambda && $0.tier < $1.tier })
      for _ in 0..<30 {
        let lambda = (made.unit() - 0.3) * 400
        guard path.changes.allSatisfy({ abs($0.lambda - lambda) > 1e-3 }) else { continue }
        let expected = Thresholds(lambda: lambda, tierCosts: costs).tiers(log, rows: [row])[0]
        #expect((path.changes.last { $0.lambda >= lambda }?.tier ?? 0) == expected, "row \(row), λ \(lambda)")
        met.insert(expected)
      }
    }
    #expect(met.count == tiers)
  }

  /// The area from policies evaluated one by one.
  private func plainArea(_ log: ScoredLog, _ costs: [Double]) throws -> Double {
    let table = try #require(OutcomeTable(log))
    var points: [(x: Double, y: Double)] = []
    for step in 0...6_000 {
      let lambda = 20_000 * pow3(Double(3_000 - step) / 3_000)
      let outcome = table.outcome(tiers: table.tiers(Thresholds(lambda: lambda, tierCosts: costs)))
      points.append((try #require(outcome.costUSD), outcome.quality))
    }
    let (first, last) = (points[0], points[6_000])
    let area = zip(points, points.dropFirst()).reduce(0) {
      $0 + ($1.1.x - $1.0.x) * ($1.0.y + $1.1.y - 2 * first.y) / 2
    }
    return area / ((last.x - first.x) * (last.y - first.y))
  }

  private func pow3(_ x: Double) -> Double { x * x * x }

  @Test(arguments: 2...3) func areasAreThoseOfPoliciesOneByOne(tiers: Int) throws {
    var made = MadeUpLog(seed: UInt64(80 + tiers))
    let log = try randomScales(made.log(rows: 120, tiers: tiers, weighted: true), &made)
    let table = try #require(OutcomeTable(log))
    let costs = TierCosts(measuring: log)
    let found = CostAreas(table, costs: costs).metrics { _ in 1 }
    #expect(agree(found.apgr, try plainArea(log, costs.values), within: 2e-3))
    let flat = try scaled(log, Matrix(repeating: 1, rows: 120, columns: tiers - 1))
    #expect(agree(found.flatAPGR, try plainArea(flat, costs.values), within: 2e-3))
    #expect(found.overFlat == (found.apgr ?? 0) - (found.flatAPGR ?? 0))
    #expect(CostAreas(try #require(OutcomeTable(flat)), costs: costs).metrics { _ in 1 }.overFlat == 0)
  }

  @Test func frontiersFollowTheScaledRule() throws {
    var made = MadeUpLog(seed: 71)
    let log = try randomScales(made.log(rows: 200, tiers: 3), &made)
    let table = try #require(OutcomeTable(log))
    let frontier = CostQualityCurve(table, tierCosts: TierCosts(measuring: log))
    #expect(frontier.points.count > 60)
    #expect(frontier.points.last?.outcome == table.outcome(tiers: [Int](repeating: 0, count: 200)))
  }

  /// Every third request is answered at twelve times the length, and the scales say so: at the same λ fewer of those go
  /// up, and a dollar buys more.
  @Test func longAnswersGoUpLess() throws {
    var made = MadeUpLog(seed: 33)
    let plain = try made.log(rows: 900)
    let isLong = (0..<900).map { $0 % 3 == 0 }
    let cost = Matrix((0..<900).flatMap { isLong[$0] ? [0.0024, 0.012] : [0.0002, 0.001] }, columns: 2)
    let meanStep = (0.0096 + 2 * 0.0008) / 3
    let scale = Matrix((0..<900).map { Float((isLong[$0] ? 0.0096 : 0.0008) / meanStep) }, columns: 1)
    let log = try scaled(plain, scale, cost: cost)
    let thresholds = Thresholds(lambda: 0.1 / meanStep, tierCosts: [0, meanStep])
    let tiers = thresholds.tiers(log, rows: Array(0..<900))
    let share = { (kind: Bool) in Double((0..<900).count { isLong[$0] == kind && tiers[$0] == 1 }) }
    #expect(share(true) / 300 < 0.5 * share(false) / 600)
    let costs = TierCosts(measuring: log)
    let found = CostAreas(try #require(OutcomeTable(log)), costs: costs).metrics { _ in 1 }
    #expect(try #require(found.overFlat) > 0.05)
    // A guarantee about cost is about what the scaled rule spends.
    let choice = try ThresholdChoice(log, goal: .maximumCostPer1000(usd: 2.2), tierCosts: costs)
    guard case .chosen(let chosen) = choice else { return #expect(Bool(false), "\(choice)") }
    let table = try #require(OutcomeTable(log))
    #expect(agree(chosen.estimate.costUSD, table.outcome(tiers: table.tiers(chosen.thresholds)).costUSD))
    #expect(try #require(chosen.estimate.costUSD) <= 0.0022)
    #expect(chosen.assumptions.contains { $0.contains("expected costs") })
    let flat = try ThresholdChoice(
      scaled(plain, Matrix(repeating: 1, rows: 900, columns: 1), cost: cost), goal: .maximumCostPer1000(usd: 2.2),
      tierCosts: costs)
    guard case .chosen(let other) = flat else { return #expect(Bool(false), "\(flat)") }
    #expect(try #require(chosen.estimate.qualityKept) > (try #require(other.estimate.qualityKept)) + 0.02)
  }

  @Test func areasNeedCostsThatRise() throws {
    var made = MadeUpLog(seed: 3)
    let silent = try #require(OutcomeTable(try made.log(rows: 40, costs: false)))
    #expect(CostAreas(silent, costs: TierCosts(nominalFor: 2)).metrics { _ in 1 } == CostMetrics())
    let log = try #require(OutcomeTable(try made.log(rows: 40)))
    #expect(CostAreas(log, costs: try TierCosts(given: [2, 2], tierCount: 2)).metrics { _ in 1 } == CostMetrics())
  }

  @Test func oddScalesAreRefused() throws {
    var made = MadeUpLog(seed: 3)
    let log = try made.log(rows: 4, tiers: 3)
    #expect(throws: EvaluationError.shape(field: "step scales", expected: [4, 2], found: [4, 1])) {
      try scaled(log, Matrix(repeating: 1, rows: 4, columns: 1))
    }
    for odd in [0, -1, 8.5, Float.nan] {
      var scales = Matrix(repeating: 1 as Float, rows: 4, columns: 2)
      scales[2, 1] = odd
      #expect(throws: EvaluationError.self) { try scaled(log, scales) }
    }
  }
}
