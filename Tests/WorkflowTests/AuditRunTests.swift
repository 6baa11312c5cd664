import Evaluation
import Foundation
import Ockham
import RequestLog
import TextKit
import Testing

@testable import Workflow

/// Audits of request logs, beside plain sums over what was written.
@Suite struct AuditRunTests {
  /// One request as it is written.
  private struct Entry {
    var id: String
    var time: Double?
    var served: String?
    var outputTokens = 10
    var hasCost = true
    /// Further members of the record, and of the outcome that was served.
    var more = ""
    var outcome = ""
    /// Outcomes beside the served one.
    var others = ""

    var prompt: String { String(repeating: "word ", count: 4 + 3 * (outputTokens % 5)) }
    var inputTokens: Int { prompt.utf8.count / 4 }

    func costUSD(_ model: String) -> Double {
      let (input, output) = model == "little" ? (1e-6, 4e-6) : (5e-6, 2e-5)
      return Double(inputTokens) * input + Double(outputTokens) * output
    }

    var line: String {
      var members = ["\"id\":\"\(id)\"", "\"prompt\":\"\(prompt)\""]
      if let time { members.append("\"timestamp\":\"\(CivilTime.timestamp(seconds: time))\"") }
      var outcomes: [String] = []
      if let served {
        members.append("\"served\":\"\(served)\"")
        let cost = hasCost ? ",\"cost_usd\":\(costUSD(served))" : ""
        outcomes.append("\"\(served)\":{\"output_tokens\":\(outputTokens)\(cost)\(outcome)}")
      }
      if !others.isEmpty { outcomes.append(others) }
      return "{\(members.joined(separator: ","))\(more),\"outcomes\":{\(outcomes.joined(separator: ","))}}"
    }
  }

  private static let begin = 1_767_225_600.0
  private static let day = 86_400.0

  /// Twenty days, a request every 144 minutes: one in four by the expensive model, one in five without its cost.
  private static func entries() -> [Entry] {
    (0..<200).map { number in
      Entry(
        id: "r\(number)", time: begin + Double(number) * day / 10, served: number % 4 == 0 ? "big" : "little",
        outputTokens: 10 + number % 17, hasCost: number % 5 != 0,
        more: ",\"conversation\":\"c\(number / 4)\",\"dataset\":\"\(number % 2 == 0 ? "even" : "odd")\"")
    }
  }

  private func report(
    _ entries: [Entry], _ change: (inout AuditRun.Settings) throws -> Void = { _ in }
  ) throws -> AuditReport {
    let path = FileManager.default.temporaryDirectory.appending(path: "ockham-audit-\(UUID().uuidString).jsonl").path
    try Data(entries.map(\.line).joined(separator: "\n").utf8).write(to: URL(filePath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    var settings = AuditRun.Settings()
    try change(&settings)
    return try AuditRun(settings).run(LogSource(paths: [path])).report
  }

  private static func isNear(_ left: Double?, _ right: Double) -> Bool {
    left.map { abs($0 - right) <= 1e-9 * max(1, abs(right)) } ?? false
  }

  // MARK: Dollars

  /// Prices follow from the answers whose cost is known; by them all others have one, and the strongest tier its own.
  @Test func dollarsAreWhatWasPaidAndWhatPricesSay() throws {
    let entries = Self.entries()
    let report = try report(entries)
    #expect(report.traffic.tierNames == ["little", "big"], "the cheaper tokens come first")
    #expect(report.total.requests == 200 && report.total.unpriced == 0 && report.total.conversationsBegun == 50)
    #expect(Self.isNear(report.money.spentUSD, entries.reduce(0) { $0 + $1.costUSD($1.served ?? "") }))
    #expect(Self.isNear(report.money.strongestUSD, entries.reduce(0) { $0 + $1.costUSD("big") }))
    #expect(report.money.compared == 200)
    let keys = report.traffic.totals(by: \.key)
    #expect(keys["even"]?.requests == 100 && keys["odd"]?.requests == 100 && keys.count == 2)
    #expect(!report.unknowns.contains { $0.hasPrefix("What tokens of") })
  }

  /// Without any cost nothing has a price, unless it is given.
  @Test func pricesThatAreGivenComeFirst() throws {
    var entries = Self.entries()
    for place in entries.indices { entries[place].hasCost = false }
    let without = try report(entries)
    #expect(without.total.priced == 0 && without.money.saved.value == nil)
    #expect(without.unknowns.contains { $0.hasPrefix("What tokens of big, little cost") }, "\(without.unknowns)")
    let given = try report(entries) { settings in
      settings.tiers = try TierMap(flags: ["cheap=little", "best=big"])
      settings.prices = PriceList(
        tiers: ["cheap": try #require(TokenPrice("2,8"))], models: ["big": try #require(TokenPrice("5,20"))])
    }
    #expect(given.traffic.tierNames == ["cheap", "best"] && given.total.unpriced == 0)
    let spent = entries.reduce(0) { sum, entry in
      sum + (entry.served == "little" ? 2 * entry.costUSD("little") : entry.costUSD("big"))
    }
    #expect(Self.isNear(given.money.spentUSD, spent))
    #expect(given.traffic.totals(by: \.target)["big"]?.requests == 50, "the model behind a tier is its target")
    #expect(throws: PriceListError.self) {
      try report(entries) { $0.prices = PriceList(tiers: ["huge": try #require(TokenPrice("1,1"))]) }
    }
  }

  // MARK: Periods

  @Test(arguments: [("8d", 81, 80), ("10d", 101, 99), ("12d", 121, nil), ("60d", 200, nil)] as [(String, Int, Int?)])
  func aPeriodIsComparedWithAWholeOneBefore(since: String, now: Int, before: Int?) throws {
    let report = try report(Self.entries()) { $0.since = ReplayPeriod(since) }
    #expect(report.total.requests == now && report.before?.total.requests == before)
    #expect(report.changes.isEmpty == (before == nil))
    #expect(report.traffic.period.contains(Self.begin + 199 * Self.day / 10), "the newest is part of it")
  }

  @Test func requestsWithoutATimeAreInNoPeriodOfALogOfTimes() throws {
    var entries = Self.entries()
    for place in [3, 77, 150] { entries[place].time = nil }
    let report = try report(entries)
    #expect(report.total.requests == 197)
    #expect(report.unknowns.contains { $0.hasPrefix("When 3 requests came") })
    for place in entries.indices { entries[place].time = nil }
    let timeless = try self.report(entries)
    #expect(timeless.total.requests == 200 && timeless.before == nil)
    #expect(timeless.markdown.contains("without times"))
    let error = #expect(throws: WorkflowError.self) { try self.report(entries) { $0.since = ReplayPeriod("3d") } }
    #expect(error?.exitStatus == 65 && error?.description.contains("expected timestamps for --since") == true)
  }

  /// West of Greenwich too, what has no time has no day.
  @Test func aLogWithoutTimesHasNoDay() throws {
    var entries = Self.entries()
    for place in entries.indices { entries[place].time = nil }
    let report = try report(entries) { $0.timeZone = try #require(TimeZone(identifier: "America/New_York")) }
    let days = try #require(report.tables.first { $0.name == "money_by_day" })
    #expect(days.rows.map(\.[0]) == [.text("not known")])
  }

  // MARK: Ratings

  /// Whatever a user said is shown and estimates nothing; what was drawn is weighed; what came to nothing is missing.
  @Test func ratingsAreTakenForWhatTheyAre() throws {
    func entry(_ id: String, outcome: String = "", others: String = "") -> Entry {
      Entry(id: id, time: Self.begin, served: "little", outcome: outcome, others: others)
    }
    let report = try report([
      entry("plain", outcome: ",\"quality\":1"),
      entry("user", outcome: ",\"quality\":0,\"origin\":\"feedback\""),
      entry(
        "audit", outcome: ",\"quality\":1,\"origin\":\"audit\",\"inclusion\":0.25",
        others: "\"big\":{\"quality\":0.5,\"cost_usd\":0.01,\"origin\":\"audit\",\"inclusion\":0.25}"),
      entry("missing", others: "\"big\":{\"cost_usd\":0.01,\"origin\":\"shadow\",\"inclusion\":0.5}"),
      Entry(
        id: "unserved", time: Self.begin, others: "\"little\":{\"quality\":1},\"big\":{\"quality\":1}"),
    ])
    let total = report.total
    #expect(total.requests == 5 && total.feedbacks == 1 && total.feedback == 0)
    #expect(total.drawn == 2 && total.missing == 1)
    let little = report.traffic.rated.filter { $0.key.rated == "little" && $0.key.traffic.tier == "little" }
    #expect(little.values.reduce(0) { $0 + $1.quality.count } == 2)
    #expect(Self.isNear(little.values.reduce(0) { $0 + $1.quality.weight }, 1 + 4))
    #expect(little.values.allSatisfy { $0.costError.count == 0 }, "what was served was paid, and has no error")
    let big = report.traffic.rated.filter { $0.key.rated == "big" && $0.key.traffic.tier == "little" }
    #expect(big.values.reduce(0) { $0 + $1.pairs.count } == 1)
    #expect(report.unknowns.contains { $0.hasPrefix("Who answered 1 requests") }, "\(report.unknowns)")
    #expect(report.unknowns.contains { $0.hasPrefix("How 2 rated requests were picked") }, "\(report.unknowns)")
  }

  // MARK: Tiers

  @Test func tiersAreInTheOrderThatIsKnown() {
    var evidence = AuditTiers.Evidence()
    evidence.names = ["frontier", "small"]
    func names(_ map: TierMap? = nil, model: [String]? = nil) -> [String] {
      AuditTiers(evidence, map: map, model: model, prices: nil).names
    }
    #expect(names() == ["small", "frontier"], "names that have a meaning")
    #expect(names(model: ["b", "a"]) == ["b", "a"])
    evidence.names = ["small", "nano", "unknown", "big"]
    evidence.costs = ["small": (2, 0.4), "nano": (1, 0.1), "big": (3, 9), "unknown": (0, 0)]
    #expect(names() == ["nano", "small", "big", "unknown"], "by what answers cost, the unknown last")
    var other = AuditTiers.Evidence()
    (other.costs, other.ordered) = (["nano": (1, 8)], ["x", "y"])
    evidence.merge(other)
    #expect(evidence.costs["nano"]?.count == 2 && evidence.costs["nano"]?.sumUSD == 8.1)
    #expect(names() == ["x", "y"], "what a log says of the order counts")
  }

  @Test func conversationsBeginOnce() {
    var turns = FirstTurns()
    #expect(
      ["a", nil, "b", "a", nil, "b", "c"].map { turns.begins($0) } == [true, false, true, false, false, false, true])
    #expect(!turns.isFull)
  }
}
