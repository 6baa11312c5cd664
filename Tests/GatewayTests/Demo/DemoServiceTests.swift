import Foundation
import GRDB
import Logging
import Testing

@testable import Evaluation
@testable import Gateway
@testable import GatewayCore

/// The demo's log as it is written, and read by what shows it.
struct DemoServiceTests {
  private static func filled(_ folder: TelemetryFolder, requests: Int) async throws -> SQLiteFile {
    let file = try SQLiteFile(path: folder.database)
    let recorder = TelemetryRecorder(
      SQLiteTelemetry(file), settings: TelemetrySettings(), pauseSeconds: 3600, logger: Logger(label: "test"))
    let service = DemoService(
      recorder: recorder, terms: DemoTrafficTests.terms(requests), logger: Logger(label: "test") { _ in LogLines() })
    await service.fill()
    return file
  }

  /// Dollars of keys, tiers, reasons and days are those of all requests, and so is what keys are said to have spent.
  @Test func partsAreTheWhole() async throws {
    let folder = try TelemetryFolder()
    let file = try await Self.filled(folder, requests: 1500)
    let (spent, requests, keySpent) = try await file.pool.read { database in
      (
        try Double.fetchOne(database, sql: "SELECT sum(cost_usd) FROM decisions") ?? 0,
        try Int.fetchOne(database, sql: "SELECT count(*) FROM decisions") ?? 0,
        try Double.fetchOne(database, sql: "SELECT sum(cost_usd) FROM spend") ?? 0
      )
    }
    #expect(requests == 1500 && spent > 0 && abs(spent - keySpent) < 1e-9)
    let end = TrafficKey.hour(of: Traces.time) + 1
    let store = try SQLiteAudit(file)
    let traffic = try store.traffic(end - 24 * 15..<end, tierNames: DemoTrafficTests.names, isByDay: false)
    let parts: [KeyPath<TrafficKey, String?>] = [\.key, \.tier, \.reason, \.task, \.policy, \.target]
    for part in parts {
      let totals = traffic.totals { $0[keyPath: part] }
      #expect(totals.values.reduce(0) { $0 + $1.requests } == requests)
      #expect(abs(totals.values.reduce(0) { $0 + $1.costUSD } - spent) < 1e-9)
    }
    #expect(AuditReport(traffic, options: AuditOptions()).money.saved.value ?? 0 > 0)
    #expect(try !store.pairs(end - 24 * 15..<end).isEmpty)
  }

  /// The database is all there is, and it goes with its folder.
  @Test func nothingStaysBehind() async throws {
    let parent = try TelemetryFolder()
    let folder = try DemoFolder(in: parent.path)
    let mode = try FileManager.default.attributesOfItem(atPath: folder.path)[.posixPermissions] as? Int
    #expect(mode == 0o700)
    #expect(FileManager.default.createFile(atPath: folder.database, contents: Data("made up".utf8)))
    #expect(try FileManager.default.contentsOfDirectory(atPath: parent.path).count == 1)
    folder.remove()
    #expect(try FileManager.default.contentsOfDirectory(atPath: parent.path).isEmpty)
  }

  @Test func fillingWritesToTheDatabaseAlone() async throws {
    let folder = try TelemetryFolder()
    _ = try await Self.filled(folder, requests: 100)
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(files.allSatisfy { $0.hasPrefix("gateway.sqlite") } && !files.isEmpty)
  }

  /// The alert is there from the start, since a time before it, and its words say what it is.
  @Test func theAlertIsMarked() {
    let board = AlertBoard(
      store: DemoAlerts(end: Traces.time, cheapestTier: "small"), metrics: GatewayMetrics(),
      logger: Logger(label: "test"), now: { Traces.time })
    #expect(board.raised.count == 1)
    #expect(board.raised.allSatisfy { $0.alert.cause.hasPrefix("made up") && $0.time < Traces.time })
  }

  /// The page says so on every part, and so do its figures for programs.
  @Test func thePageSaysThatItIsMadeUp() async throws {
    let page = try await TestPage.start { $0.isDemo = true }
    defer { page.stop() }
    #expect(try await page.get("/alerts").text.contains("made-up traffic"))
    #expect(try await page.json("/admin/api/session")["made_up"] == .boolean(true))
    let other = try await TestPage.start()
    defer { other.stop() }
    #expect(try await !other.get("/alerts").text.contains("made-up traffic"))
  }
}
