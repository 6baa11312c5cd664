import Evaluation
import Foundation
import Logging
import NIOPosix
import Ockham
import Synchronization
import Testing

@testable import Gateway
@testable import GatewayCore

/// The gateway's own store, watched day by day.
@Suite(.timeLimit(.minutes(20))) struct DriftWatcherTests {
  private let folder: TelemetryFolder
  private let lines = LogLines()
  private let metrics = GatewayMetrics()
  private let now = Now()

  /// Seconds since 1970 that the clock shows.
  private final class Now: Sendable {
    let seconds = Mutex(0.0)
  }

  init() throws { folder = try TelemetryFolder() }

  private func services() throws -> SharedResources {
    let (lines, now) = (lines, now)
    var clock = GatewayClock.system
    clock.unixSeconds = { now.seconds.withLock { $0 } }
    return SharedResources(
      clock: clock, group: MultiThreadedEventLoopGroup.singleton, metrics: metrics, telemetry: nil,
      watch: SQLiteWatch(try SQLiteFile(path: folder.database, lockSeconds: 1)), spans: nil,
      logger: Logger(label: "test") { _ in lines })
  }

  private func set(day: Int) { now.seconds.withLock { $0 = WatchedTraffic.time(day: day) } }

  @Test func aShiftIsToldOnceInAndOnceOut() async throws {
    let model = try WatchedTraffic.model()
    try await WatchedTraffic.write(0..<20, foreign: 10..<14, model, to: folder)
    let services = try services()
    var watcher = DriftWatcher(services)
    // The first request came in the course of day 0: the first whole day is day 1.
    set(day: 6)
    watcher.look(with: model, DriftConfiguration())
    #expect(services.alerts.raised.isEmpty && metrics.driftUnknown[].value == 1)
    for day in 7...10 {
      set(day: day)
      watcher.look(with: model, DriftConfiguration())
    }
    #expect(services.alerts.raised.isEmpty)
    for day in 11...13 {
      set(day: day)
      watcher.look(with: model, DriftConfiguration())
    }
    let raised = services.alerts.raised.map(\.alert)
    let alert = try #require(raised.first { $0.name == "drift requests" })
    #expect(alert.cause.contains("of requests: the mean rank") && alert.cause.contains("more statistics"))
    #expect(alert.remedy.contains("train again"))
    #expect(metrics.alerts["drift requests", "raised"].value == 1)
    #expect(metrics.driftEvidence["feature.han_share"].value > 9)

    // A watcher of a later process goes on from what is kept, and reports nothing again.
    services.watch?.close()
    let later = try self.services()
    var second = DriftWatcher(later)
    set(day: 14)
    second.look(with: model, DriftConfiguration())
    for day in 15...20 {
      set(day: day)
      second.look(with: model, DriftConfiguration())
    }
    #expect(later.alerts.raised.isEmpty)
    #expect(metrics.alerts["drift requests", "cleared"].value == 1)
    later.watch?.close()
  }

  /// Another model has its own traffic as reference: what was said of the one before is taken back.
  @Test func anotherModelBeginsAnew() async throws {
    let model = try WatchedTraffic.model()
    try await WatchedTraffic.write(0..<12, foreign: 9..<12, model, to: folder)
    let services = try services()
    var watcher = DriftWatcher(services)
    for day in [8, 12] {
      set(day: day)
      watcher.look(with: model, DriftConfiguration())
    }
    #expect(!services.alerts.raised.isEmpty)
    var file = try TensorFile(
      [UInt8](
        try Data(
          contentsOf: URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../../models/default/model.safetensors"))))
    file.metadata["note"] = "another"
    watcher.look(with: try Model(file.sealed().encoded()), DriftConfiguration())
    #expect(services.alerts.raised.isEmpty)
    services.watch?.close()
  }

  /// A rating that comes after its day was weighed counts with the next one, and once.
  @Test func lateRatingsCount() async throws {
    let model = try WatchedTraffic.model()
    try await WatchedTraffic.write(0..<14, foreign: 0..<0, model, to: folder)
    let services = try services()
    var watcher = DriftWatcher(services)
    for day in [8, 10] {
      set(day: day)
      watcher.look(with: model, DriftConfiguration())
    }
    try await rate(9 * 60..<9 * 60 + 30, model)
    for day in [11, 12, 13, 14] {
      set(day: day)
      watcher.look(with: model, DriftConfiguration())
    }
    let days = try #require(try services.watch?.days(model: model.identifier.hexadecimal))
    let counts = days.filter { !$0.isReference }.map {
      ($0.day - WatchedTraffic.firstDay, WatchedLabel.read($0.labels, day: $0.day).count)
    }
    #expect(counts.filter { $0.1 > 0 }.map(\.0) == [10] && counts.map(\.1).max() == 60)
    services.watch?.close()
  }

  /// Audits of requests: both tiers good.
  private func rate(_ requests: Range<Int>, _ model: Model) async throws {
    let store = try folder.store(
      TelemetrySettings(prompts: .features, featureOptions: model.extractor.options), now: 0)
    for number in requests {
      let other = ShadowLabel.Outcome(name: model.tierNames[1], quality: 1, origin: .audit, inclusion: 0.05)
      store.label(
        ShadowLabel(
          requestID: "r\(number)", outcomes: [other], servedQuality: 1, servedInclusion: 0.05, labelRate: 0,
          auditRate: 0.05))
    }
    await store.close()
  }

  /// A store that cannot be read is no reason to take anything back.
  @Test func whatCannotBeReadChangesNothing() throws {
    let services = try services()
    services.alerts.raise(Alert(name: "drift x", cause: "c", remedy: "r"))
    services.watch?.close()
    var watcher = DriftWatcher(services)
    set(day: 9)
    for _ in 0..<3 { watcher.look(with: try WatchedTraffic.model(), DriftConfiguration()) }
    #expect(services.alerts.raised.map(\.alert.name) == ["drift x"])
    // One line for the alert, one for the store.
    #expect(lines.all.count == 2)
  }
}
