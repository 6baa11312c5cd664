import Foundation
import GatewayCore
import Testing

@testable import Gateway

/// Every kind of store, made for a test.
enum StoreKind: CaseIterable {
  case memory, sqlite

  func open(in folder: TelemetryFolder) throws -> any TelemetryStore {
    switch self {
    case .memory: MemoryTelemetry()
    case .sqlite: SQLiteTelemetry(try SQLiteFile(path: folder.database, lockSeconds: 10))
    }
  }
}

/// What every kind of store guarantees.
@Suite struct TelemetryStoreTests {
  private let folder: TelemetryFolder

  init() throws { folder = try TelemetryFolder() }

  private func batch(_ records: TelemetryRecord...) -> TelemetryBatch {
    TelemetryBatch(entries: records.map { .request($0) })
  }

  private func feedback(_ id: String, _ quality: Double, source: String = "quality") -> Feedback {
    Feedback(requestID: id, quality: quality, source: source, time: Traces.time, key: "alice")
  }

  @Test(arguments: StoreKind.allCases, TelemetryConfiguration.Prompts.allCases)
  func whatIsWrittenIsRead(kind: StoreKind, prompts: TelemetryConfiguration.Prompts) async throws {
    let store = try kind.open(in: folder)
    var maker = TelemetryRecordMaker()
    for trace in [Traces.answered("r1"), Traces.escalated("r2")] {
      let record = maker.record(of: trace, TelemetrySettings(prompts: prompts))
      try store.write(batch(record))
      let found = try #require(try await store.request(trace.id)).record
      #expect(found.id == record.id && found.time == record.time && found.answeredName == record.answeredName)
      #expect(found.decision.known == record.decision.known)
      #expect(found.attempts.map(\.known) == record.attempts.map(\.known))
      #expect(found.request?.known == record.request?.known)
      // What the request cost as a whole yields to what the answer of its tier cost.
      #expect(found.outcomes.map(\.known) == record.outcomes.prefix(1).map(\.known))
      #expect((found.request == nil) == (prompts == .none) && found.outcomes.isEmpty == (prompts == .none))
    }
    store.close()
  }

  @Test(arguments: StoreKind.allCases)
  func idsThatAreUnknown(kind: StoreKind) async throws {
    let store = try kind.open(in: folder)
    try store.write(batch(Traces.record("r1")))
    try store.write(TelemetryBatch(entries: [.feedback(feedback("r2", 1))]))
    #expect(try await store.owner(of: "r1") == RequestOwner(key: "alice"))
    for id in ["r2", "R1", "", "r1 ", "r\u{0}1", "'; DROP TABLE decisions; --"] {
      let (owner, found) = (try await store.owner(of: id), try await store.request(id))
      #expect(owner == nil && found == nil, "\(id.debugDescription)")
    }
    store.close()
  }

  @Test(arguments: StoreKind.allCases)
  func repeatedIDsArePassedOver(kind: StoreKind) async throws {
    let store = try kind.open(in: folder)
    try store.write(batch(Traces.record("r1", tier: 0), Traces.record("r1", tier: 1)))
    try store.write(batch(Traces.record("r1", tier: 2)))
    let found = try #require(try await store.request("r1")).record
    #expect(found.answeredName == "small" && found.attempts.count == 1 && found.outcomes.count == 1)
    store.close()
  }

  @Test(arguments: StoreKind.allCases)
  func theLastFeedbackIsTheQuality(kind: StoreKind) async throws {
    let store = try kind.open(in: folder)
    var cascade = Traces.answered("r1", tier: 2)
    cascade.attempts.insert(
      .init(target: "mock/small-1", tier: "small", failure: .rejected, latencyMilliseconds: 5), at: 0)
    var maker = TelemetryRecordMaker()
    let record = maker.record(of: cascade, TelemetrySettings())
    // In one batch with the request, and later.
    try store.write(TelemetryBatch(entries: [.request(record), .feedback(feedback("r1", 1, source: "thumbs"))]))
    try store.write(TelemetryBatch(entries: [.feedback(feedback("r1", 0.25, source: "edited"))]))
    let found = try #require(try await store.request("r1"))
    #expect(found.feedback == [feedback("r1", 0.25, source: "edited")], "one of each key is kept")
    let qualities = found.record.outcomes.map { [$0["name"], $0["quality"]] }
    #expect(qualities == [[.text("frontier"), .real(0.25)], [.text("small"), .null]])
    store.close()
  }

  @Test(arguments: StoreKind.allCases)
  func spendingAddsUpPerKeyAndDay(kind: StoreKind) async throws {
    let store = try kind.open(in: folder)
    let used = [("b", 10, 0.5), ("a", 10, 0.25), ("a", 11, 1), ("", 11, 2)].map { key, day, cost in
      var used = KeySpending(key: key, day: day)
      (used.requests, used.costUSD, used.inputTokens) = (1, cost, 7)
      return used
    }
    try store.write(TelemetryBatch(spending: used))
    try store.write(TelemetryBatch(spending: Array(used.prefix(1))))
    let found = try await store.spending(sinceDay: 10)
    #expect(
      found.map { "\($0.day) \($0.key) \($0.requests) \($0.costUSD)" } == [
        "10 a 1 0.25", "10 b 2 1.0", "11  1 2.0", "11 a 1 1.0",
      ])
    #expect(try await store.spending(sinceDay: 11).map(\.inputTokens) == [7, 7])
    #expect(try await store.spending(sinceDay: 12).isEmpty)
    store.close()
  }

  /// The oldest go first, at most so many at once, and nothing of them stays but what was spent.
  @Test(arguments: StoreKind.allCases)
  func expiry(kind: StoreKind) async throws {
    let store = try kind.open(in: folder)
    for index in [4, 0, 3, 1, 2] {
      try store.write(batch(Traces.record("r\(index)", time: Traces.time + Double(index))))
    }
    try store.write(TelemetryBatch(entries: [.feedback(feedback("r0", 1))], spending: [KeySpending(key: "a", day: 1)]))
    func left() async throws -> [Int] {
      var left: [Int] = []
      for index in 0..<5 where try await store.owner(of: "r\(index)") != nil { left.append(index) }
      return left
    }
    #expect(try store.deleteRequests(before: Traces.time + 3, limit: 2) == 2)
    #expect(try await left() == [2, 3, 4])
    #expect(try store.deleteRequests(before: Traces.time + 3, limit: 2) == 1)
    #expect(try store.deleteRequests(before: Traces.time + 3, limit: 2) == 0)
    #expect(try await left() == [3, 4])
    #expect(try await store.spending(sinceDay: 0).count == 1)
    // The name is free again, and comes without the old feedback.
    try store.write(batch(Traces.record("r0")))
    let again = try #require(try await store.request("r0"))
    #expect(again.feedback.isEmpty && again.record.outcomes.map { $0["quality"] } == [.null])
    store.close()
  }

  /// Requests read while batches are written: a batch is seen as a whole.
  @Test(arguments: StoreKind.allCases)
  func readingWhileWriting(kind: StoreKind) async throws {
    let store = try kind.open(in: folder)
    let (batches, rows) = (40, 25)
    await withTaskGroup { group in
      group.addTask {
        for number in 0..<batches {
          var used = KeySpending(key: "a", day: 1)
          used.requests = rows
          let entries = (0..<rows).map { TelemetryBatch.Entry.request(Traces.record("\(number) \($0)")) }
          #expect(throws: Never.self) { try store.write(TelemetryBatch(entries: entries, spending: [used])) }
        }
      }
      for _ in 0..<3 {
        group.addTask {
          var number = 0
          while number < batches {
            guard let isThere = try? await store.owner(of: "\(number) 0"), isThere.key != nil else {
              await Task.yield()
              continue
            }
            let last = (try? await store.owner(of: "\(number) \(rows - 1)")) != nil
            let spent = try? await store.spending(sinceDay: 1).first?.requests
            #expect(last == true && (spent ?? 0) >= (number + 1) * rows)
            number += 1
          }
        }
      }
    }
    #expect(try await store.spending(sinceDay: 0).map(\.requests) == [batches * rows])
    store.close()
  }

  /// The recorder over every kind: batches, feedback for what waits, drops that are counted and money that is not lost.
  @Test(arguments: StoreKind.allCases)
  func recording(kind: StoreKind) async throws {
    let store = try kind.open(in: folder)
    let recorder = TelemetryRecorder(
      store, settings: TelemetrySettings(retentionDays: 1), queueRecords: 600, pauseSeconds: 3600,
      logger: .init(label: "test"), now: { Traces.time + 86_400 })
    for index in 0..<599 { recorder.record(Traces.answered("r\(index)", time: Traces.time + Double(index % 2) - 0.5)) }
    try await recorder.feedback(feedback("r0", 0.5))
    recorder.record(Traces.answered("late"))
    let unknown = await gatewayError { try await recorder.feedback(feedback("late", 1)) }
    #expect(unknown?.code == .unknownRequestID)
    await recorder.flush()
    #expect(recorder.counters == TelemetryCounters(written: 600, dropped: 1))
    #expect(try await store.spending(sinceDay: 0).map(\.requests) == [600])
    #expect(try await store.request("r0")?.feedback == [feedback("r0", 0.5)])
    await recorder.deleteExpired()
    #expect(recorder.counters.deleted == 300)
    #expect(try await store.owner(of: "r0") == nil)
    #expect(try await store.owner(of: "r1") != nil)
    await recorder.close()
    recorder.record(Traces.answered("never"))
    #expect(recorder.counters.dropped == 2)
  }

  /// Kinds that outlive a program are read by the next.
  @Test func restart() async throws {
    for round in 0..<3 {
      let store = try StoreKind.sqlite.open(in: folder)
      for earlier in 0..<round { #expect(try await store.request("r\(earlier)")?.feedback.count == 1) }
      try store.write(
        TelemetryBatch(
          entries: [.request(Traces.record("r\(round)")), .feedback(feedback("r\(round)", 1))],
          spending: [KeySpending(Traces.answered("r\(round)"))]))
      #expect(try await store.spending(sinceDay: 0).map(\.requests) == [round + 1])
      store.close()
    }
  }
}

extension TelemetryRow {
  /// The columns that have a value.
  fileprivate var known: [String: TelemetryValue] {
    Dictionary(uniqueKeysWithValues: zip(columns, values).filter { $1 != .null })
  }
}
