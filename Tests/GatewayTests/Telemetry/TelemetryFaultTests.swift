import Foundation
import GRDB
import RequestLog
import Testing

@testable import Gateway

/// What happens to the gateway and its file when programs die and disks fail.
@Suite struct TelemetryFaultTests {
  private let folder: TelemetryFolder

  init() throws { folder = try TelemetryFolder() }

  /// A copy of the files as a killed program would leave them, the log cut after `walBytes`.
  private func copy(_ name: String, walBytes: Int? = nil) throws -> String {
    let path = folder.path + "/\(name).sqlite"
    for suffix in ["", "-wal"] {
      let data = try #require(FileManager.default.contents(atPath: folder.database + suffix))
      let kept = suffix == "-wal" ? data.prefix(walBytes ?? data.count) : data
      try kept.write(to: URL(filePath: path + suffix))
    }
    return path
  }

  private func wholeRequests(in path: String) throws -> Int {
    let queue = try DatabaseQueue(path: path)
    return try queue.read { database in
      #expect(try String.fetchAll(database, sql: "PRAGMA integrity_check") == ["ok"])
      #expect(try Row.fetchAll(database, sql: "PRAGMA foreign_key_check").isEmpty)
      let counts = try ["decisions", "requests", "outcomes", "attempts"].map {
        try Int.fetchOne(database, sql: "SELECT count(*) FROM \($0)") ?? -1
      }
      #expect(Set(counts).count == 1, "a request is there as a whole or not at all: \(counts)")
      return counts[0]
    }
  }

  @Test func killedWhileWriting() async throws {
    let store = try folder.store()
    let batch = TelemetryRecorder.batchRows
    try await store.pool.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
    for index in 0..<3 * batch { store.record(Traces.answered("r\(index)")) }
    await store.flush()
    // In the middle of the fourth batch.
    try await store.pool.write { database in
      let half = (0..<batch / 2).map { TelemetryBatch.Entry.request(Traces.record("half\($0)")) }
      try SQLiteTelemetry.write(TelemetryBatch(entries: half), into: database)
      #expect(try wholeRequests(in: copy("killed")) == 3 * batch)
    }
    // Torn writes: what is left is always whole batches.
    let walBytes = try #require(FileManager.default.contents(atPath: folder.database + "-wal")).count
    let wholeBatches = [0, batch, 2 * batch, 3 * batch, 3 * batch + batch / 2]
    for share in 0...20 {
      let count = try wholeRequests(in: copy("torn\(share)", walBytes: walBytes * share / 20))
      #expect(wholeBatches.contains(count), "\(count)")
    }
    // The copy is a store to go on with.
    let reopened = TelemetryRecorder(
      SQLiteTelemetry(try SQLiteFile(path: folder.path + "/killed.sqlite")), settings: TelemetrySettings(),
      logger: .init(label: "test"))
    reopened.record(Traces.answered("next"))
    await reopened.close()
    #expect(reopened.counters.written == 1)
  }

  /// The database refuses writing in different ways; the gateway goes on, says so once, and recovers.
  @Test(arguments: ["PRAGMA query_only = 1", "PRAGMA max_page_count = 1"])
  func refusedWrites(pragma: String) async throws {
    let logs = LogLines()
    let store = try folder.store(logs: logs)
    try await store.pool.writeWithoutTransaction { try $0.execute(sql: pragma) }
    for round in 0..<3 {
      for index in 0..<100 { store.record(Traces.answered("r\(round) \(index)", prompt: "zyzzyva")) }
      await store.flush()
    }
    #expect(store.counters == TelemetryCounters(failed: 300))
    #expect(logs.all.count == 1 && logs.all[0].hasPrefix("warning telemetry cannot be written"))
    #expect(!logs.all[0].contains("zyzzyva") && !logs.all[0].contains("INSERT"))
    try await store.pool.writeWithoutTransaction {
      try $0.execute(sql: "PRAGMA query_only = 0; PRAGMA max_page_count = 1000000")
    }
    store.record(Traces.answered("last"))
    await store.flush()
    #expect(store.counters == TelemetryCounters(written: 1, failed: 300))
    #expect(logs.all.count == 2 && logs.all[1].hasPrefix("notice telemetry is written again"))
    // What was spent meanwhile is not lost.
    let spent = try await store.spending(sinceDay: 0)
    #expect(spent.map(\.requests) == [301])
  }

  @Test func lockedByAnotherProgram() async throws {
    let logs = LogLines()
    let store = try folder.store(queueRecords: 10, logs: logs)
    var configuration = Configuration()
    configuration.allowsUnsafeTransactions = true
    let other = try DatabaseQueue(path: folder.database, configuration: configuration)
    try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
    for index in 0..<12 { store.record(Traces.answered("r\(index)")) }
    await store.flush()
    await store.flush()
    #expect(store.counters == TelemetryCounters(dropped: 2, queued: 10))
    #expect(logs.all.count == 1)
    try await other.writeWithoutTransaction { try $0.execute(sql: "COMMIT") }
    await store.flush()
    #expect(store.counters == TelemetryCounters(written: 10, dropped: 2))
    #expect(try await store.spending(sinceDay: 0).map(\.requests) == [12])
  }

  @Test func filesThatAreNoDatabase() throws {
    try Data(repeating: 0x41, count: 5000).write(to: URL(filePath: folder.database))
    #expect(throws: LogError.self) { _ = try folder.store() }
    let missing = folder.path + "/no/such/folder.sqlite"
    #expect(throws: LogError.self) { _ = try SQLiteFile(path: missing) }
  }

  /// Feedback for a request whose batch was lost leaves no row that nothing would ever delete.
  @Test func feedbackForALostRequest() async throws {
    let store = try folder.store()
    store.record(Traces.answered("r1"))
    try await store.feedback(Feedback(requestID: "r1", quality: 1, source: "quality", time: 0, key: "alice"))
    try await store.pool.write { try $0.execute(sql: "ALTER TABLE decisions RENAME TO away") }
    await store.flush()
    #expect(store.counters.failed == 2)
    try await store.pool.write { database in
      try database.execute(sql: "ALTER TABLE away RENAME TO decisions")
      let late = Feedback(requestID: "r1", quality: 1, source: "quality", time: 0, key: "alice")
      try SQLiteTelemetry.write(TelemetryBatch(entries: [.feedback(late)]), into: database)
      #expect(try Int.fetchOne(database, sql: "SELECT count(*) FROM feedback") == 0)
    }
  }

  @Test func textsThatWaitAreBounded() async throws {
    let store = try folder.store()
    let text = String(repeating: "x", count: TelemetryQueue.maximumBytes / 4)
    for index in 0..<5 { store.record(Traces.answered("r\(index)", prompt: text)) }
    #expect(store.counters == TelemetryCounters(dropped: 1, queued: 4))
    await store.flush()
    #expect(store.counters == TelemetryCounters(written: 4, dropped: 1))
    store.record(Traces.answered("next", prompt: text))
    #expect(store.counters.queued == 1)
  }
}
