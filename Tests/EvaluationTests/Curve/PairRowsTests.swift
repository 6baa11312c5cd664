import Ockham
import Statistics
import Testing

@testable import Evaluation

/// Rows that know both tiers of a pair count for it, whatever they know of the others.
@Suite struct PairRowsTests {
  private let pair = TierPair(weak: 0, strong: 2)

  /// The two tiers of a log alone.
  private func ends(_ log: ScoredLog) throws -> ScoredLog {
    func two<Value>(_ matrix: Matrix<Value>) -> Matrix<Value> {
      Matrix((0..<matrix.rows).flatMap { [matrix[$0, 0], matrix[$0, 2]] }, columns: 2)
    }
    return try ScoredLog(
      tierNames: ["small", "frontier"], origins: log.origins, weights: log.weights, promptBytes: log.promptBytes,
      probability: two(log.probability), quality: two(log.quality), cost: two(log.cost))
  }

  private func report(_ log: ScoredLog) throws -> EvaluationReport {
    try EvaluationReport(
      log,
      options: EvaluationOptions(
        thresholds: Thresholds(increments: [Float](repeating: 0.1, count: log.tierCount - 1)),
        bootstrap: .init(resamples: 200)))
  }

  @Test func figuresAreThoseOfALogOfTheTwoTiers() throws {
    var made = MadeUpLog(seed: 8)
    let log = try made.log(rows: 300, tiers: 3, weighted: true, unknown: 0.35)
    let (all, two) = (try #require(report(log).routing), try #require(report(ends(log)).routing))
    #expect(all.pairRows == two.rows && all.rows < all.pairRows)
    #expect(all.metrics == two.metrics)
    #expect(all.lengthMetrics == two.lengthMetrics)
    #expect(all.curve.points.map(\.costUSD) == two.curve.points.map(\.costUSD))
    #expect(all.intervals.apgr == two.intervals.apgr && all.intervals.apgrOverLength == two.intervals.apgrOverLength)
    #expect(all.intervals.questions == two.intervals.questions)
  }

  @Test func noCompleteRowIsNeeded() throws {
    let log = try smallLog(
      (0..<40).map { [0.1, 0.5, Float($0) / 40] },
      (0..<40).map { [0, $0 < 40 ? .nan : 1, $0 >= 20 ? 1 : 0] })
    let report = try report(log)
    let routing = try #require(report.routing)
    #expect(routing.rows == 0 && routing.pairRows == 40)
    #expect(try #require(routing.metrics.apgr) > 0.5)
    #expect(routing.baselines == nil && routing.confusion == nil && routing.intervals.qualityOverRandom == nil)
    #expect(report.notes.contains { $0.contains("policies cannot be measured") && $0.contains("the 40 rows") })
    #expect(report.text().contains("Gap recovered, t0 to t2, 40 rows"))
    #expect(report.html.contains("Gap recovered, t0 to t2, 40 rows"))
    #expect(report.json.text().contains("\"pair_rows\": 40"))
  }

  @Test func comparisonUsesThemToo() throws {
    var made = MadeUpLog(seed: 8)
    let log = try made.log(rows: 200, tiers: 3, unknown: 0.35)
    let side = ModelComparison.Side(name: "a", log: log, thresholds: Thresholds(increments: [0.1, 0.1]))
    let found = try ModelComparison(side, side, parameters: .init(resamples: 100))
    #expect(found.first.apgr == CurveMetrics(try ends(log), pair: TierPair(weak: 0, strong: 1)).apgr)
  }
}
