import Evaluation
import Foundation
import Registry
import Testing

@testable import Gateway
@testable import GatewayCore

/// A canary that is watched through the log: from requests and labels to a line in the registry's journal.
@Suite(.timeLimit(.minutes(20))) struct CanaryObserverTests {
  private let canaries = CanaryFixture()

  /// Each in a folder of its own.
  private func stores() throws -> [(TelemetryFolder, any TelemetryStore)] {
    try StoreKind.allCases.map { kind in
      let folder = try TelemetryFolder()
      return (folder, try kind.open(in: folder))
    }
  }

  /// Looks until nothing more is there.
  private func all(_ observer: inout CanaryObserver, _ store: any TelemetryStore, _ now: Double) async throws {
    while try await observer.look(at: store, now: now) {}
  }

  @Test(arguments: [ReplayQuantity.quality, .costUSD, .failures])
  func aWorseCandidateIsTakenOut(quantity: ReplayQuantity) async throws {
    let trueValue: CanaryFixture.Truth =
      switch quantity {
      case .quality: .init(quality: -0.6)
      case .costUSD: .init(dollars: 1.5)
      default: .init(failures: 0.2)
      }
    for (files, store) in try stores() {
      let (registry, canary) = try canaries.registry()
      defer { canaries.remove() }
      var observer = CanaryObserver(canary, idleSeconds: 60)
      for part in 0..<20 where observer.watch.verdict == .undecided {
        try canaries.write(200, trueValue, to: store, from: part * 200)
        try await all(&observer, store, Traces.time + 100_000)
      }
      #expect(observer.watch.verdict == .abort(quantity))
      let entry = try #require(try observer.decide(in: canaries.folder, at: 1_800_000_060))
      #expect(entry.action == .abort && entry.by.text == "auto gateway" && entry.evidence == observer.watch.json)
      #expect(try registry.pointer()?.pointer.candidate == nil)
      // Somebody else was quicker: nothing is decided twice.
      #expect(throws: RegistryError.self) { try observer.decide(in: canaries.folder, at: 1_800_000_120) }
      store.close()
      withExtendedLifetime(files) {}
    }
  }

  /// One that is better and cheaper serves alone where that was asked for, and waits for a person where not.
  @Test(arguments: [false, true]) func aGoodCandidateIsCompletedOnlyWhereAsked(automatic: Bool) async throws {
    let store = MemoryTelemetry()
    let (registry, canary) = try canaries.registry(automatic: automatic)
    defer { canaries.remove() }
    var observer = CanaryObserver(canary, idleSeconds: 60)
    for part in 0..<20 where observer.watch.verdict == .undecided {
      try canaries.write(200, .init(quality: 0.4, dollars: 0.5), to: store, from: part * 200)
      try await all(&observer, store, Traces.time + 100_000)
    }
    #expect(observer.watch.verdict == .promote)
    let entry = try observer.decide(in: canaries.folder, at: 1_800_000_060)
    #expect(entry?.action == (automatic ? .complete : nil))
    #expect(try registry.pointer()?.pointer.incumbent == (automatic ? canary.candidate : canary.incumbent))
  }

  /// Read in parts or at once, before or after a restart, from either store: the same.
  @Test func whatIsKnownIsInTheLog() async throws {
    let (_, canary) = try canaries.registry()
    defer { canaries.remove() }
    var seen: [String] = []
    for (files, store) in try stores() {
      var whole = CanaryObserver(canary, idleSeconds: 60)
      var parts = whole
      for part in 0..<5 {
        try canaries.write(100, .init(), to: store, from: part * 100)
        try await all(&parts, store, Traces.time + Double(part * 100) + 80)
      }
      try await all(&parts, store, Traces.time + 100_000)
      try await all(&whole, store, Traces.time + 100_000)
      #expect(parts.watch.conversations == 500 && parts.open == 0)
      #expect(parts.watch.quality.drawn > 100 && parts.watch.quality.missing == 0)
      #expect(parts.watch.json == whole.watch.json)
      seen.append(whole.watch.json.jsonText)
      store.close()
      withExtendedLifetime(files) {}
    }
    #expect(seen[0] == seen[1])
  }

  /// A rating in progress is waited for, and then counts as missing.
  @Test func pendingRatingsAreWaitedFor() async throws {
    let (_, canary) = try canaries.registry()
    defer { canaries.remove() }
    let store = MemoryTelemetry()
    try canaries.write(50, .init(pending: true), to: store)
    var observer = CanaryObserver(canary, idleSeconds: 60)
    try await all(&observer, store, Traces.time + 200)
    #expect(observer.open > 20 && observer.watch.quality.missing == 0)
    try await all(&observer, store, Traces.time + 50 + CanaryObserver.patienceSeconds)
    #expect(observer.open == 0 && observer.watch.conversations == 50)
    #expect(observer.watch.quality.missing == observer.watch.quality.drawn && observer.watch.quality.drawn > 20)
    #expect(observer.watch.json.jsonText.contains("have none"))
  }

  /// A pause ends a conversation, and so do twenty requests.
  @Test func conversationsEnd() {
    func turn(_ number: Int, _ conversation: String, _ time: Double) -> LoggedCanaryTurn {
      LoggedCanaryTurn(
        number: number, requestID: "r\(number)", conversation: conversation, time: time, isCandidate: false,
        comparison: .agreement, latencyMilliseconds: 1, hasFailed: false)
    }
    var conversations = ArmConversations(idleSeconds: 10)
    for number in 1...19 { #expect(conversations.add(turn(number, "a", Double(number))).isEmpty) }
    #expect(conversations.add(turn(20, "a", 20)).map(\.requests.count) == [20])
    #expect(conversations.count == 0)
    #expect(conversations.add(turn(21, "a", 21)).isEmpty && conversations.add(turn(22, "b", 22)).isEmpty)
    #expect(conversations.add(turn(23, "a", 40)).map(\.requests) == [["r21"]])
    #expect(conversations.takeIdle(at: 33).map(\.requests) == [["r22"]])
    #expect(conversations.takeIdle(at: 51).map(\.requests) == [["r23"]] && conversations.count == 0)
  }
}
