import GRDB
import Logging
import Testing

@testable import Gateway
@testable import GatewayCore

/// Every kind of store of hints, made for a test.
enum HintStoreKind: CaseIterable {
  case memory, sqlite

  func open(in folder: TelemetryFolder) throws -> any HintStore {
    switch self {
    case .memory: MemoryHints()
    case .sqlite: try folder.hints()
    }
  }
}

extension TelemetryFolder {
  func hints() throws -> SQLiteHints {
    try SQLiteHints(
      SQLiteFile(path: database, lockSeconds: 1), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
  }
}

/// What every kind of store of hints guarantees.
struct HintStoreTests {
  private static let place = HintPlace(target: "t", fingerprint: "1")
  private static let other = HintPlace(target: "u", fingerprint: "1")
  private static let week = 7 * 86_400.0
  private let folder: TelemetryFolder

  init() throws { folder = try TelemetryFolder() }

  @Test(arguments: HintStoreKind.allCases) func eachTargetHasItsOwn(kind: HintStoreKind) async throws {
    let store = try kind.open(in: folder)
    store.add("seed", of: Self.place, at: 10)
    store.add("top_p", of: Self.other, at: 20)
    store.add("seed", of: Self.place, at: 30)
    #expect(store.hints(of: Self.place, at: 40) == ["seed": 30])
    #expect(store.hints(of: Self.other, at: 40) == ["top_p": 20])
    await store.close()
  }

  @Test(arguments: HintStoreKind.allCases) func theyEndAfterAWeek(kind: HintStoreKind) async throws {
    let store = try kind.open(in: folder)
    store.add("seed", of: Self.place, at: 0)
    store.add("top_p", of: Self.place, at: 100)
    #expect(store.hints(of: Self.place, at: Self.week - 1).count == 2)
    #expect(store.hints(of: Self.place, at: Self.week) == ["top_p": 100])
    // What ended does not come back.
    #expect(store.hints(of: Self.place, at: 200) == ["top_p": 100])
    await store.close()
  }

  @Test(arguments: HintStoreKind.allCases) func anotherModelOrAddressBeginsAnew(kind: HintStoreKind) async throws {
    let store = try kind.open(in: folder)
    store.add("seed", of: Self.place, at: 0)
    store.add("seed", of: Self.other, at: 0)
    #expect(store.hints(of: HintPlace(target: "t", fingerprint: "2"), at: 1).isEmpty)
    #expect(store.hints(of: Self.place, at: 1).isEmpty)
    #expect(store.hints(of: Self.other, at: 1).count == 1)
    await store.close()
  }

  @Test(arguments: HintStoreKind.allCases) func theOldestGoFirst(kind: HintStoreKind) async throws {
    let store = try kind.open(in: folder)
    for number in 0..<1100 { store.add("h\(number)", of: Self.place, at: Double(number)) }
    let kept = store.hints(of: Self.place, at: 1100)
    #expect(kept.count == 1024 && kept["h75"] == nil && kept["h76"] == 76 && kept["h1099"] == 1099)
    await store.close()
  }

  @Test func theFileOutlivesTheProcess() async throws {
    let first = try folder.hints()
    first.add("seed", of: Self.place, at: 0)
    first.add("top_p", of: Self.place, at: 5)
    first.add("top_k", of: Self.other, at: 5)
    await first.close()
    let second = try folder.hints()
    #expect(second.hints(of: Self.place, at: Self.week + 1) == ["top_p": 5])
    #expect(second.hints(of: HintPlace(target: "u", fingerprint: "9"), at: 10).isEmpty)
    await second.close()
    let count = try await DatabaseQueue(path: folder.database).read {
      try Int.fetchOne($0, sql: "SELECT count(*) FROM refused_hints")
    }
    #expect(count == 1)
  }

  /// Over HTTP: what one gateway was refused, the next one with the file does not send.
  @Test(.timeLimit(.minutes(20))) func aRestartNeedsNoRefusal() async throws {
    let upstream = try await FaultUpstream.start { _, request in
      String(decoding: request.body, as: UTF8.self).contains("temperature")
        ? [
          FaultUpstream.answer(
            #"{"error":{"message":"'temperature' is not supported","param":"temperature"}}"#, status: "400 Bad")
        ] : [FaultUpstream.completion("hello")]
    }
    let body = #"{"model":"small","temperature":0,"messages":[{"role":"user","content":"hi"}]}"#
    for count in [2, 3] {
      let hints = try folder.hints()
      let gateway = try await TestGateway.start(.testing(upstream.baseURL), hints: hints)
      #expect(try await gateway.send("/v1/chat/completions", body).status == 200)
      #expect(upstream.requests.count == count)
      gateway.stop()
      await gateway.end()
      await hints.close()
    }
    // Another model may take it.
    var configuration = GatewayConfiguration.testing(upstream.baseURL)
    configuration.tiers[0].targets[0].model = "gpt-4o"
    let hints = try folder.hints()
    let gateway = try await TestGateway.start(configuration, hints: hints)
    #expect(try await gateway.send("/v1/chat/completions", body).status == 200)
    #expect(upstream.requests.count == 5)
    gateway.stop()
    await gateway.end()
    await hints.close()
  }
}
