import Logging
import NIOPosix
import Testing

@testable import Gateway
@testable import GatewayCore

@Suite struct TopTierShareWatchTests {
  private let metrics = GatewayMetrics()
  private let lines = LogLines()
  private let watch: TopTierShareWatch

  init() {
    let lines = lines
    watch = TopTierShareWatch(metrics: metrics, logger: Logger(label: "test") { _ in lines })
  }

  /// Records blocks of a key's decisions, so many of each for the most expensive tier.
  private func record(_ mostExpensive: Int..., key: String? = "alice", change: (inout RequestTrace) -> Void = { _ in })
  {
    for count in mostExpensive {
      for index in 0..<TopTierShare.blockSize {
        var trace = Traces.answered("r", tier: index < count ? 2 : 0, key: key)
        change(&trace)
        watch.record(trace)
      }
    }
  }

  private func alarm(_ key: String) throws -> Double? {
    try Exposition(metrics.exposition()).value("key_dearest_alarm", ["key": key])
  }

  @Test func oneKeyIsHeldAgainstItsOwnPast() throws {
    record(10, 10, 10, 10, 10)
    record(95, 95, 95, 95, 95, key: "bob\n")
    #expect(lines.all.isEmpty)
    record(90, 90)
    #expect(try alarm("alice") == 1 && alarm("bob\n") == 0)
    #expect(try Exposition(metrics.exposition()).value("key_dearest_share", ["key": "alice"]) == 0.9)
    record(10)
    #expect(try alarm("alice") == 0)
    #expect(lines.all.count == 2)
    #expect(lines.all.first?.hasPrefix("warning a key's share of the most expensive tier has jumped") == true)
    #expect(lines.all.first?.contains("90 %") == true && lines.all.first?.contains("alice") == true)
    #expect(lines.all.last?.hasPrefix("notice ") == true)
  }

  @Test func whatTheModelDidNotDecideDoesNotCount() throws {
    record(10, 10, 10, 10)
    for reason in [RoutingDecision.Reason.requested, .rule(name: "up"), .session, .exploration, .cheapest] {
      record(100, 100) { $0.decision.reason = reason }
    }
    #expect(lines.all.isEmpty)
    #expect(try alarm("alice") == 0)
  }

  @Test func anotherModelBeginsAnotherPast() {
    record(10, 10, 10, 10)
    record(90, 90, 90, 90) { $0.decision.modelIdentifier = 7 }
    #expect(lines.all.isEmpty)
    record(10, 10, 10, 10)
    record(90, 90, 90, 90) {
      $0.tierNames = ["small", "frontier"]
      if $0.decision.tier == 2 { $0.decision.tier = 1 }
    }
    #expect(lines.all.isEmpty)
  }

  @Test func keysAreBounded() throws {
    for index in 0..<TopTierShareWatch.maximumKeys { record(0, key: "k\(index)") }
    record(10, 10, 10, 100, key: "late")
    #expect(lines.all.isEmpty)
    record(0, 0, 0, 100, key: "k0")
    #expect(lines.all.count == 1)
  }

  @Test func requestsThatAreOverAreWatched() throws {
    let lines = lines
    let services = SharedResources(
      clock: .system, group: MultiThreadedEventLoopGroup.singleton, metrics: metrics, telemetry: nil, spans: nil,
      logger: Logger(label: "test") { _ in lines })
    for tier in [0, 0, 0, 2] {
      for _ in 0..<TopTierShare.blockSize { services.finished(Traces.answered("r", tier: tier)) }
    }
    #expect(try alarm("alice") == 1)
    #expect(lines.all.count == 1)
  }

  /// A single tier has no more expensive one, and names stay what they are in logs.
  @Test func hostileNamesAndSingleTiers() {
    record(0, 0, 0, 100, key: "a\u{1b}[31m\n")
    #expect(lines.all.count == 1 && lines.all.first?.contains("\u{1b}") == false)
    record(0, 0, 0, 100, key: "single") {
      $0.tierNames = ["small"]
      $0.decision.tier = 0
    }
    #expect(lines.all.count == 1)
  }
}
