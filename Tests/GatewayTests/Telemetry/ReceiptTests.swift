import GRDB
import RequestLog
import Testing

@testable import Gateway
@testable import GatewayCore
@testable import Workflow

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

  private func change(_ sql: String, in path: String? = nil) throws {
    var configuration = Configuration()
    configuration.foreignKeysEnabled = false
    try DatabaseQueue(path: path ?? folder.database, configuration: configuration).write { try $0.execute(sql: sql) }
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

  private func verification() throws -> LogVerification { try LogVerification(receiptsOf: folder.database) }

  @Test func aChainIsWholeUntilADecisionIsChanged() async throws {
    try await write(["a", "b", "c"])
    let (whole, receipts) = (try verification(), try receipts())
    #expect(whole.firstBreak == nil && whole.links == 3 && whole.head == receipts[2].hash && whole.deleted == 0)
    #expect(whole.sentences[0] == "\(folder.database): the chain of 3 decisions is whole.")
    try change("UPDATE decisions SET cost_usd = cost_usd / 2 WHERE request_id = 'b'")
    let changed = try verification()
    #expect(changed.firstBreak == .init(place: 2, reason: "decision \"b\" was changed"))
    #expect(changed.links == 1 && changed.head == receipts[0].hash && changed.json["whole"]?.boolean == false)
    #expect(changed.sentences[1] == "The 1 before hold.")
  }

  /// A decision that is deleted without its receipt is found, and so is a receipt that is deleted or forged.
  @Test(arguments: [
    ("DELETE FROM decisions WHERE request_id = 'b'", "decision \"b\" was taken out of the log"),
    ("DELETE FROM receipts WHERE sequence = 2", "receipt 2 is missing: the next is 3"),
    ("UPDATE receipts SET hash = content WHERE sequence = 2", "the receipt is not bound to the one before"),
    ("UPDATE receipts SET content = hash WHERE sequence = 2", "the receipt is not bound to the one before"),
    ("UPDATE receipts SET request_id = 'c' WHERE sequence = 2", "decision \"c\" was changed"),
  ])
  func aBreakIsNamed(sql: String, reason: String) async throws {
    try await write(["a", "b", "c"])
    try change(sql)
    let found = try verification()
    #expect(found.firstBreak?.place == 2 && found.firstBreak?.reason == reason && found.links == 1)
  }

  /// What retention took is no break, and what was there before receipts were is counted apart.
  @Test func whatWasDeletedInGoodOrderIsCounted() async throws {
    try await write(["a", "b"])
    let store = SQLiteTelemetry(try SQLiteFile(path: folder.database, lockSeconds: 1))
    #expect(try store.deleteRequests(before: Traces.time + 0.5, limit: 10) == 1)
    store.close()
    var found = try verification()
    #expect(found.firstBreak == nil && found.links == 2 && found.deleted == 1 && found.older == 0)
    #expect(found.sentences.last == "1 decisions were deleted by retention or a wish to be forgotten.")
    try change(
      """
      INSERT INTO decisions (request_id, time, dialect, is_stream, requested_model, policy, reason, is_cache_hit, decision_ns,
        status, latency_ms, upstream_ms, prompt_bytes, content_hash)
      SELECT 'old', time - 10, dialect, is_stream, requested_model, policy, reason, is_cache_hit, decision_ns, status,
        latency_ms, upstream_ms, prompt_bytes, content_hash FROM decisions
      """)
    found = try verification()
    #expect(found.firstBreak == nil && found.older == 1)
    try change("UPDATE decisions SET time = time + 20 WHERE request_id = 'old'")
    #expect(try verification().firstBreak == .init(place: 0, reason: "1 decisions came into the log without a receipt"))
  }

  @Test func whatHoldsNoReceipts() async throws {
    let missing = folder.path + "/none"
    #expect(throws: LogError.missing(path: missing)) { try LogVerification(receiptsOf: missing) }
    let other = folder.path + "/other.sqlite"
    try change("CREATE TABLE t (a)", in: other)
    #expect(throws: LogError.databaseSchema(path: other, missing: "table receipts")) {
      try LogVerification(receiptsOf: other)
    }
    try await write([])
    let empty = try verification()
    #expect(empty.firstBreak == nil && empty.links == 0 && empty.head == DecisionReceipt.noPrevious)
  }
}
