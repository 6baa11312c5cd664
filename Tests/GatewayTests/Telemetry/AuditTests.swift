import Evaluation
import Foundation
import GRDB
import RequestLog
import Testing
import Workflow

@testable import ChatProtocols
@testable import Gateway
@testable import GatewayCore

/// A gateway's database as an audit reads it: decisions, attempts, labels, also where nothing of requests is kept.
@Suite(.timeLimit(.minutes(20))) struct AuditTests {
  private let folder: TelemetryFolder

  init() throws { folder = try TelemetryFolder() }

  private static let day = 86_400.0

  /// Two weeks: half of the requests to each of two tiers, tokens and dollars by price, one in five labelled.
  private func write(_ settings: TelemetrySettings, requests: Int = 100, labels: Bool = true) async throws {
    let store = try folder.store(settings)
    for index in 0..<requests {
      var trace = Traces.answered(
        "r\(index)", prompt: "question \(index)", tier: index % 2 == 0 ? 0 : 2,
        time: Traces.time + Double(index) * 14 * Self.day / Double(requests), key: index % 3 == 0 ? nil : "alice")
      let (input, output) = (100 + index * 7, 20 + (index * 13) % 60)
      let usage = TokenUsage(inputTokens: input, outputTokens: output)
      let cost = Self.cost(tier: index % 2 == 0 ? 0 : 2, input, output)
      (trace.usage, trace.costUSD) = (usage, cost)
      (trace.attempts[0].usage, trace.attempts[0].costUSD) = (usage, cost)
      trace.decision.conversation = UInt64(index / 4 + 1)
      store.record(trace)
      if labels, index % 5 == 0 { store.label(Self.label("r\(index)", tier: index % 2 == 0 ? 0 : 2)) }
    }
    await store.close()
  }

  static func cost(tier: Int, _ input: Int, _ output: Int) -> Double {
    tier == 0 ? Double(input) * 1e-7 + Double(output) * 4e-7 : Double(input) * 2e-6 + Double(output) * 8e-6
  }

  private static func label(_ id: String, tier: Int) -> ShadowLabel {
    ShadowLabel(
      requestID: id,
      outcomes: [
        .init(
          name: tier == 0 ? "frontier" : "small", quality: 1, costUSD: 0.002, origin: .audit, inclusion: 0.2,
          judgeUSD: 0.001)
      ], servedQuality: 1, servedInclusion: 0.2, labelRate: 0.5, auditRate: 0.2)
  }

  private func report(_ change: (inout AuditRun.Settings) -> Void = { _ in }) throws -> AuditReport {
    var settings = AuditRun.Settings()
    change(&settings)
    return try AuditRun(settings).run(LogSource(paths: [folder.database])).report
  }

  private func number(_ sql: String) throws -> Double {
    try DatabaseQueue(path: folder.database).read { try Double.fetchOne($0, sql: sql) ?? .nan }
  }

  @Test(arguments: TelemetryConfiguration.Prompts.allCases)
  func decisionsAreAddedUpWhateverIsKept(prompts: TelemetryConfiguration.Prompts) async throws {
    try await write(TelemetrySettings(prompts: prompts))
    let report = try report()
    #expect(report.total.requests == 100 && report.total.unpriced == 0)
    #expect(abs(report.money.spentUSD - (try number("SELECT sum(cost_usd) FROM decisions"))) < 1e-12)
    // What the strongest tier had taken follows from what its own answers took.
    let strongest = (0..<100).reduce(0) { $0 + Self.cost(tier: 2, 100 + $1 * 7, 20 + ($1 * 13) % 60) }
    #expect(abs(report.money.strongestUSD / strongest - 1) < 1e-9 && report.money.compared == 100)
    #expect(abs(report.money.labelUSD - (try number("SELECT sum(cost_usd) FROM labels"))) < 1e-12)
    #expect(report.total.drawn == 20 && report.total.conversationsBegun == 25)
    #expect(report.quality.ratings == (prompts == .none ? 0 : 20))
    #expect(report.unknowns.contains { $0.hasPrefix("Ratings:") } == (prompts == .none))
    #expect(report.traffic.tierNames == Traces.tiers)
  }

  @Test func periodsAreCountedBackAndCompared() async throws {
    try await write(TelemetrySettings(prompts: .none))
    let report = try report { $0.since = ReplayPeriod("6d") }
    let begin = report.traffic.period.lowerBound
    #expect(Double(report.total.requests) == (try number("SELECT count(*) FROM decisions WHERE time >= \(begin)")))
    let before = try #require(report.before)
    #expect(
      Double(before.total.requests)
        == (try number("SELECT count(*) FROM decisions WHERE time < \(begin) AND time >= \(begin - 6 * Self.day)")))
    #expect(report.changes.contains { $0.name == "spent" && $0.before != nil })
    #expect(try self.report { $0.since = ReplayPeriod("10d") }.before == nil, "the log does not reach back so far")
  }

  @Test func textsAreShownWhereTheyAreKeptAndAskedFor() async throws {
    try await write(TelemetrySettings(prompts: .full), requests: 20)
    #expect(try report().options.texts.isEmpty)
    let texts = try report { $0.showsTexts = true }.options.texts
    #expect(texts["r19"] == "question 19")
    #expect(!(try report().html.contains("question 1")))
    #expect(try report { $0.showsTexts = true }.html.contains("question 19"))
  }

  @Test func rejectedAnswersAndFailuresArePartOfIt() async throws {
    let store = try folder.store(TelemetrySettings(prompts: .none))
    var trace = Traces.answered("escalated", tier: 2)
    trace.attempts.insert(
      Attempt(
        target: "mock/small-1", tier: "small", failure: .rejected, status: 200, latencyMilliseconds: 7,
        usage: TokenUsage(inputTokens: 10, outputTokens: 10), costUSD: 0.0003), at: 0)
    trace.costUSD = 0.0018
    store.record(trace)
    var failed = Traces.answered("failed")
    (failed.status, failed.target, failed.tier, failed.costUSD, failed.attempts) = (503, nil, nil, nil, [])
    failed.bookedUSD = 0
    store.record(failed)
    await store.close()
    let total = try report().total
    #expect(total.escalations == 1 && abs(total.rejectedUSD - 0.0003) < 1e-12 && total.failures == 1)
    #expect(total.unpriced == 0 && abs(total.costUSD - 0.0018) < 1e-12)
  }

  @Test func anEmptyDatabaseSaysThatNothingIsKnown() async throws {
    let store = try folder.store()
    await store.close()
    let report = try report()
    #expect(report.total.requests == 0 && report.headline[0].hasPrefix("No requests"))
    #expect(report.options.alerts == [] && report.options.arms == [])
  }

  /// A database of the first gateways has fewer columns and tables.
  @Test func olderDatabasesAreRead() async throws {
    try await write(TelemetrySettings(prompts: .none), requests: 10)
    try await DatabaseQueue(path: folder.database).write { database in
      for table in ["labels", "alerts", "experiment_turns", "canary_turns"] {
        try database.execute(sql: "DROP TABLE \(table)")
      }
      for column in ["conversation", "eligible", "observed_tier", "booked_usd"] {
        try database.execute(sql: "ALTER TABLE decisions DROP COLUMN \(column)")
      }
    }
    let report = try report()
    #expect(report.total.requests == 10 && report.options.alerts == nil && report.options.arms == nil)
    #expect(report.money.saved.value != nil)
  }
}
