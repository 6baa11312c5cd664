import Foundation
import GRDB
import Testing

@testable import Gateway
@testable import GatewayCore

/// What is kept of a conversation or a key goes when that is asked for, and all that belongs to it.
@Suite(.timeLimit(.minutes(20)))
struct ForgettingTests {
  private let folder: TelemetryFolder

  init() throws { folder = try TelemetryFolder() }

  private func trace(_ id: String, conversation: UInt64, key: String = "alice", prompt: String = "what?")
    -> RequestTrace
  {
    var trace = Traces.answered(id, prompt: prompt, key: key)
    trace.decision.conversation = conversation
    return trace
  }

  /// Everything that a request can bring with it.
  private func entries(_ traces: RequestTrace...) -> [TelemetryBatch.Entry] {
    var maker = TelemetryRecordMaker()
    return traces.flatMap { trace -> [TelemetryBatch.Entry] in
      let label = ShadowLabel(
        requestID: trace.id, outcomes: [.init(name: "mid", quality: 1, origin: .shadow, inclusion: 0.5)],
        servedQuality: 1, servedInclusion: 0.5, labelRate: 0.5, auditRate: 0)
      let feedback = Feedback(requestID: trace.id, quality: 1, source: "quality", time: 1, key: trace.key)
      let rating = GivenRating(requestID: trace.id, quality: 1, rater: "ann", time: 1)
      return [
        .request(maker.record(of: trace, TelemetrySettings())), .label(label), .feedback(feedback), .rating(rating),
      ]
    }
  }

  private func left(_ ids: [String], in store: any TelemetryStore) async throws -> [String] {
    var left: [String] = []
    for id in ids where try await store.request(id) != nil { left.append(id) }
    return left
  }

  @Test(arguments: StoreKind.allCases, ["00000000000000c1", "r1", "r2"])
  func aConversation(kind: StoreKind, name: String) async throws {
    let store = try kind.open(in: folder)
    try store.write(
      TelemetryBatch(
        entries: entries(
          trace("r1", conversation: 0xC1), trace("r2", conversation: 0xC1), trace("r3", conversation: 0xC2)),
        spending: [KeySpending(key: "alice", day: 1)]))
    #expect(try store.forget(.conversation("00000000000000c9"), limit: 9) == 0)
    #expect(try store.forget(.conversation(""), limit: 9) == 0)
    #expect(try store.forget(.conversation("%' OR 1 --"), limit: 9) == 0)
    #expect(try store.forget(.conversation(name), limit: 1) == 2, "a conversation goes as a whole")
    #expect(try await left(["r1", "r2", "r3"], in: store) == ["r3"])
    #expect(try store.forget(.conversation(name), limit: 9) == 0)
    #expect(try await store.spending(sinceDay: 0).map(\.key) == ["alice"])
    #expect(try await store.labelSpending(since: 0).labels == 1)
    store.close()
  }

  @Test(arguments: StoreKind.allCases)
  func aKey(kind: StoreKind) async throws {
    let store = try kind.open(in: folder)
    let ids = (0..<5).map { "r\($0)" }
    var used = KeySpending(key: "alice", day: 1)
    (used.requests, used.costUSD) = (5, 0.5)
    var nobodys = KeySpending(key: "", day: 1)
    (nobodys.requests, nobodys.costUSD) = (1, 0.25)
    for id in ids { try store.write(TelemetryBatch(entries: entries(trace(id, conversation: 1)))) }
    try store.write(
      TelemetryBatch(entries: entries(trace("bobs", conversation: 1, key: "bob")), spending: [used, nobodys]))
    let alice = ForgottenSubject.key("alice", keepsBudget: true)
    #expect(try store.forget(.key("carol", keepsBudget: false), limit: 9) == 0)
    #expect(try store.forget(alice, limit: 3) == 3)
    #expect(try await left(ids, in: store).count == 2)
    #expect(try await store.spending(sinceDay: 0).map(\.key) == ["", "alice"], "until the last is gone")
    #expect(try store.forget(alice, limit: 3) == 2)
    #expect(try await left(ids + ["bobs"], in: store) == ["bobs"])
    let spent = try await store.spending(sinceDay: 0)
    #expect(spent.map(\.key) == [""] && spent.map(\.costUSD) == [0.75] && spent.map(\.requests) == [6])
    store.close()
  }

  /// No table and no page of the file has a trace of what was forgotten, while a gateway goes on writing.
  @Test(arguments: ["conversation", "request", "key"])
  func theWholeFile(way: String) async throws {
    let (secret, other) = ("zyzzyva quidnunc", "floccinaucinihilipilification")
    let gateway = try folder.store(TelemetrySettings(prompts: .full))
    gateway.record(trace("r1", conversation: 0xC1, key: "mallory", prompt: secret))
    try await gateway.feedback(Feedback(requestID: "r1", quality: 1, source: "quality", time: 1, key: "mallory"))
    gateway.record(trace("r2", conversation: 0xC2, prompt: other))
    await gateway.flush()
    #expect(bytes().range(of: Data(secret.utf8)) != nil)
    let name: ForgottenName =
      switch way {
      case "conversation": .conversation("00000000000000c1")
      case "request": .conversation("r1")
      default: .key("mallory")
      }
    let text = try Application.forget(name, try options(), pauseSeconds: 0)
    #expect(text.hasPrefix("\(folder.database): 1 requests of the ") && text.contains("forgotten"), "\(text)")
    #expect(bytes().range(of: Data(secret.utf8)) == nil)
    #expect(bytes().range(of: Data(other.utf8)) != nil)
    if way == "key" { #expect(bytes().range(of: Data("mallory".utf8)) == nil) }
    gateway.record(trace("r3", conversation: 0xC1, prompt: "and on it goes"))
    await gateway.flush()
    #expect(gateway.counters.failed == 0)
    #expect(try await left(["r1", "r2", "r3"], in: gateway.store) == ["r2", "r3"])
    let again = try Application.forget(name, try options(), pauseSeconds: 0)
    #expect(again.contains("\(way == "conversation" ? 1 : 0) requests"))
    await gateway.close()
  }

  private func bytes() -> Data {
    ["", "-wal"].compactMap { FileManager.default.contents(atPath: folder.database + $0) }.reduce(Data(), +)
  }

  private func options(telemetry: String? = nil, keys: String = "") throws -> GatewayOptions {
    let path = folder.path + "/gateway.yaml"
    let text = """
      providers: {mock: {kind: mock}}
      tiers: [{name: small, targets: [mock/a]}]
      telemetry: {path: \(telemetry ?? folder.database)}
      \(keys)
      """
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return GatewayOptions(configurationPath: path, environment: [:])
  }

  /// Budgets count on for a key that is in use, and are gone with one that is not.
  @Test(arguments: [true, false]) func budgets(isConfigured: Bool) async throws {
    let file = try SQLiteFile(path: folder.database)
    file.open()
    defer { file.close() }
    try await file.pool.write { database in
      try database.execute(
        sql:
          "INSERT INTO ledger (key_name, day, cost_usd, unpriced_requests) VALUES ('alice', 1, 0.5, 0), ('bob', 1, 1, 0)"
      )
    }
    let keys = isConfigured ? "keys: [{name: alice, sha256: \(String(repeating: "0", count: 64))}]" : ""
    let text = try Application.forget(.key("alice"), try options(keys: keys), pauseSeconds: 0)
    #expect(text.contains("still configured") == isConfigured)
    let left = try await file.pool.read {
      try String.fetchAll($0, sql: "SELECT key_name FROM ledger ORDER BY key_name")
    }
    #expect(left == (isConfigured ? ["alice", "bob"] : ["bob"]))
  }

  /// A conversation of a gateway that noted those alone that it followed.
  @Test func oldRows() throws {
    let queue = try DatabaseQueue(path: folder.database)
    try TelemetrySchema.migrator.migrate(queue, upTo: "gateway: labels")
    try queue.write { database in
      for (id, session) in [("r1", "'00000000000000c1'"), ("r2", "'00000000000000c1'"), ("r3", "NULL"), ("r4", "NULL")]
      {
        try database.execute(
          sql: """
            INSERT INTO decisions (request_id, time, dialect, is_stream, requested_model, policy, reason, is_cache_hit,
              decision_ns, status, latency_ms, upstream_ms, prompt_bytes, content_hash, session)
            VALUES ('\(id)', 1, 'chat_completions', 0, 'auto', 'default', 'requested', 0, 1, 200, 1, 1, 1, '00', \(session))
            """)
      }
    }
    try queue.close()
    let store = SQLiteTelemetry(try SQLiteFile(path: folder.database))
    #expect(try store.forget(.conversation("r3"), limit: 9) == 1, "no other is known to belong to it")
    #expect(try store.forget(.conversation("r1"), limit: 9) == 2)
    store.close()
  }

  @Test func nothingToForget() throws {
    let none = #expect(throws: StartFailure.self) { try Application.forget(.key("a"), try options()) }
    #expect(none?.exitStatus == 66 && !FileManager.default.fileExists(atPath: folder.database))
    let off = #expect(throws: StartFailure.self) {
      try Application.forget(.key("a"), try options(telemetry: "null"))
    }
    #expect(off?.exitStatus == 65 && off?.description.contains("telemetry.path") == true)
  }
}
