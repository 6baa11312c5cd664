import GRDB
import RequestLog
import Testing

@testable import Gateway
@testable import GatewayCore

/// Receipts of decisions: a chain that holds through batches, restarts and retention, and through nothing else.
@Suite(.timeLimit(.minutes(20))) struct ReceiptTests {
  private let folder: TelemetryFolder

  init() throws { folder = try TelemetryFolder() }

  private func write(_ ids: [String], now: Double = Traces.time, days: Double? = nil) async throws {
    let store = try folder.store(TelemetrySettings(retentionDays: days), now: now)
    for (index, id) in ids.enumerated() { store.record(Traces.answered(id, time: Traces.time + Double(index))) }
    await store.close()
  }

  private func receipts() throws -> [DecisionReceipt] {
    var found: [DecisionReceipt] = []
    try ReceiptReader(path: folder.database).forEach {
      found.append($0)
      return true
    }
    return found
  }

  private func change(_ sql: String) throws {
    try DatabaseQueue(path: folder.database).write { try $0.execute(sql: sql) }
  }

  @Test func eachIsBoundToTheOneBefore() async throws {
    try await write(["a", "b", "a"])
    try await write(["c"])
    let receipts = try receipts()
    // An id that is written already is skipped, and has no second receipt.
    #expect(receipts.map(\.requestID) == ["a", "b", "c"] && receipts.map(\.sequence) == [1, 2, 3])
    #expect(receipts.allSatisfy { $0.row != nil && $0.hash.count == 64 })
    #expect(Set(receipts.map(\.hash)).count == 3 && Set(receipts.map(\.content)).count == 3)
    #expect(try ReceiptReader(path: folder.database).unreceipted() == (0, 0))
  }

  @Test func deletionLeavesTheReceiptWithoutTheName() async throws {
    try await write(["a", "b"])
    let store = SQLiteTelemetry(try SQLiteFile(path: folder.database, lockSeconds: 1))
    #expect(try store.deleteRequests(before: Traces.time + 0.5, limit: 10) == 1)
    store.close()
    let receipts = try receipts()
    #expect(receipts.map(\.requestID) == [nil, "b"] && receipts[0].row == nil)
  }

  @Test func contentIsOfEveryColumnThatIsKnown() async throws {
    try await write(["a"])
    let before = try receipts()[0].row
    // A column that a later schema adds changes nothing while it is not set.
    try change("ALTER TABLE decisions ADD COLUMN later TEXT")
    #expect(try receipts()[0].row == before)
    try change("UPDATE decisions SET later = ''")
    #expect(try receipts()[0].row != before)
  }

  @Test func rowsThatCameByAnotherWayAreCounted() async throws {
    try await write(["a"])
    try change(
      """
      INSERT INTO decisions (request_id, time, dialect, is_stream, requested_model, policy, reason, is_cache_hit, decision_ns,
        status, latency_ms, upstream_ms, prompt_bytes, content_hash)
      SELECT 'old', time - 10, dialect, is_stream, requested_model, policy, reason, is_cache_hit, decision_ns, status,
        latency_ms, upstream_ms, prompt_bytes, content_hash FROM decisions
      """)
    #expect(try ReceiptReader(path: folder.database).unreceipted() == (1, 0))
    try change("UPDATE decisions SET time = time + 20 WHERE request_id = 'old'")
    #expect(try ReceiptReader(path: folder.database).unreceipted() == (0, 1))
  }
}
