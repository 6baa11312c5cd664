import Foundation
import GRDB
import Ockham
import RequestLog
import Testing

@testable import ChatProtocols
@testable import Gateway
@testable import GatewayCore

/// How requests were routed, as the log says it: what estimates are made from.
@Suite struct DrawnLogTests {
  private static let identity = PolicyIdentity(model: 0xFEED, thresholds: 2, rules: 3, prices: 4)
  private let folder: TelemetryFolder

  init() throws { folder = try TelemetryFolder() }

  private func trace(_ id: String, tier: Int = 0, _ change: (inout RequestTrace) -> Void = { _ in }) -> RequestTrace {
    var trace = Traces.answered(id, tier: tier)
    trace.decision.conversation = 0xC0FFEE
    trace.decision.identity = Self.identity
    change(&trace)
    return trace
  }

  private func records(_ traces: RequestTrace...) async throws -> [LogRecord] {
    let store = try folder.store()
    for trace in traces { store.record(trace) }
    await store.close()
    let options = LogOptions(isStrict: true, featureOptions: [FeatureOptions()])
    return try LogSource(paths: [folder.database], options: options).readRecords()
  }

  @Test func everyKeyOfADraw() async throws {
    let explored = trace("explored", tier: 1) {
      $0.decision.propensity = 0.05
      $0.decision.reason = .exploration
    }
    let held = trace("held", tier: 1) {
      $0.decision.propensity = 0.05
      $0.decision.reason = .session
    }
    let pinned = trace("pinned") {
      $0.decision.reason = .rule(name: "here")
      $0.decision.allowedTiers = [0]
    }
    let outside = trace("outside") {
      $0.decision = RoutingDecision(
        tier: nil, target: "embedding", reason: .requested, allowedTiers: [], policy: "default")
      ($0.tier, $0.target, $0.attempts) = (nil, "embedding", [])
    }
    let failed = trace("failed") {
      ($0.tier, $0.target, $0.attempts) = (nil, nil, [])
      $0.status = 502
    }
    let found = try await records(trace("plain"), explored, held, pinned, outside, failed)
    #expect(found.map(\.served) == ["small", "mid", "mid", "small", "embedding", nil])
    let all = Traces.tiers
    #expect(found.map(\.allowed) == [all, all, all, ["small"], nil, all])
    #expect(found.map(\.eligible) == [true, true, false, false, false, true])
    #expect(found.map(\.propensity) == [1, 0.05, 0.05, 1, nil, nil])
    #expect(found[0].conversation == "0000000000c0ffee" && found[4].conversation == nil)
    #expect(found[0].policyHash == Self.identity.hash.hexadecimal && found[4].policyHash == nil)
    #expect(found.map { $0.outcomes.map(\.origin) } == [[.served], [.served], [.served], [.served], [.served], []])
    #expect(found.allSatisfy { $0.steps == nil })
  }

  /// What is watched is served as it is, and could have gone where the decision had a choice.
  @Test func whatIsWatched() async throws {
    let watched = trace("watched", tier: 2) {
      $0.decision.observed = ObservedDecision(tier: 0, reason: .session, propensity: 1, allowedTiers: [0, 2])
      $0.decision.reason = .observe
      $0.decision.allowedTiers = [0, 2]
    }
    let named = trace("named", tier: 2) {
      $0.decision.observed = ObservedDecision(tier: 1, reason: .cheapest, allowedTiers: [0, 1])
      $0.decision.reason = .requested
      $0.decision.allowedTiers = [2]
    }
    let found = try await records(watched, named)
    #expect(found.map(\.served) == ["frontier", "frontier"] && found.map(\.eligible) == [true, true])
    #expect(found.map(\.allowed) == [["small", "frontier"], Traces.tiers], "with the one that answered")
    let store = try folder.store()
    let rows = try store.pool.read {
      try Row.fetchAll(
        $0, sql: "SELECT tier, observed_tier, observed_reason, eligible, reason FROM decisions ORDER BY rowid")
    }
    #expect(rows.map { $0["observed_tier"] } == ["small", "mid"])
    #expect(rows.map { $0["observed_reason"] } == ["session", "cheapest_allowed"])
    #expect(rows.map { $0["reason"] } == ["observe", "requested"] && rows.map { $0["eligible"] } == [1, 1])
    await store.close()
  }

  @Test func stepsOfACascade() async throws {
    func attempt(_ tier: String, _ failure: UpstreamFailure.Kind? = nil, isJudge: Bool = false) -> Attempt {
      var attempt = Attempt(target: "mock/\(tier)-1", tier: tier, failure: failure, latencyMilliseconds: 5)
      attempt.isJudge = isJudge
      return attempt
    }
    func cascade(_ id: String, tier: Int, _ attempts: Attempt...) -> RequestTrace {
      trace(id, tier: tier) {
        $0.decision.tier = 0
        $0.decision.propensity = 0.9
        $0.isCascade = true
        $0.attempts = attempts
      }
    }
    let found = try await records(
      cascade(
        "accepted", tier: 0, attempt("small", .serverError), attempt("small"), attempt("frontier", isJudge: true)),
      cascade("escalated", tier: 2, attempt("small", .rejected), attempt("mid", .rejected), attempt("frontier")),
      cascade("elsewhere", tier: 1, attempt("small", .serverError), attempt("mid")))
    #expect(
      found.map(\.steps) == [
        [CascadeStep(tier: "small", propensity: 0.9, isAccepted: true)],
        [
          CascadeStep(tier: "small", propensity: 0.9, isAccepted: false),
          CascadeStep(tier: "mid", propensity: 1, isAccepted: false),
          CascadeStep(tier: "frontier", propensity: 1, isAccepted: true),
        ], nil,
      ])
    #expect(found[1].served == "frontier" && found[1].outcomes.map(\.name) == ["frontier", "small", "mid"])
    #expect(found[1].outcomes.map(\.origin) == [.served, nil, nil])
  }

  /// Each once, with its parts; retention leaves them.
  @Test(arguments: StoreKind.allCases)
  func whatDecidedIsListed(kind: StoreKind) async throws {
    let store = try kind.open(in: folder)
    var maker = TelemetryRecordMaker()
    for (index, prices) in [4, 4, 5, 4].enumerated() {
      let record = maker.record(
        of: trace("r\(index)") {
          $0.time = Traces.time + Double(index)
          $0.decision.identity = PolicyIdentity(model: 0xFEED, thresholds: 2, rules: 3, prices: UInt64(prices))
        }, TelemetrySettings())
      try store.write(TelemetryBatch(entries: [.request(record), .request(record)]))
    }
    _ = try store.deleteRequests(before: .infinity, limit: 10)
    let found = try await store.policies()
    #expect(found.map { $0["prices_hash"] } == [4, 5].map { .text(UInt64($0).hexadecimal) })
    #expect(found.map { $0["time"] } == [.real(Traces.time), .real(Traces.time + 2)])
    #expect(found[0]["policy_hash"] == .text(Self.identity.hash.hexadecimal))
    #expect(found[0]["model_hash"] == .text("000000000000feed"))
    store.close()
  }

  /// Files of every gateway before open, and say of old requests what was known.
  @Test(
    arguments: [
      "gateway: decisions, attempts, feedback, spend", "gateway: ledger", "gateway: refused hints",
      "gateway: flagged usage",
      "gateway: what was booked, and who rated", "gateway: labels",
    ])
  func oldFilesOpen(last migration: String) async throws {
    let queue = try DatabaseQueue(path: folder.database)
    try TelemetrySchema.migrator.migrate(queue, upTo: migration)
    try await queue.write { database in
      try database.execute(
        sql: """
          INSERT INTO decisions (request_id, time, dialect, is_stream, requested_model, policy, reason, is_cache_hit, decision_ns,
            status, latency_ms, upstream_ms, prompt_bytes, content_hash)
          VALUES ('old', 1, 'chat_completions', 0, 'auto', 'default', 'requested', 0, 1, 200, 1, 1, 1, '00')
          """)
      try database.execute(sql: "INSERT INTO requests (id, request) VALUES ('old', '{\"prompt\":\"x\"}')")
    }
    try queue.close()
    let found = try await records(trace("new"))
    #expect(found.map(\.id) == ["old", "new"] && found.map(\.served) == [nil, "small"])
    #expect(found.map(\.eligible) == [nil, true])
  }
}
