import TextKit
import Statistics
import Foundation
import Ockham
import Testing

@testable import Evaluation

@Suite struct ReportTests {
  private func report(
    rows: Int = 120, tiers: Int = 2, unknown: Double = 0.05, costs: Bool = true, grouping: Grouping? = .dataset
  ) throws -> EvaluationReport {
    var made = MadeUpLog(seed: 40)
    let log = try made.log(rows: rows, tiers: tiers, unknown: unknown, costs: costs)
    return try EvaluationReport(log, options: options(tiers: tiers, grouping: grouping))
  }

  private func options(tiers: Int = 2, grouping: Grouping? = nil) -> EvaluationOptions {
    EvaluationOptions(
      thresholds: Thresholds(increments: [Float](repeating: 0.15, count: tiers - 1)), grouping: grouping,
      bootstrap: .init(resamples: 100))
  }

  private func parsed(_ report: EvaluationReport) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(report.json.text().utf8)) as? [String: Any])
  }

  private func keys(_ value: JSONNode) -> [String] { value.members?.map(\.key) ?? [] }

  @Test func documentedKeysAreThere() throws {
    let report = try report(tiers: 3)
    let found = try parsed(report)
    for key in [
      "rows", "tiers", "all_cheapest", "all_strongest", "oracle", "random", "length_only", "curve", "apgr", "cpt50",
      "cpt80", "auc", "log_loss", "ece", "brier", "by",
    ] { #expect(found[key] != nil, "\(key)") }
    for key in ["all_cheapest", "all_strongest", "oracle", "random", "length_only", "own_thresholds"] {
      let outcome = try #require(found[key] as? [String: Any])
      #expect(outcome["quality"] is Double)
      #expect(outcome["cost_usd"] is Double)
      #expect((outcome["share"] as? [Double])?.count == 3)
    }
    let point = try #require((found["curve"] as? [[String: Any]])?.first)
    #expect(Set(point.keys) == ["threshold", "share", "quality", "cost_usd"])
    #expect((found["auc"] as? [Double])?.count == 3)
    let group = try #require((found["by"] as? [String: [String: Any]])?["a"])
    #expect(group["apgr"] is Double)
    #expect(group["all_cheapest"] is [String: Any])
  }

  @Test func jsonIsTheSameEveryTime() throws {
    #expect(try report().json.text() == report().json.text())
    #expect(
      keys(try report().json).prefix(6) == ["rows", "tiers", "pair", "complete_rows", "priced_rows", "pair_rows"])
  }

  @Test func numbersReadBackExactly() throws {
    let report = try report()
    let line = try #require(report.json.text().split(separator: "\n").first { $0.hasPrefix("  \"apgr\": ") })
    let digits = line.split(separator: " ")[1].dropLast()
    #expect(Double(digits) == report.routing?.metrics.apgr)
  }

  @Test func unknownIsNullAndNeverZero() throws {
    let found = try parsed(try report(costs: false))
    #expect((found["oracle"] as? [String: Any])?["cost_usd"] is NSNull)
    #expect((found["tier_costs"] as? [String: Any])?["source"] as? String == "nominal")
    #expect(JSONNode.figure(.nan).text() == "null")
    #expect(JSONNode.figure(.infinity).text() == "null")
  }

  @Test func noCompleteRowsStillTellAboutTheHeads() throws {
    let log = try smallLog([[0.1, 0.9], [0.8, 0.9]], [[0, .nan], [1, .nan]])
    let report = try EvaluationReport(log, options: options(grouping: .dataset))
    let found = try parsed(report)
    #expect(found["apgr"] is NSNull)
    #expect(found["oracle"] is NSNull)
    #expect((found["curve"] as? [Any])?.isEmpty == true)
    #expect((found["auc"] as? [Any])?.first as? Double == 1)
    #expect(report.notes.contains { $0.contains("only the heads") })
    #expect(report.text().contains("Heads"))
    #expect(report.html.contains("Reliability"))
  }

  @Test func notesSayWhatLimitsTheFigures() throws {
    let notes = try report(rows: 40, costs: false).notes.joined(separator: "\n")
    #expect(notes.contains("in which every tier's quality is known"))
    #expect(notes.contains("nominal"))
    #expect(notes.contains("fewer than 30 complete rows"))
    #expect(try report(rows: 1_000, unknown: 0, grouping: nil).notes.isEmpty)
    let flat = try smallLog([[0.1, 0.9], [0.8, 0.9]], [[1, 1], [0, 0]])
    #expect(try EvaluationReport(flat, options: options()).notes.contains { $0.contains("no gap to recover") })
  }

  @Test func groupsSplitTheRows() throws {
    let report = try report(rows: 120)
    #expect(report.groups.map(\.name) == ["a", "b"])
    #expect(report.groups.map(\.rows) == [40, 80])
    #expect(try self.report(grouping: .task).groups.map(\.name) == ["(none)"])
    #expect(try self.report(grouping: nil).groups.isEmpty)
  }

  @Test func optionsAreChecked() throws {
    var made = MadeUpLog(seed: 1)
    let log = try made.log(rows: 5)
    func error(_ change: (inout EvaluationOptions) -> Void) -> EvaluationError? {
      var changed = options()
      change(&changed)
      do throws(EvaluationError) {
        _ = try EvaluationReport(log, options: changed)
        return nil
      } catch { return error }
    }
    #expect(
      error { $0.thresholds = Thresholds(increments: []) }
        == .option(name: "thresholds", expected: "1 steps", found: "0"))
    #expect(
      error { $0.thresholds = Thresholds(increments: [.nan]) }
        == .option(name: "thresholds", expected: "finite steps", found: "nan"))
    #expect(
      error { $0.bootstrap.resamples = 99 } == .option(name: "resamples", expected: "at least 100", found: "99"))
    #expect(error { $0.bootstrap.confidence = 1 } != nil)
    #expect(error { $0.frontierPoints = 1 } != nil)
    #expect(error { $0.tierCosts = [1] } != nil)
    #expect(error { $0.pair = "small" } != nil)
    #expect(error { _ in } == nil)
  }

  private func hostile() throws -> EvaluationReport {
    let name = "<script>alert(\"1\")</script>&'\u{1B}[31m"
    let log = try ScoredLog(
      tierNames: [name, "b"], origins: (0..<40).map { RowOrigin(id: "\($0)", dataset: name) },
      promptBytes: Array(0..<40), probability: Matrix((0..<80).map { Float($0) / 80 }, columns: 2),
      quality: Matrix((0..<80).map { Double($0 % 2) }, columns: 2), cost: Matrix(repeating: .nan, rows: 40, columns: 2))
    return try EvaluationReport(log, options: options(grouping: .dataset))
  }

  @Test func pagesEscapeEveryName() throws {
    let page = try hostile().html
    #expect(!page.contains("<script"))
    #expect(!page.contains("\u{1B}"))
    #expect(page.contains("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;"))
  }

  @Test func terminalsAreNotCommandedByNames() throws {
    #expect(try !hostile().text().contains("\u{1B}"))
    #expect(try report().text(coloured: true).contains("\u{1B}[1m"))
    #expect(try JSONSerialization.jsonObject(with: Data(hostile().json.text().utf8)) is [String: Any])
  }

  @Test(arguments: [2, 3, 4]) func pagesStandAlone(tiers: Int) throws {
    let page = try report(tiers: tiers).html
    for forbidden in ["http:", "https:", "src=", "<link", "<script", "url(", "@import", "NaN", "nan", "inf\""] {
      #expect(!page.contains(forbidden), "\(forbidden)")
    }
    for tag in ["svg", "figure", "table", "section", "ul", "tr", "td", "th"] {
      let opened = page.components(separatedBy: "<\(tag)>").count + page.components(separatedBy: "<\(tag) ").count
      #expect(opened - 1 == page.components(separatedBy: "</\(tag)>").count, "\(tag)")
    }
    #expect(page.contains("prefers-color-scheme: dark"))
    #expect(page.components(separatedBy: "<svg viewBox=\"0 0 6").count == 4)
  }

  @Test func textIsAligned() {
    var table = TextTable(["name", "value", "words"], wordColumns: [0, 2])
    table.append(["a", "1.25", "x to y"])
    table.append(["longer", "-10.00", "-"])
    #expect(
      table.text(TextStyle(isColoured: false)) == """
        name     value  words
        ------  ------  ------
        a         1.25  x to y
        longer  -10.00  -
        """)
  }
}
