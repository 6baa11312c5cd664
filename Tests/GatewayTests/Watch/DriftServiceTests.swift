import Foundation
import Ockham
import Testing

@testable import Gateway
@testable import GatewayCore

/// The watch over the gateway's own traffic as it runs beside the server.
@Suite(.timeLimit(.minutes(20))) struct DriftServiceTests {
  private let folder: TelemetryFolder
  private let metrics = GatewayMetrics()
  private let model: Model

  init() throws {
    folder = try TelemetryFolder()
    model = try WatchedTraffic.model()
  }

  /// A gateway with the traffic of twelve days, on the last three of which all clients write otherwise, on day 9 of it.
  private func gateway(hasModel: Bool = true, hasStore: Bool = true, drift: DriftConfiguration?) async throws
    -> SteppedGateway
  {
    try await WatchedTraffic.write(0..<12, foreign: 9..<12, model, to: folder)
    var source = SteppedGateway.Source()
    source.configuration.drift = drift
    source.model = hasModel ? model : nil
    let watch = hasStore ? SQLiteWatch(try SQLiteFile(path: folder.database, lockSeconds: 1)) : nil
    return try SteppedGateway(source, watch: watch, metrics: metrics, at: WatchedTraffic.time(day: 9))
  }

  private static var daily: DriftConfiguration {
    var drift = DriftConfiguration()
    drift.everySeconds = 86_400
    return drift
  }

  private func run(_ gateway: SteppedGateway, _ body: () async throws -> Void) async throws {
    try await gateway.run(DriftService(gateway: gateway.live), body)
  }

  /// What requests look like is an alert once the days that changed are over: the watcher is kept from look to look.
  @Test func daysAreWeighedAsTheyPass() async throws {
    let gateway = try await gateway(drift: Self.daily)
    try await run(gateway) {
      #expect(gateway.clock.pause == 86_400 && gateway.shared.alerts.raised.isEmpty)
      for _ in 0..<3 { await gateway.clock.step() }
      let alert = try #require(gateway.shared.alerts.raised.first { $0.alert.name == "drift requests" })
      #expect(alert.alert.remedy.contains("train again"))
      await gateway.clock.step()
      #expect(metrics.alerts["drift requests", "raised"].value == 1)
    }
    gateway.shared.watch?.close()
  }

  /// A watch that a reload turns on begins within seconds, and one that it turns off looks no more.
  @Test func aReloadTurnsItOnAndOff() async throws {
    let gateway = try await gateway(drift: nil)
    try await run(gateway) {
      for _ in 0..<3 { await gateway.clock.step() }
      #expect(gateway.clock.pause == 5)
      #expect(try days(gateway) == 0, "nothing was looked at")
      gateway.change { $0.configuration.drift = Self.daily }
      try await gateway.live.reload()
      await gateway.clock.step()
      #expect(gateway.clock.pause == 86_400)
      let seen = try days(gateway)
      #expect(seen > 0)
      gateway.change { $0.configuration.drift = nil }
      try await gateway.live.reload()
      await gateway.clock.step()
      #expect(gateway.clock.pause == 5)
      #expect(try days(gateway) == seen)
    }
    gateway.shared.watch?.close()
  }

  /// Days that were weighed and kept.
  private func days(_ gateway: SteppedGateway) throws -> Int {
    try gateway.shared.watch?.days(model: model.identifier.hexadecimal).count ?? -1
  }

  @Test func withoutAModelOrAStoreNothingIsWatched() async throws {
    for (hasModel, hasStore) in [(false, true), (true, false)] {
      let gateway = try await gateway(hasModel: hasModel, hasStore: hasStore, drift: Self.daily)
      try await run(gateway) {
        for _ in 0..<3 { await gateway.clock.step() }
        #expect(gateway.shared.alerts.raised.isEmpty && gateway.lines.all.isEmpty)
      }
      gateway.shared.watch?.close()
    }
  }
}
