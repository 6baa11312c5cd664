import Foundation
import Testing

/// `ockham report` as a program, on request logs: forms, files, conditions, and what a log does not contain.
@Suite(.timeLimit(.minutes(30))) struct ReportTests {
  /// Four weeks of 20 requests a day, half to each tier; every fifth was rated under both.
  private static func log(hasCosts: Bool = true, quality: Double = 1, hasTimes: Bool = true) -> [UInt8] {
    var lines = ""
    for index in 0..<560 {
      let (day, isSmall) = (index / 20, index % 2 == 0)
      let (served, other) = isSmall ? ("small", "frontier") : ("frontier", "small")
      let cost = hasCosts ? #","cost_usd":\#(Self.cost(index, isSmall: isSmall))"# : ""
      let rated = index % 5 == 0 ? #""quality":\#(isSmall ? quality : 1),"inclusion":0.2,"origin":"served","# : ""
      let copy =
        index % 5 == 0
        ? #","\#(other)":{"quality":1,"inclusion":0.2,"origin":"audit","cost_usd":\#(Self.cost(index, isSmall: !isSmall))}"#
        : ""
      let stamp =
        hasTimes ? #","timestamp":"2026-02-\#(day < 9 ? "0" : "")\#(day + 1)T12:\#(10 + index % 20):00Z""# : ""
      lines += """
        {"id":"r\(index)","prompt":"question \(1_000 + index)","dataset":"=key|\(index % 3)"\(stamp),"served":"\(served)","eligible":true,"allowed":["small","frontier"],"outcomes":{"\(served)":{\(rated)"output_tokens":\(20 + index % 7),"latency_ms":\(100 + index % 50)\(cost)}\(copy)}}

        """
    }
    return Array(lines.utf8)
  }

  /// By the token: 20 to 26 of them.
  private static func cost(_ index: Int, isSmall: Bool) -> Double {
    (0.001 + 0.0004 * Double(20 + index % 7)) * (isSmall ? 0.1 : 1)
  }

  @Test func aLogWithoutAUsableRowIsAnError() throws {
    let outcome = try report(Array(#"{"request":{"messages":[{"role":"user","content":"q"}]},"response":{}}"#.utf8), [])
    #expect(outcome.code == 65 && outcome.error.contains("ockham import"))
  }

  private func report(_ log: [UInt8], _ arguments: [String]) throws -> Tool.Outcome {
    try Tool.withFolder { folder in
      let path = folder.appending(path: "log.jsonl")
      try Data(log).write(to: path)
      return try Tool.run(["report", path.path] + arguments)
    }
  }

  @Test func theFortnightIsAddedUpAndCompared() throws {
    let outcome = try report(Self.log(), ["--since", "14d", "--format", "json", "--target-quality", "0.95"])
    #expect(outcome.code == 0, "\(outcome.error)")
    let json = try outcome.json()
    let money = try #require(json["money"] as? [String: Any])
    // The newest came at 12:29 on the last of 28 days; what came 14 days before it to the minute is in.
    let spent = (279..<560).reduce(0) { $0 + Self.cost($1, isSmall: $1 % 2 == 0) }
    #expect(abs((money["spent_usd"] as? Double ?? 0) - spent) < 1e-9)
    let saved = (279..<560).filter { $0 % 2 == 0 }.reduce(0) { $0 + 0.9 * Self.cost($1, isSmall: false) }
    #expect(abs(((money["saved_usd"] as? [String: Any])?["value"] as? Double ?? 0) - saved) < 1e-6)
    #expect(
      ["requests", "unpriced", "saved_usd", "net_usd", "over_mix", "dearest"].allSatisfy { money[$0] != nil })
    let quality = try #require(json["quality"] as? [String: Any])
    #expect(quality["promise_kept"] as? Bool == true)
    let tables = try #require(json["tables"] as? [String: Any])
    for name in ["money", "money_by_tier", "quality_by_tier", "targets", "tasks", "changes", "dearest_requests"] {
      #expect((tables[name] as? [Any])?.isEmpty == false, "\(name)")
    }
    #expect((json["unknown"] as? [String])?.contains { $0.contains("a gateway's database contains it") } == true)
  }

  @Test(arguments: ["table", "markdown", "html"]) func peopleReadTheHeadlineFirst(format: String) throws {
    let outcome = try report(Self.log(), ["--since", "14d", "--format", format, "--time-zone", "Europe/Berlin"])
    #expect(outcome.code == 0, "\(outcome.error)")
    let saved = try #require(outcome.output.firstRange(of: "Saved $"), "\(outcome.output.prefix(400))")
    let table = try #require(outcome.output.firstRange(of: "By tier"))
    #expect(saved.lowerBound < table.lowerBound && outcome.output.contains("Europe/Berlin"))
    #expect(HostileNamesTests.fault(outcome.output) == nil)
  }

  @Test func everyTableIsAFileOfItsOwn() throws {
    try Tool.withFolder { folder in
      let (log, tables) = (folder.appending(path: "log.jsonl"), folder.appending(path: "tables"))
      try Data(Self.log()).write(to: log)
      let outcome = try Tool.run("report", log.path, "--format", "csv", "--output", tables.path)
      #expect(outcome.code == 0, "\(outcome.error)")
      let text = try String(contentsOf: tables.appending(path: "money_by_key.csv"), encoding: .utf8)
      #expect(text.hasPrefix("\"key\",\"requests\",") && text.contains("\"'=key|0\",187,"), "\(text)")
      let page = folder.appending(path: "audit.html")
      #expect(try Tool.run("report", log.path, "--format", "html", "--output", page.path).code == 0)
      #expect(try String(contentsOf: page, encoding: .utf8).hasSuffix("</html>\n\n"))
      #expect(try Tool.run("report", log.path, "--output", log.path).code == 64)
    }
  }

  @Test func conditionsDecideTheExitCode() throws {
    let guarantee = ["--fail-on", "promise", "--target-quality", "0.95"]
    #expect(try report(Self.log(), guarantee).code == 0)
    let broken = try report(Self.log(quality: 0), guarantee)
    #expect(broken.code == 1 && broken.error.contains("was broken") && !broken.output.isEmpty)
    let budget = ["--fail-on", "budget", "--budget"]
    #expect(try report(Self.log(), budget + ["100"]).code == 0)
    #expect(try report(Self.log(), budget + ["1"]).code == 1)
    let unknown = try report(Self.log(hasCosts: false), budget + ["1"])
    #expect(unknown.code == 1 && unknown.error.contains("is unknown"))
  }

  @Test func pricesStandInForCosts() throws {
    let log = Self.log(hasCosts: false)
    let without = try report(log, ["--format", "json"]).json()
    #expect((without["money"] as? [String: Any])?["spent_usd"] is NSNull)
    let outcome = try report(
      log, ["--format", "json", "--price", "small=1,2", "--price", "frontier=10,20"])
    let money = try #require(try outcome.json()["money"] as? [String: Any], "\(outcome.error)")
    #expect(money["compared"] as? Int == 560 && money["unpriced"] as? Int == 0)
    #expect((money["saved_usd"] as? [String: Any])?["value"] as? Double ?? 0 > 0)
    #expect(try report(log, ["--price", "huge=1,2"]).code == 64)
  }

  @Test func textsAreShownOnlyWhereAsked() throws {
    #expect(!(try report(Self.log(), ["--format", "markdown"]).output.contains("question 1559")))
    #expect(try report(Self.log(), ["--format", "csv", "--texts"]).output.contains("question 1559"))
  }

  @Test func anEmptyLogSaysThatNothingIsKnown() throws {
    let outcome = try report([], ["--since", "14d"])
    #expect(outcome.code == 0 && outcome.output.contains("No requests"), "\(outcome.error)")
    let timeless = try report(Self.log(hasTimes: false), ["--since", "14d"])
    #expect(timeless.code == 65 && timeless.error.contains("expected timestamps"))
    #expect(try report(Self.log(hasTimes: false), []).code == 0)
  }

  @Test func aModelTellsDrift() throws {
    try Tool.withFolder { folder in
      let log = folder.appending(path: "log.jsonl")
      try Data(Self.log()).write(to: log)
      let outcome = try Tool.run([
        "report", log.path, "--model", Sample.shared.router, "--format", "json", "--fail-on", "drift",
      ])
      #expect([0, 1].contains(outcome.code), "\(outcome.error)")
      let json = try outcome.json()
      #expect((json["drift"] as? [String: Any])?["tests"] != nil, "\(outcome.error)")
    }
  }

  @Test(arguments: [
    ["--time-zone", "Mars/Olympus"], ["--target-quality", "97"], ["--budget", "-1"], ["--fail-on", "drift"],
    ["--fail-on", "budget"], ["--fail-on", "promise"], ["--since", "soon"],
  ]) func optionsOutOfRangeAreNamed(arguments: [String]) throws {
    let outcome = try Tool.run(["report", "log"] + arguments)
    #expect(outcome.code == 64 && outcome.error.contains(arguments[0]), "\(outcome.error)")
  }
}
