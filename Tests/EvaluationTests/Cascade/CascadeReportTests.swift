import Foundation
import Ockham
import Statistics
import TextKit
import Testing

@testable import Evaluation

@Suite struct CascadeReportTests {
  private let parameters = BootstrapParameters(resamples: 100)

  private func report(_ log: ScoredLog, grouping: Grouping? = nil) throws -> CascadeReport {
    try #require(
      CascadeReport(log, costs: TierCosts(measuring: log), grouping: grouping, parameters: parameters))
  }

  @Test func aGoodCheckSavesMoreThanAnyRouterWhereTiersAreFarApart() throws {
    var made = MadeUpLog(seed: 21)
    let report = try report(made.cascade(rows: 450, noise: 0.05), grouping: .dataset)
    #expect(report.rows == 450 && report.refused == nil && report.member != .router)
    #expect(report.levels.map(\.quality) == [0.95, 0.97, 0.99, 1])
    for level in report.levels {
      #expect(level.savedOverRouter.lower > 0)
      #expect(level.saved.lower <= level.saved.estimate && level.saved.estimate <= level.saved.upper)
      #expect(abs(level.qualityKept.estimate - level.quality) < 0.04)
      #expect(
        level.attempts > 1 && abs(level.escalated - (level.attempts - 1)) < 1e-9, "two tiers: one escalation at most")
      #expect(abs(try #require(level.addedLatencyMilliseconds) - level.escalated * 100) < 1e-6)
      #expect(level.qualityKeptByChance < level.qualityKept.estimate)
      #expect(try #require(level.savedByForm).estimate < level.saved.estimate)
    }
    #expect(try #require(report.figures.areaOverRouter).lower > 0)
    #expect(try #require(report.figures.apgrOverPrompt).lower > 0)
    let oracle = try #require(report.oracle)
    #expect(oracle.saved > report.levels[3].saved.estimate && oracle.qualityKept > 1)
    #expect(report.groups.map(\.name) == ["a", "b"] && report.groups.map(\.rows) == [150, 300])
  }

  @Test func aCascadeIsTakenOnlyWhereItWins() throws {
    var made = MadeUpLog(seed: 22)
    let blind = try report(made.cascade(rows: 450, costs: [0.001, 0.002], noise: 0.45))
    #expect(blind.member != .cascade)
    #expect(try #require(blind.figures.cascadeArea).estimate < #require(blind.figures.routerArea).estimate)
    #expect(try #require(blind.figures.area).estimate > #require(blind.figures.routerArea).estimate - 0.01)
  }

  @Test func threeTiersAreClimbedStepByStep() throws {
    var made = MadeUpLog(seed: 23)
    let report = try report(made.cascade(rows: 360, costs: [0.0001, 0.001, 0.01], noise: 0.05))
    #expect(report.member != .router)
    #expect(report.levels[2].attempts > report.levels[2].escalated + 1, "some requests ask all three")
    #expect(report.levels[2].saved.estimate > report.levels[2].savedByRouter.estimate)
  }

  @Test func whatCannotBeMeasuredIsRefusedInASentence() throws {
    var made = MadeUpLog(seed: 24)
    let few = try report(made.cascade(rows: 29))
    #expect(few.refused?.contains("Fewer than 30 rows") == true && few.levels.isEmpty)
    let falling = try report(made.cascade(rows: 60, costs: [0.003, 0.0001]))
    #expect(falling.refused?.contains("do not rise") == true)
    let plain = try made.log(rows: 60)
    #expect(CascadeReport(plain, costs: TierCosts(measuring: plain), grouping: nil, parameters: parameters) == nil)
  }

  /// Rows without one of the responses that are weighed count for nothing.
  @Test func rowsWithoutAResponseAreLeftOut() throws {
    var made = MadeUpLog(seed: 25)
    let log = try made.cascade(rows: 100)
    let scores = try #require(log.responses?.probability[0])
    let cut = Matrix((0..<100).flatMap { $0 < 40 ? [Float.nan, .nan] : Array(scores.row($0)) }, columns: 2)
    let part = try ScoredLog(
      tierNames: log.tierNames, origins: log.origins, promptBytes: log.promptBytes, probability: log.probability,
      quality: log.quality, cost: log.cost, responses: ResponseScores(probability: [cut]))
    #expect(try report(part).rows == 60)
    #expect(try report(part).levels[0].savedByForm == nil)
  }

  @Test func keysAreStable() throws {
    var made = MadeUpLog(seed: 26)
    let log = try made.cascade(rows: 120)
    var options = EvaluationOptions(thresholds: Thresholds(increments: [0.1]), grouping: .dataset)
    options.bootstrap.resamples = 100
    let report = try EvaluationReport(log, options: options)
    let json = try JSONSerialization.jsonObject(with: Data(report.json.text().utf8)) as? [String: Any]
    let cascade = try #require(json?["cascade"] as? [String: Any])
    #expect(
      cascade.keys.sorted() == [
        "added_latency_ms_at", "apgr", "apgr_over_prompt", "area", "area_over_cascade", "area_over_form",
        "area_over_router", "attempts_at", "by", "cascade_area", "chosen", "escalated_at", "folds", "form_area",
        "form_saved_at", "oracle", "over_router_at", "prompt_apgr", "quality_kept_at", "random_quality_kept_at",
        "refused", "router_area", "router_saved_at", "rows", "saved_at",
      ])
    #expect((cascade["saved_at"] as? [String: [String: Double]])?["1.0"]?.keys.sorted() == ["high", "low", "value"])
    #expect((cascade["by"] as? [String: Any])?.keys.sorted() == ["a", "b"])
    for text in [report.text(), report.html] {
      #expect(text.contains("Cascade that reads responses") && text.contains("A check that is never wrong"))
    }
  }

  @Test func scoresOutOfRangeAreNamed() throws {
    func log(_ scores: [[Float]], form: [[Float]]? = nil) throws -> ScoredLog {
      func matrices(_ rows: [[Float]]) -> [Matrix<Float>?] { [Matrix(rows.flatMap(\.self), columns: 2)] }
      return try ScoredLog(
        tierNames: ["a", "b"], origins: [RowOrigin(id: "1"), RowOrigin(id: "2")], promptBytes: [1, 2],
        probability: Matrix([0.1, 0.2, 0.3, 0.4], columns: 2), quality: Matrix([0, 1, 1, 1], columns: 2),
        cost: Matrix([1, 2, 1, 2], columns: 2),
        responses: ResponseScores(probability: matrices(scores), form: form.map(matrices)))
    }
    _ = try log([[0, 1], [.nan, .nan]], form: [[0, 1], [.nan, .nan]])
    let bad: [([[Float]], [[Float]]?, Int)] = [
      ([[0, 1], [0, 1.5]], nil, 1), ([[.nan, 1], [0, 1]], nil, 0), ([[0, 1], [0, 1]], [[0, 1], [0, -0.5]], 1),
    ]
    for (scores, form, place) in bad {
      #expect {
        try log(scores, form: form)
      } throws: {
        guard case .value(_, let row, _, _) = $0 as? EvaluationError else { return false }
        return row == place
      }
    }
    #expect(throws: EvaluationError.shape(field: "response scores", expected: [2, 2], found: [1, 2])) {
      try log([[0, 1]])
    }
  }
}
