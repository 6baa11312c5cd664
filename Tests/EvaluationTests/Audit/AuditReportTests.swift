import Foundation
import TextKit
import Testing

@testable import Evaluation

/// Every form of an audit: the same numbers, what is unknown said so, and names that do nothing but stand there.
@Suite struct AuditReportTests {
  static let hostile = [
    "<script>alert(1)</script>", "=HYPERLINK(\"http://evil.example\",\"x\")", "a|b\nforged: row",
    "\u{1B}]0;owned\u{7}\u{202E}gnp", "[x](http://evil.example) @everyone `code`", " +1+cmd|' /C calc'!A0",
    "\"quoted\", and more",
  ]

  private func options() -> AuditOptions {
    var options = AuditOptions()
    options.logs = ["log.jsonl"]
    options.madeAt = MadeUpTraffic.period.upperBound
    options.targetQuality = 0.8
    options.arms = []
    options.alerts = [
      AuditAlert(name: "drift<b>", cause: "a|b", remedy: "look", time: MadeUpTraffic.begin)
    ]
    return options
  }

  private func report(hostile: Bool = false, rows count: Int = 3_000) -> AuditReport {
    var rows = MadeUpTraffic.rows(count)
    if hostile {
      for index in rows.indices {
        let name = Self.hostile[index % Self.hostile.count]
        (rows[index].key, rows[index].task, rows[index].target) = (name, name, name)
        (rows[index].policy, rows[index].reason, rows[index].id) = (name, name, "\(name)\(index)")
      }
    }
    var options = options()
    if hostile { options.texts = Dictionary(rows.map { ($0.id, Self.hostile[0] + "\n" + Self.hostile[2]) }) { $1 } }
    let half = MadeUpTraffic.begin + 7 * 86_400
    func traffic(_ period: Range<Double>) -> Traffic {
      Traffic(rows: rows, tierNames: MadeUpTraffic.tiers, period: period)
    }
    return AuditReport(
      traffic(half..<MadeUpTraffic.period.upperBound), earlier: traffic(MadeUpTraffic.begin..<half), options: options)
  }

  private func parsed(_ report: AuditReport) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(report.json.text().utf8)) as? [String: Any])
  }

  @Test func theHeadlineSaysWhatWasSavedAndWhetherQualityHeld() throws {
    let report = report()
    #expect(report.headline[0].hasPrefix("Saved $"), "\(report.headline)")
    #expect(report.headline[0].contains(" in 7 days") && report.headline[0].contains("net of $"))
    #expect(
      report.headline[1].contains("Quality of what was served") && report.headline[1].contains("guarantee of 80 %"))
    #expect(report.quality.guarantee == .kept)
    #expect(report.changes.count > 8 && report.misrouting.steps.count == 6)
  }

  @Test func figuresAreThoseOfThePlainSums() throws {
    let report = report()
    let rows = MadeUpTraffic.rows(3_000).filter { $0.time >= MadeUpTraffic.begin + 7 * 86_400 }
    let spent = rows.reduce(0) { $0 + ($1.costUSD ?? 0) }
    let json = try parsed(report)
    let money = try #require(json["money"] as? [String: Any])
    #expect(agree(money["spent_usd"] as? Double, spent))
    #expect(money["requests"] as? Int == rows.count && money["unpriced"] as? Int == rows.count { $0.costUSD == nil })
    let tables = try #require(json["tables"] as? [String: [[String: Any]]])
    for name in [
      "money_by_tier", "money_by_key", "money_by_task", "money_by_policy", "money_by_target", "money_by_day",
      "money_by_reason",
    ] {
      let table = try #require(tables[name], "\(name)")
      #expect(agree(table.reduce(0) { $0 + ($1["spent_usd"] as? Double ?? 0) }, spent), "\(name)")
      #expect(table.reduce(0) { $0 + ($1["requests"] as? Int ?? 0) } == rows.count, "\(name)")
    }
    #expect(tables["money_by_key"]?.contains { $0["key"] is NSNull } == true, "what has no key is a part too")
    #expect(tables["dearest_requests"]?.count == 50)
    let quality = try #require(json["quality"] as? [String: Any])
    #expect(quality["promise_kept"] as? Bool == true)
  }

  /// Shown cents of parts add up to the shown cents of the whole, also where rows are folded.
  @Test func shownCentsAddUp() throws {
    var table = AuditTable(
      "parts", "Parts", shownRows: 3, columns: [("name", "name", .word), ("usd", "dollars", .part)])
    for index in 0..<7 { table.append([.text("p\(index)"), .usd(1.0 / 3)]) }
    let cells = table.shown.rows.map(\.cells)
    #expect(cells.map(\.[0]) == ["p0", "p1", "p2", "4 others", "all"])
    let cents = cells.map { Int(($0[1].dropFirst()).filter { $0 != "." }) ?? -1 }
    #expect(cents.dropLast().reduce(0, +) == cents.last && cents.last == 233)
    for table in report().tables where table.columns.contains(where: { $0.name == "spent_usd" && $0.kind == .part }) {
      let column = try #require(table.columns.firstIndex { $0.name == "spent_usd" })
      let amounts = table.shown.rows.compactMap { Double($0.cells[column].filter { "0123456789.".contains($0) }) }
      guard amounts.count == table.shown.rows.count, amounts.count > 1 else { continue }
      #expect(abs(amounts.dropLast().reduce(0, +) - amounts[amounts.count - 1]) < 1e-9, "\(table.name) \(amounts)")
    }
  }

  @Test func nothingIsKnownOfAnEmptyPeriodAndNothingIsZero() throws {
    let report = AuditReport(Traffic(rows: [], tierNames: [], period: 0..<1), options: options())
    #expect(report.headline[0].hasPrefix("No requests"))
    let money = try #require(try parsed(report)["money"] as? [String: Any])
    #expect(money["spent_usd"] is NSNull)
    #expect(((money["saved_usd"] as? [String: Any])?["reason"] as? String)?.contains("cost") == true)
    for text in [report.html, report.markdown, report.text(), report.csv] { #expect(!text.contains("nan")) }
    #expect(report.unknowns.contains { $0.hasPrefix("Everything") })
  }

  @Test func whatIsUnpricedIsNotTakenForFree() throws {
    var rows = MadeUpTraffic.rows(200)
    for index in rows.indices { (rows[index].costUSD, rows[index].strongestUSD) = (nil, nil) }
    let report = AuditReport(Traffic(rows: rows, tierNames: MadeUpTraffic.tiers, period: MadeUpTraffic.period))
    #expect(report.money.saved.value == nil && report.money.net.value == nil)
    #expect(report.headline[0].contains("What was spent is not known") && report.headline[0].contains("--price"))
    let table = try #require(report.tables.first { $0.name == "money_by_tier" })
    #expect(table.rows.allSatisfy { $0[4] == .usd(nil) } && table.shown.rows.allSatisfy { $0.cells[4] == "not known" })
  }

  @Test func thePageIsWholeAndWithoutScript() {
    let page = report(hostile: true).html
    #expect(page.hasPrefix("<!DOCTYPE html>") && page.contains("prefers-color-scheme: dark"))
    for forbidden in ["<script", "javascript:", "src=", "href=", "url(", "@import"] {
      #expect(!page.contains(forbidden), "\(forbidden)")
    }
    // Tags that are opened are closed, in order.
    var open: [String] = []
    for tag in page.matches(of: /<(\/?)([a-z0-9]+)((?:[^>"]|"[^"]*")*)>/) {
      let (name, rest) = (String(tag.output.2), tag.output.3)
      if ["meta", "line", "polyline", "polygon", "circle", "rect"].contains(name) || rest.hasSuffix("/") { continue }
      if tag.output.1.isEmpty { open.append(name) } else { #expect(open.popLast() == name) }
    }
    #expect(open.isEmpty)
    #expect(page.contains("<svg") && page.contains("&lt;script&gt;"))
  }

  @Test func markdownRowsHoldWhatNamesSay() {
    let text = report(hostile: true).markdown
    #expect(
      !text.contains("<script") && !text.contains("@everyone") && !text.contains("[x](") && !text.contains("http:"))
    #expect(!text.split(separator: "\n").contains { $0.hasPrefix("forged:") })
    var columns: Int?
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      guard line.hasPrefix("|") else {
        columns = nil
        continue
      }
      let bars = line.replacing("\\\\", with: "").replacing("\\|", with: "").count { $0 == "|" }
      #expect(columns == nil || columns == bars, "\(line)")
      columns = bars
    }
  }

  @Test func spreadsheetsFindNoFormula() throws {
    for table in report(hostile: true).tables {
      let rows = try Self.cells(of: table.csv)
      #expect(rows.count == table.rows.count + 1, "\(table.name)")
      for row in rows {
        #expect(row.count == rows[0].count, "\(table.name)")
        for cell in row where Double(cell) == nil {
          let first = cell.first { !$0.isWhitespace }
          #expect(first.map { !"=+-@|".contains($0) } ?? true, "\(cell)")
          #expect(!cell.unicodeScalars.contains { $0.value < 0x20 })
        }
      }
    }
  }

  /// RFC 4180, without mercy.
  private static func cells(of text: String) throws -> [[String]] {
    var (rows, row, cell, isQuoted): ([[String]], [String], String, Bool) = ([], [], "", false)
    var scalars = Array(text.unicodeScalars)[...]
    while let next = scalars.popFirst() {
      switch (next, isQuoted) {
      case ("\"", true) where scalars.first == "\"":
        cell.append("\"")
        scalars.removeFirst()
      case ("\"", _): isQuoted.toggle()
      case (",", false):
        row.append(cell)
        cell = ""
      case ("\r", false):
        try #require(scalars.popFirst() == "\n")
        rows.append(row + [cell])
        (row, cell) = ([], "")
      default: cell.unicodeScalars.append(next)
      }
    }
    #expect(row.isEmpty && cell.isEmpty && !isQuoted)
    return rows
  }

  @Test func terminalsAreNotCommanded() {
    let text = report(hostile: true).text(coloured: false)
    #expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || $0 == "\u{202E}" })
    #expect(!text.split(separator: "\n").contains { $0.hasPrefix("forged:") })
    #expect(text.contains("MONEY") && text.contains("WHAT IS NOT KNOWN"))
  }

  @Test func daysAreThoseOfTheZone() throws {
    var options = options()
    options.timeZone = try #require(TimeZone(identifier: "Asia/Tokyo"))
    // 2026-01-01T20:30Z is the next day in Tokyo.
    let time = 1_767_299_400.0
    let traffic = Traffic(
      rows: [TrafficRow(id: "r", time: time, costUSD: 1)], tierNames: ["a"], period: time - 10..<time + 10)
    let report = AuditReport(traffic, options: options)
    let days = try #require(report.tables.first { $0.name == "money_by_day" })
    #expect(days.rows[0][0] == .text("2026-01-02"))
    #expect(report.markdown.contains("Asia/Tokyo") && report.html.contains("Asia/Tokyo"))
    #expect((try parsed(report)["report"] as? [String: Any])?["from"] as? String == "2026-01-01T20:29:50Z")
  }

  @Test func otherThresholdsAreCountedAsTheRouterWouldDecide() throws {
    let report = report()
    let choices = report.thresholds.choices
    let own = try #require(choices.first { $0.factor == 1 })
    let sample = report.traffic.sample.rows
    for tier in MadeUpTraffic.tiers.indices {
      let share = Double(sample.count { $0.tier == MadeUpTraffic.tiers[tier] }) / Double(sample.count)
      #expect(abs(own.shares[tier] - share) < 0.02, "\(tier): \(own.shares) \(share)")
    }
    #expect(own.costUSD == 0 && own.predicted == 0)
    let costs = choices.compactMap(\.costUSD)
    #expect(costs.count == choices.count && costs[0] > 0)
    #expect(
      zip(costs, costs.dropFirst()).allSatisfy { $0 >= $1 - 1e-12 }, "more expensive thresholds cost no more: \(costs)")
    #expect(choices[0].shares[2] > 0.9, "without thresholds the best tier takes all")
  }

  /// Prices times tokens understate what shadow answers of the strongest tier took: the saving is corrected by as much.
  @Test func shadowAnswersCorrectThePricesOfAllParts() throws {
    var rows = MadeUpTraffic.rows(3_000)
    for index in rows.indices {
      for label in rows[index].labels.indices where rows[index].labels[label].costUSD != nil {
        rows[index].labels[label].costUSD = (rows[index].tierUSD[rows[index].labels[label].tier] ?? 0) + 0.01
      }
    }
    let report = AuditReport(Traffic(rows: rows, tierNames: MadeUpTraffic.tiers, period: MadeUpTraffic.period))
    let others = rows.count { $0.answeredTier != "frontier" && $0.costUSD != nil }
    #expect(!report.money.saved.isModelled)
    #expect(agree(report.money.saved.value, report.total.savedUSD + 0.01 * Double(others), within: 1e-6))
    #expect(agree(report.money.strongestUSD - report.total.comparedUSD, report.money.saved.value, within: 1e-9))
    for table in report.tables where table.name.hasPrefix("money_by_") {
      let column = try #require(table.columns.firstIndex { $0.name == "saved_usd" })
      let sum = table.rows.reduce(0.0) { sum, row in
        if case .usd(let part?) = row[column] { sum + part } else { sum }
      }
      #expect(agree(sum, report.money.saved.value, within: 1e-9), "\(table.name)")
    }
    var unseen = rows
    for index in unseen.indices { unseen[index].labels = [] }
    #expect(
      AuditReport(Traffic(rows: unseen, tierNames: MadeUpTraffic.tiers, period: MadeUpTraffic.period)).money.saved
        .isModelled)
  }

  @Test func theBudgetCountsLabelsAndJudge() {
    var options = options()
    let spent = report().money.spentUSD
    options.budgetUSD = spent
    let half = MadeUpTraffic.begin + 7 * 86_400
    let traffic = Traffic(
      rows: MadeUpTraffic.rows(3_000), tierNames: MadeUpTraffic.tiers, period: half..<MadeUpTraffic.period.upperBound)
    let report = AuditReport(traffic, options: options)
    #expect(report.isOverBudget == true && report.headline.contains { $0.contains("above the budget") })
    options.budgetUSD = spent * 2
    #expect(AuditReport(traffic, options: options).isOverBudget == false)
  }
}
