import Evaluation
import Foundation
import GRDB
import NIOCore
import Statistics
import Testing
import TextKit

@testable import Gateway
@testable import GatewayCore

/// Every figure of the page is what plain SQL over the rows says, and parts add up to the whole.
@Suite(.timeLimit(.minutes(20)))
struct PageFigureTests {
  private let folder: TelemetryFolder

  init() throws { folder = try TelemetryFolder() }

  /// A sum over the rows of a period that a filter takes.
  private func sql(
    _ expression: String, _ period: PagePeriod, _ filter: TrafficFilter, _ file: SQLiteFile, joins: String = ""
  ) throws -> Double {
    var condition = "d.time >= ? AND d.time < ?"
    let hours = period.range(endingAt: Traces.time)
    var arguments: StatementArguments = [Double(hours.lowerBound) * 3600, Double(hours.upperBound) * 3600]
    for (_, column, path) in TrafficFilter.names {
      guard let value = filter[keyPath: path] else { continue }
      condition += value == "(none)" ? " AND d.\(column) IS NULL" : " AND d.\(column) = ?"
      if value != "(none)" { arguments += [value] }
    }
    return try file.pool.read {
      try Double.fetchOne(
        $0, sql: "SELECT total(\(expression)) FROM decisions d \(joins) WHERE \(condition)", arguments: arguments)
        ?? .nan
    }
  }

  private func query(_ period: PagePeriod, _ filter: TrafficFilter) -> String {
    var selection = PageSelection(PageFields(form: ""))
    (selection.period, selection.filter) = (period, filter)
    return selection.query()
  }

  /// Twenty filters by chance, and none.
  private static let filters: [(PagePeriod, TrafficFilter)] = {
    var random = SplitMix64(seed: 18)
    func one(_ names: [String?]) -> String? { names[Int(random.next() % UInt64(names.count))] }
    return [(.week, TrafficFilter())]
      + (0..<20).map { _ in
        var filter = TrafficFilter()
        filter.key = one([nil, nil, "alice", "bob", "(none)"])
        filter.task = one([nil, nil, nil, "code", "(none)"])
        filter.tier = one([nil, nil, nil, "small", "frontier"])
        filter.policy = one([nil, nil, "careful"])
        return (PagePeriod.allCases[Int(random.next() % 3)], filter)
      }
  }()

  @Test func figuresArePlainSums() async throws {
    let (file, _) = try InventedTraffic.database(folder.database)
    let page = try await TestPage.start(file: file)
    defer { page.stop() }
    for (period, filter) in Self.filters {
      let comment: Comment = "\(period) \(filter)"
      let report = try #require(try await page.json("/admin/api/overview" + query(period, filter))["report"])
      let money = try #require(report["money"])
      func expect(_ node: JSONNode?, _ expression: String, joins: String = "") throws {
        let wanted = try sql(expression, period, filter, file, joins: joins)
        let found = try #require(node?.number, comment)
        #expect(abs(found - wanted) < 1e-9, "\(expression) \(comment)")
      }
      try expect(money["requests"], "1")
      try expect(money["spent_usd"], "d.cost_usd")
      try expect(money["unpriced"], "d.cost_usd IS NULL")
      try expect(money["compared"], "d.cost_usd IS NOT NULL AND d.strongest_usd IS NOT NULL")
      // Where enough shadow answers of the strongest tier are there, they correct the figure: then it is no plain sum.
      if money["saved_usd"]?["modelled"]?.boolean == true {
        try expect(money["saved_usd"]?["value"], "d.strongest_usd - d.cost_usd")
      }
      let saved = (report["tiers"]?.elements ?? []).reduce(0) { $0 + ($1["saved_usd"]?.number ?? .nan) }
      #expect(abs(saved - (try sql("d.strongest_usd - d.cost_usd", period, filter, file))) < 1e-9, comment)
      let labels = "LEFT JOIN labels l ON l.request_id = d.request_id"
      try expect(money["label_usd"], "l.cost_usd", joins: labels)
      try expect(money["judge_usd"], "l.judge_usd", joins: labels)
      try expect(
        money["rejected_usd"],
        "(SELECT total(cost_usd) FROM attempts a WHERE a.request_id = d.request_id AND failure = 'rejected') * (d.cost_usd IS NOT NULL)"
      )
      try expect(report["quality"]?["drawn"], "l.request_id IS NOT NULL", joins: labels)
      try expect(
        report["quality"]?["missing"], "l.missing IS NOT NULL", joins: labels)
      for part in ["tiers", "keys", "tasks", "policies", "reasons", "targets"] {
        let elements = try #require(report[part]?.elements)
        let whole = try #require(money["spent_usd"]?.number)
        let sum = elements.reduce(0) { $0 + ($1["spent_usd"]?.number ?? .nan) }
        #expect((sum * 100).rounded() == (whole * 100).rounded() && abs(sum - whole) < 1e-9, "\(part) \(comment)")
        let requests = elements.reduce(0) { $0 + ($1["requests"]?.integer ?? 0) }
        #expect(requests == money["requests"]?.integer, "\(part) \(comment)")
        let failures = elements.reduce(0) { $0 + ($1["failures"]?.integer ?? 0) }
        #expect(
          Double(failures) == (try sql("d.status >= 500 OR d.status = 429", period, filter, file)), "\(part) \(comment)"
        )
      }
      for element in report["tiers"]?.elements ?? [] {
        var own = filter
        own.tier = element["name"]?.string ?? "(none)"
        #expect(
          abs((element["spent_usd"]?.number ?? .nan) - (try sql("d.cost_usd", period, own, file))) < 1e-9, comment)
        #expect(
          Double(element["input_tokens"]?.integer ?? -1) == (try sql("d.input_tokens", period, own, file)), comment)
      }
    }
  }

  /// A number opens the requests behind it.
  @Test func listsHoldWhatNumbersCount() async throws {
    let (file, _) = try InventedTraffic.database(folder.database)
    let page = try await TestPage.start(file: file)
    defer { page.stop() }
    for (period, filter) in Self.filters.prefix(8) {
      let list = try await page.json("/admin/api/requests" + query(period, filter) + "&limit=500&order=dearest")
      #expect(Double(list["total"]?.integer ?? -1) == (try sql("1", period, filter, file)))
      let costs = (list["requests"]?.elements ?? []).map { $0["cost_usd"]?.number ?? -1 }
      #expect(costs == costs.sorted(by: >))
      #expect(costs.count == min(500, list["total"]?.integer ?? 0))
    }
  }

  /// One request with all that is known of it; an id that is none, and one with a path in it, are not found.
  @Test func oneRequest() async throws {
    let (file, _) = try InventedTraffic.database(folder.database)
    let page = try await TestPage.start(file: file)
    defer { page.stop() }
    let node = try await page.json("/admin/api/requests/req_3")
    let (cost, policy) = try await file.pool.read { database in
      (
        try Double.fetchOne(database, sql: "SELECT cost_usd FROM decisions WHERE request_id = 'req_3'"),
        try String.fetchOne(database, sql: "SELECT policy FROM decisions WHERE request_id = 'req_3'")
      )
    }
    #expect(node["decision"]?["cost_usd"]?.number == cost && cost != nil)
    #expect(node["decision"]?["policy"]?.string == policy && policy != nil)
    #expect(node["attempts"]?.elements?.isEmpty == false)
    let seen = try await page.get("/requests/req_3")
    #expect(seen.status == 200 && seen.text.contains("What was weighed") && seen.text.contains("req_3"))
    #expect(try await page.get("/requests/nothing").status == 404)
    #expect(try await page.get("/requests/..%2F..%2Fetc").status == 404)
    #expect(try await page.get("/requests?id=req_3").headers["location"] == "/requests/req_3")
  }

  /// Each part of the page is there without a script, with and without something to show.
  @Test(arguments: [true, false])
  func everyPartIsReadable(hasTraffic: Bool) async throws {
    let file = hasTraffic ? try InventedTraffic.database(folder.database).file : nil
    let page = try await TestPage.start(file: file)
    defer { page.stop() }
    for (path, name) in PageText.parts {
      let seen = try await page.get(path)
      let isTraffic = ["/requests", "/thresholds", "/audit"].contains(path)
      #expect(seen.status == (hasTraffic || !isTraffic ? 200 : 409), "\(path)")
      #expect(seen.text.contains("<h1>"), "\(path)")
      if seen.status == 200 { #expect(seen.text.contains("aria-current=\"page\">\(name)<"), "\(path)") }
      if !hasTraffic, isTraffic { #expect(seen.text.contains("telemetry.path"), "\(path) says what is missing") }
    }
  }

  /// A browser is told that there is something new.
  @Test func eventsTellOfNews() async throws {
    let page = try await TestPage.start()
    defer { page.stop() }
    var parts: [String] = []
    for try await buffer in try await page.events() {
      let part = String(buffer: buffer)
      parts.append(part)
      if parts.count == 1 { page.live.shared.alerts.raise(Alert(name: "a", cause: "c", remedy: "r")) }
      if part.contains("event: changed") { break }
    }
    #expect(parts[0].contains("event: ready") && parts[0].contains("retry:"))
  }
}
