import Foundation
import GRDB
import Testing

@testable import Gateway
@testable import GatewayCore

/// The file itself: whom it is for, and whether it is still there.
struct SQLiteFileTests {
  private let folder: TelemetryFolder

  init() throws { folder = try TelemetryFolder() }

  @Test(arguments: ["deleted", "replaced", "moved"])
  func aFileThatIsGoneIsNoticed(how: String) async throws {
    let logs = LogLines()
    let recorder = try folder.store(logs: logs)
    await recorder.onWriter { $0.checkPlace() }
    #expect(!recorder.counters.isDetached && logs.all.isEmpty)
    let away = folder.path + "/away"
    try FileManager.default.moveItem(atPath: folder.database, toPath: away)
    if how == "deleted" { try FileManager.default.removeItem(atPath: away) }
    if how == "replaced" { _ = FileManager.default.createFile(atPath: folder.database, contents: nil) }
    for _ in 0..<3 { await recorder.onWriter { $0.checkPlace() } }
    #expect(recorder.counters.isDetached)
    #expect(logs.all.count == 1 && logs.all[0].contains("deleted or replaced"), "\(logs.all)")
    #expect(GatewayMetrics().exposition(telemetry: recorder.counters).contains("ockham_gateway_telemetry_detached 1\n"))
    guard how == "moved" else { return }
    try FileManager.default.moveItem(atPath: away, toPath: folder.database)
    await recorder.onWriter { $0.checkPlace() }
    #expect(!recorder.counters.isDetached && logs.all.count == 2)
  }

  @Test(arguments: [0o600, 0o640, 0o644, 0o666], [true, false])
  func aFileThatOthersMayReadIsReported(mode: Int, byLink: Bool) throws {
    _ = FileManager.default.createFile(
      atPath: folder.database, contents: nil, attributes: [.posixPermissions: mode])
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: folder.database)
    let link = folder.path + "/link"
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: folder.database)
    var telemetry = TelemetryConfiguration()
    telemetry.path = byLink ? link : folder.database
    #expect(SQLiteFile.warnings(of: telemetry).isEmpty, "features alone")
    telemetry.prompts = .full
    let warnings = SQLiteFile.warnings(of: telemetry)
    #expect(warnings.count == (mode == 0o600 ? 0 : 1))
    if mode != 0o600 { #expect(warnings[0].contains(String(mode, radix: 8)) && warnings[0].contains("chmod 600")) }
  }

  @Test func aFileThatIsNotThereYetIsNoFault() {
    var telemetry = TelemetryConfiguration()
    (telemetry.path, telemetry.prompts) = (folder.database, .full)
    #expect(SQLiteFile.warnings(of: telemetry).isEmpty)
  }

  /// A file of a gateway before this one: it opens, what was spent counts on, and its feedback is one of no key.
  @Test func filesFromBeforeBookings() async throws {
    let queue = try DatabaseQueue(path: folder.database)
    try TelemetrySchema.migrator.migrate(queue, upTo: "gateway: flagged usage")
    try await queue.write { database in
      try database.execute(sql: "INSERT INTO spend VALUES ('alice', 20148, 3, 1, 10, 20, 0.5)")
      try database.execute(
        sql: "INSERT INTO feedback (request_id, quality, source, time) VALUES ('r0', 1, 'thumbs', 1)")
    }
    try queue.close()
    let store = SQLiteTelemetry(try SQLiteFile(path: folder.database))
    #expect(try await store.spending(sinceDay: 0).map(\.bookedUSD) == [0.5])
    var used = KeySpending(key: "alice", day: 20148)
    (used.costUSD, used.bookedUSD) = (0.25, 0.75)
    try store.write(TelemetryBatch(spending: [used]))
    let rows = try await store.spending(sinceDay: 0)
    #expect(rows.map(\.costUSD) == [0.75] && rows.map(\.bookedUSD) == [1.25])
    store.close()
  }
}
