import Foundation
import GRDB
import Ockham
import RequestLog
import Testing
import TextKit

@testable import ChatProtocols
@testable import Gateway
@testable import GatewayCore

/// What stands in the file, table by table.
@Suite struct SQLiteTelemetryTests {
  private let folder: TelemetryFolder

  init() throws { folder = try TelemetryFolder() }

  /// The first row of a query, as text.
  private func row(_ sql: String, _ store: TelemetryRecorder) throws -> [String: String] {
    let row = try #require(try store.pool.read { try Row.fetchOne($0, sql: sql) })
    return Dictionary(uniqueKeysWithValues: row.map { ($0, String.fromDatabaseValue($1) ?? "\($1)") })
  }

  private func count(_ table: String, _ store: TelemetryRecorder) throws -> Int {
    try store.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM \(table)") ?? -1 }
  }

  @Test func everyColumnOfADecision() async throws {
    let store = try folder.store()
    var trace = Traces.escalated("r1")
    trace.decision.rules = ["long \"texts\"", "night"]
    trace.decision.task = .code
    trace.decision.session = 7
    trace.decision.isFromCache = true
    trace.decision.expectedCostsUSD = [0.001, 0.002, nil]
    trace.errorCode = .streamInterrupted
    trace.bookedUSD = 0.0025
    trace.decision.conversation = 9
    let identity = PolicyIdentity(model: 1, thresholds: 2, rules: 3, prices: 4)
    trace.decision.identity = identity
    trace.decision.observed = ObservedDecision(tier: 1, reason: .session, allowedTiers: [0, 1, 2])
    // What answered was in the strongest tier: what was paid there counts. Of the cheapest no price is known.
    var price = Price(input: 1e-6, output: 1e-6)
    (price.cachedInput, price.cacheWrite) = (1e-6, 1e-6)
    trace.references = ReferencePrices([
      .init(tier: "small", price: nil), .init(tier: "mid", price: price), .init(tier: "frontier", price: price),
    ])
    store.record(trace)
    await store.flush()
    let expected = [
      "request_id": "r1", "time": "1740830400.0", "dialect": "chat_completions", "is_stream": "0",
      "requested_model": "auto", "key_name": "alice", "policy": "default", "reason": "gain_below_threshold",
      "rules": #"["long \"texts\"","night"]"#, "tier": "small", "target": "NULL",
      "probabilities": #"{"small":0.75,"mid":0.875,"frontier":0.96875}"#, "gain": "0.125", "threshold": "0.25",
      "propensity": "1.0", "task": "code", "model_hash": "000000000000feed", "expected_cost_usd": "0.001",
      "is_cache_hit": "1", "session": "0000000000000007", "decision_ns": "9000", "answered_tier": "frontier",
      "answered_target": "mock/frontier-1", "status": "200", "error_code": "stream_interrupted",
      "finish_reason": "stop", "ttft_ms": "30.0", "latency_ms": "250.0", "upstream_ms": "249.5", "input_tokens": "100",
      "output_tokens": "40", "cached_input_tokens": "10", "cache_write_tokens": "5", "reasoning_tokens": "8",
      "cost_usd": "0.0015", "booked_usd": "0.0025", "usage_flagged": "0", "prompt_bytes": "11",
      "content_hash": String(trace.request.contentHash, radix: 16), "conversation": "0000000000000009",
      "policy_hash": identity.hash.hexadecimal, "eligible": "1", "observed_tier": "mid",
      "observed_reason": "session", "begins_conversation": "1", "strongest_usd": "0.0015", "cheapest_usd": "NULL",
      "tier_usd": #"{"small":null,"mid":0.00014,"frontier":0.0015}"#,
    ]
    let found = try row("SELECT * FROM decisions", store)
    for (column, value) in found where column != "content_hash" { #expect(value == expected[column], "\(column)") }
    #expect(Set(found.keys) == Set(expected.keys))
    #expect(
      try row("SELECT content_hash h FROM decisions", store)["h"]?.hasSuffix(expected["content_hash"] ?? "-") == true)
    let attempts = try store.pool.read {
      try Row.fetchAll($0, sql: "SELECT target, failure, status FROM attempts ORDER BY position")
    }
    #expect(attempts.map { $0["target"] } == ["mock/small-1", "mock/frontier-1"])
    #expect(attempts.map { $0["failure"] as String? } == ["server_error", nil])
    // Another tier answered than was drawn: no propensity for the log.
    #expect(try row("SELECT propensity p, dataset d FROM requests", store) == ["p": "NULL", "d": "alice"])
  }

  @Test(arguments: TelemetryConfiguration.Prompts.allCases)
  func whatIsKeptOfAPrompt(prompts: TelemetryConfiguration.Prompts) async throws {
    let store = try folder.store(TelemetrySettings(prompts: prompts))
    let secret = "zyzzyva quidnunc"
    store.record(Traces.answered("r1", prompt: secret))
    await store.close()
    let bytes = ["", "-wal"].compactMap { FileManager.default.contents(atPath: folder.database + $0) }
      .reduce(Data(), +)
    let options = LogOptions(featureOptions: [FeatureOptions()])
    let stream = try LogSource(paths: [folder.database], options: options).readRecords()
    #expect((bytes.range(of: Data(secret.utf8)) != nil) == (prompts == .full))
    switch prompts {
    case .full: #expect(stream.map(\.request) == [Request(prompt: secret)] && stream[0].features == nil)
    case .features:
      #expect(stream.map(\.contentHash) == [Request(prompt: secret).contentHash])
      #expect(stream[0].features != nil && stream[0].request.segments.isEmpty)
    case .none: #expect(stream.isEmpty)
    }
  }

  @Test func outcomesNameTheTierThatAnswered() async throws {
    let store = try folder.store()
    store.record(Traces.escalated("up"))
    var direct = Traces.answered("direct")
    direct.tier = nil
    direct.attempts = []
    store.record(direct)
    var cascade = Traces.answered("cascade", tier: 1)
    cascade.attempts.insert(
      Attempt(
        target: "mock/small-1", tier: "small", failure: .rejected, latencyMilliseconds: 5,
        usage: TokenUsage(inputTokens: 1, outputTokens: 2), costUSD: 0.25), at: 0)
    store.record(cascade)
    await store.close()
    let records = try LogSource(paths: [folder.database], options: LogOptions(featureOptions: [FeatureOptions()]))
      .readRecords()
    #expect(
      records.map(\.outcomes) == [
        [
          ModelOutcome(
            name: "frontier", costUSD: 0.0015, outputTokens: 40, latencyMilliseconds: 248, origin: .served)
        ],
        [
          ModelOutcome(
            name: "mock/small-1", costUSD: 0.0005, outputTokens: 40, latencyMilliseconds: 250, origin: .served)
        ],
        [
          ModelOutcome(name: "mid", costUSD: 0.001, outputTokens: 40, latencyMilliseconds: 248, origin: .served),
          ModelOutcome(name: "small", costUSD: 0.25, outputTokens: 2, latencyMilliseconds: 5),
        ],
      ])
    #expect(records.map(\.timestamp) == Array(repeating: "2025-03-01T12:00:00Z", count: 3))
  }

  @Test func lastFeedbackCounts() async throws {
    let store = try folder.store()
    store.record(Traces.escalated("r1"))
    // While the request still waits, and once it is written.
    try await store.feedback(Feedback(requestID: "r1", quality: 1, source: "thumbs", time: 1, key: "alice"))
    await store.flush()
    try await store.feedback(Feedback(requestID: "r1", quality: 0.25, source: "edited", time: 2, key: "alice"))
    await store.close()
    let queue = try DatabaseQueue(path: folder.database)
    let (kept, qualities) = try await queue.read { database in
      (
        try String.fetchAll(database, sql: "SELECT source FROM feedback ORDER BY id"),
        try Row.fetchAll(database, sql: "SELECT name, quality FROM outcomes").map {
          "\($0["name"] as String) \($0["quality"] as Double)"
        }
      )
    }
    #expect(kept == ["edited"] && qualities == ["frontier 0.25"])
  }

  @Test func feedbackThatIsRefused() async throws {
    let store = try folder.store(queueRecords: 1)
    let unknown = await gatewayError {
      try await store.feedback(Feedback(requestID: "r1", quality: 1, source: "quality", time: 0, key: "alice"))
    }
    #expect(unknown?.code == .unknownRequestID && unknown?.status == 404)
    store.record(Traces.answered("r1"))
    for quality in [-0.1, 1.1, .nan] {
      let error = await gatewayError {
        try await store.feedback(Feedback(requestID: "r1", quality: quality, source: "quality", time: 0, key: "alice"))
      }
      #expect(error?.code == .invalidValue && error?.status == 400)
    }
    let full = await gatewayError {
      try await store.feedback(Feedback(requestID: "r1", quality: 1, source: "quality", time: 0, key: "alice"))
    }
    #expect(full?.code == .overloaded && store.counters.dropped == 1)
  }

  @Test func spendingOutlivesTheProgram() async throws {
    let store = try folder.store(queueRecords: 3)
    let day = KeySpending.day(ofTime: Traces.time)
    store.record(Traces.answered("a"))
    var unpriced = Traces.answered("b", tier: 1)
    unpriced.costUSD = nil
    store.record(unpriced)
    store.record(Traces.answered("c", time: Traces.time - 86_400, key: nil))
    // Dropped, but spent all the same.
    store.record(Traces.answered("d"))
    #expect(store.counters == TelemetryCounters(dropped: 1, queued: 3))
    await store.flush()
    store.record(Traces.answered("e", tier: 2))
    await store.close()
    #expect(store.counters.written == 4)
    let reopened = try folder.store()
    let spent = try await reopened.spending(sinceDay: day)
    var expected = KeySpending(key: "alice", day: day)
    (expected.requests, expected.unpricedRequests) = (4, 1)
    (expected.inputTokens, expected.outputTokens, expected.costUSD) = (400, 160, 0.0005 + 0.0005 + 0.0015)
    #expect(spent == [expected])
    #expect(try await reopened.spending(sinceDay: day - 1).map(\.key) == ["", "alice"])
  }

  @Test func repeatedIDsAreWrittenOnce() async throws {
    let store = try folder.store()
    store.record(Traces.answered("a"))
    store.record(Traces.answered("a", tier: 2))
    await store.flush()
    #expect(try count("decisions", store) == 1 && count("outcomes", store) == 1 && count("attempts", store) == 1)
  }

  @Test func retentionDeletesTheOldest() async throws {
    let store = try folder.store(TelemetrySettings(retentionDays: 2))
    let old = TelemetryRecorder.deletedRows + 5
    for index in 0..<old { store.record(Traces.answered("old\(index)", time: Traces.time - 2 * 86_400 - 1)) }
    for index in 0..<3 { store.record(Traces.answered("new\(index)", time: Traces.time - 2 * 86_400)) }
    await store.flush()
    try await store.feedback(Feedback(requestID: "old0", quality: 1, source: "quality", time: 0, key: "alice"))
    await store.flush()
    await store.deleteExpired()
    for (table, rows) in [("decisions", 3), ("requests", 3), ("outcomes", 3), ("attempts", 3), ("feedback", 0)] {
      #expect(try count(table, store) == rows, "\(table)")
    }
    #expect(store.counters.deleted == old)
    #expect(try count("spend", store) == 1)
    let gone = await gatewayError {
      try await store.feedback(Feedback(requestID: "old0", quality: 1, source: "quality", time: 0, key: "alice"))
    }
    #expect(gone?.code == .unknownRequestID)
  }

  /// A log of the command line becomes the gateway's file, and the command line can still add to it.
  @Test func theFileIsAnyLog() async throws {
    for (round, id) in ["before", "after"].enumerated() {
      let writer = try SQLiteWriter(path: folder.database, mode: .append)
      try writer.write(LogRecord(id: id, request: Request(prompt: "x"), outcomes: [ModelOutcome(name: "small")]))
      try writer.finish()
      let store = try folder.store(TelemetrySettings(prompts: .full))
      store.record(Traces.answered("r\(round)"))
      await store.close()
    }
    let records = try LogSource(paths: [folder.database]).readRecords()
    #expect(records.map(\.id) == ["before", "r0", "after", "r1"])
  }

  @Test func theFileIsItsOwners() async throws {
    let store = try folder.store()
    store.record(Traces.answered("r1"))
    await store.flush()
    for suffix in ["", "-wal"] {
      let attributes = try FileManager.default.attributesOfItem(atPath: folder.database + suffix)
      #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
    }
  }

  /// Threads record while the writer writes: nothing is lost, and order within a thread stays.
  @Test func recordingFromManyThreads() async throws {
    let store = TelemetryRecorder(
      SQLiteTelemetry(try SQLiteFile(path: folder.database)), settings: TelemetrySettings(), queueRecords: 100_000,
      pauseSeconds: 0, logger: .init(label: "test"))
    await withTaskGroup { group in
      for thread in 0..<4 {
        group.addTask {
          for index in 0..<500 {
            store.record(Traces.answered("t\(thread) \(1000 + index)"))
            let feedback = Feedback(
              requestID: "t\(thread) \(1000 + index)", quality: 1, source: "quality", time: 0, key: "alice")
            let error = await gatewayError { try await store.feedback(feedback) }
            #expect(error == nil)
          }
        }
      }
    }
    await store.flush()
    #expect(store.counters == TelemetryCounters(written: 4000))
    let rated = "(SELECT 1 FROM outcomes WHERE quality = 1)"
    #expect(try count(rated, store) == 2000 && count("feedback", store) == 2000)
    let ids = try await store.pool.read {
      try String.fetchAll($0, sql: "SELECT id FROM requests WHERE id LIKE 't0 %' ORDER BY rowid")
    }
    #expect(ids == ids.sorted() && ids.count == 500)
    #expect(try await store.spending(sinceDay: 0).map(\.requests) == [2000])
  }

  @Test func nothingAfterClosing() async throws {
    let logs = LogLines()
    let store = try folder.store(TelemetrySettings(retentionDays: 1), logs: logs)
    await store.close()
    store.record(Traces.answered("a"))
    await store.flush()
    await store.deleteExpired()
    await store.close()
    #expect(store.counters == TelemetryCounters(dropped: 1) && logs.all.isEmpty)
  }
}

extension LogSource {
  /// All records, of which there may be none.
  func readRecords() throws -> [LogRecord] {
    var records: [LogRecord] = []
    _ = try forEachRecord { records.append($0) }
    return records
  }
}
