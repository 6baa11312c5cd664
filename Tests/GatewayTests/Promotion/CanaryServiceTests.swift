import Evaluation
import Foundation
import Ockham
import Testing
import TextKit

@testable import Gateway
@testable import GatewayCore
@testable import Registry

/// The canary of a gateway that follows a registry: what is shown of it, and what is decided without a person.
@Suite(.timeLimit(.minutes(20))) struct CanaryServiceTests {
  private static let alert = "canary aborted"
  private let canaries = CanaryFixture()
  private let store = MemoryTelemetry()

  /// A gateway that serves what the registry says, a long time after the last request of its log.
  private func gateway(hasLog: Bool = true) throws -> SteppedGateway {
    var source = SteppedGateway.Source()
    source.configuration.registryPath = canaries.folder.path
    source.configuration.sessions.timeToLiveSeconds = 60
    source.model = try WatchedTraffic.model()
    source.hasCandidate = true
    return try SteppedGateway(source, store: hasLog ? store : nil, at: Traces.time + 100_000)
  }

  private func run(_ gateway: SteppedGateway, _ body: () async throws -> Void) async throws {
    try await gateway.run(CanaryService(gateway: gateway.live, logger: gateway.logger), body)
  }

  private func decisions(_ gateway: SteppedGateway, _ action: JournalEntry.Action) -> Double {
    gateway.shared.metrics.canaryDecisions[action.rawValue].value
  }

  @Test func whatIsKnownIsShown() async throws {
    let (registry, canary) = try canaries.registry()
    defer { canaries.remove() }
    let gateway = try gateway()
    try await run(gateway) {
      await gateway.clock.step()
      let shown = gateway.shared.canary.json
      #expect(shown["candidate"]?.string == canary.candidate && shown["conversations"]?["incumbent"]?.number == 0)
      #expect(shown["refused"]?.string?.contains("shadow is not configured") == true)
      try canaries.write(40, .init(), to: store)
      await gateway.clock.step()
      let arms = try ["incumbent", "candidate"].map { arm in
        try #require(gateway.shared.canary.json["conversations"]?[arm]?.number)
      }
      #expect(arms[0] > 5 && arms[1] > 5 && arms[0] + arms[1] == 40)
      #expect(gateway.shared.metrics.canaryConversations["candidate"].value == arms[1])
      // A person ends it: nothing is left to show.
      _ = try registry.abort(
        only: canary.candidate, .init(by: .init(isAutomatic: false), reason: "a test", time: Traces.time))
      try await gateway.live.reload()
      await gateway.clock.step()
      #expect(gateway.shared.canary.json.isNull && gateway.shared.alerts.raised.isEmpty)
      #expect(try registry.journal().entries.count == 5)
    }
  }

  @Test func withoutALogItSaysWhyNothingIsKnown() async throws {
    _ = try canaries.registry()
    defer { canaries.remove() }
    let gateway = try gateway(hasLog: false)
    try await run(gateway) {
      await gateway.clock.step()
      #expect(gateway.shared.canary.json["refused"]?.string == "nothing is watched: telemetry.path is not set")
    }
  }

  /// A worse candidate is taken out once, and an alert stands until the next canary.
  @Test func aWorseCandidateIsTakenOut() async throws {
    let (registry, canary) = try canaries.registry()
    defer { canaries.remove() }
    let gateway = try gateway()
    try await run(gateway) {
      try canaries.write(2_000, .init(failures: 0.3), to: store)
      for _ in 0..<3 { await gateway.clock.step() }
      let entry = try #require(try registry.journal().entries.last)
      #expect(entry.action == .abort && entry.by.text == "auto gateway" && entry.version == canary.candidate)
      #expect(entry.reason == "failing more often than the conditions allow")
      #expect(try registry.pointer()?.pointer.candidate == nil)
      #expect(decisions(gateway, .abort) == 1 && decisions(gateway, .complete) == 0)
      let alert = try #require(gateway.shared.alerts.raised.first?.alert)
      #expect(alert.name == Self.alert && alert.cause.contains(canary.candidate.prefix(12)))
      #expect(gateway.lines.all.filter { $0.contains("the canary is decided") }.count == 1)

      try await gateway.live.reload()
      await gateway.clock.step()
      #expect(gateway.shared.canary.json.isNull && gateway.shared.alerts.raised.count == 1)
      let next = try canaries.start("third", salt: String(repeating: "0f", count: 16), in: registry)
      try await gateway.live.reload()
      await gateway.clock.step()
      #expect(gateway.shared.canary.json["candidate"]?.string == next.candidate)
      #expect(gateway.shared.alerts.raised.isEmpty)
      #expect(decisions(gateway, .abort) == 1, "what was seen of one candidate is not held against the next")
    }
  }

  /// A candidate that is as good and cheaper serves alone where that was asked for, and raises no alert.
  @Test(arguments: [false, true]) func aGoodCandidateIsCompletedOnlyWhereAsked(automatic: Bool) async throws {
    let (registry, canary) = try canaries.registry(automatic: automatic)
    defer { canaries.remove() }
    let gateway = try gateway()
    try await run(gateway) {
      try canaries.write(4_000, .init(quality: 0.4, dollars: 0.5), to: store)
      for _ in 0..<3 { await gateway.clock.step() }
      #expect(gateway.shared.canary.json["verdict"]?.string == "promote")
      #expect(try registry.pointer()?.pointer.incumbent == (automatic ? canary.candidate : canary.incumbent))
      #expect(decisions(gateway, .complete) == (automatic ? 1 : 0) && gateway.shared.alerts.raised.isEmpty)
    }
  }

  /// While somebody else changes the registry nothing can be written down: the candidate goes on, and half a minute later there is
  /// another try.
  @Test func aDecisionThatCannotBeWrittenIsTriedAgain() async throws {
    let (registry, _) = try canaries.registry()
    defer { canaries.remove() }
    let gateway = try gateway()
    func refusals() -> Int { gateway.lines.all.count { $0.contains("decision cannot be written down") } }
    try await run(gateway) {
      try canaries.write(2_000, .init(failures: 0.3), to: store)
      var lock: RegistryLock? = try RegistryLock(registry.layout.lockFile, seconds: 10)
      for _ in 0..<10 { await gateway.clock.step() }
      #expect(lock != nil && refusals() == 1 && decisions(gateway, .abort) == 0)
      lock = nil
      for _ in 0..<10 { await gateway.clock.step() }
      #expect(decisions(gateway, .abort) == 0 && gateway.shared.alerts.raised.isEmpty)
      #expect(try registry.pointer()?.pointer.candidate != nil)
      for _ in 0..<60 { await gateway.clock.step() }
      #expect(refusals() == 1 && decisions(gateway, .abort) == 1)
      #expect(gateway.shared.alerts.raised.map(\.alert.name) == [Self.alert])
    }
    #expect(try registry.pointer()?.pointer.candidate == nil)
  }
}
