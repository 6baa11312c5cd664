import Evaluation
import Foundation
import Registry
import Testing

@testable import Gateway
@testable import GatewayCore

/// A canary that is watched through the log: from requests and labels to a line in the registry's journal.
@Suite(.timeLimit(.minutes(20))) struct CanaryObserverTests {
  private static let salt = String(repeating: "5a", count: 16)
  private let folder = FileManager.default.temporaryDirectory.appending(path: "canary-\(UUID().uuidString)")

  /// A registry with a canary.
  private func registry(automatic: Bool = false) throws -> (Registry, CanaryUnderWay) {
    let registry = try Registry(creating: folder)
    func statement() -> Registry.Statement {
      .init(by: .init(isAutomatic: false), reason: "a test", time: 1_800_000_000)
    }
    func add(_ name: String) throws -> String {
      let parts = VersionParts(
        model: Array(name.utf8), policy: Array("{}".utf8), prices: Array("{}".utf8), data: Array("{}".utf8))
      return try registry.add(parts, version: "1", statement()).version
    }
    _ = try registry.promote(try add("first"), salt: Self.salt, statement())
    let conditions = CanaryConditions(margin: 0.02, completesByItself: automatic)
    _ = try registry.startCanary(of: try add("second"), share: 0.5, salt: Self.salt, under: conditions, statement())
    let pointer = try #require(try registry.pointer()).pointer
    let journal = try registry.journal()
    let canary = try #require(CanaryUnderWay(pointer, journal))
    #expect(canary.conditions == conditions)
    return (registry, canary)
  }

  /// What the candidate is truly like.
  private struct Truth {
    /// Its quality less the incumbent's, on disagreements.
    var quality = 0.0
    var dollars = 1.0
    var failures = 0.0
    var pending = false
  }

  /// Conversations of two requests, one in two the candidate's; on one request in two the versions disagree, and one in two of these is
  /// rated.
  private func write(_ count: Int, _ trueValue: Truth, to store: any TelemetryStore, from first: Int = 0) throws {
    var maker = TelemetryRecordMaker()
    var state = UInt64(first + 1)
    func unit() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) * 0x1p-53
    }
    var batch = TelemetryBatch()
    for index in first..<first + count {
      let isCandidate = unit() < 0.5
      for turn in 0..<2 {
        let disagree = unit() < 0.5
        var trace = Traces.answered("c\(index)-\(turn)", time: Traces.time + Double(index))
        trace.decision.conversation = UInt64(index)
        trace.decision.canary = CanaryTurn(
          canary: Self.salt, isCandidate: isCandidate, otherTier: disagree ? 2 : 0,
          labels: disagree ? .disagreement(scale: 0.5) : .agreement(scale: 0.5))
        trace.costUSD = 0.001 * (0.5 + unit()) * (isCandidate ? trueValue.dollars : 1)
        if unit() < (isCandidate ? trueValue.failures : 0) { trace.status = 502 }
        batch.entries.append(.request(maker.record(of: trace, TelemetrySettings(prompts: .none))))
        guard disagree, unit() < 0.5 else { continue }
        // Served less other, from the candidate's point of view.
        let better = unit() < 0.5 + trueValue.quality / 2
        let served = better == isCandidate ? 1.0 : 0
        batch.entries.append(
          .label(
            ShadowLabel(
              requestID: trace.id,
              outcomes: [
                .init(name: "frontier", quality: trueValue.pending ? nil : 1 - served, origin: .shadow, inclusion: 0.5)
              ], servedQuality: trueValue.pending ? nil : served, servedInclusion: 0.5, labelRate: 0.5, auditRate: 0.01,
              missing: trueValue.pending ? "pending" : nil)))
      }
    }
    try store.write(batch)
  }

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
    let trueValue: Truth =
      switch quantity {
      case .quality: Truth(quality: -0.6)
      case .costUSD: Truth(dollars: 1.5)
      default: Truth(failures: 0.2)
      }
    for (files, store) in try stores() {
      let (registry, canary) = try registry()
      defer { try? FileManager.default.removeItem(at: folder) }
      var observer = CanaryObserver(canary, idleSeconds: 60)
      for part in 0..<20 where observer.watch.verdict == .undecided {
        try write(200, trueValue, to: store, from: part * 200)
        try await all(&observer, store, Traces.time + 100_000)
      }
      #expect(observer.watch.verdict == .abort(quantity))
      let entry = try #require(try observer.decide(in: folder, at: 1_800_000_060))
      #expect(entry.action == .abort && entry.by.text == "auto gateway" && entry.evidence == observer.watch.json)
      #expect(try registry.pointer()?.pointer.candidate == nil)
      // Somebody else was quicker: nothing is decided twice.
      #expect(throws: RegistryError.self) { try observer.decide(in: folder, at: 1_800_000_120) }
      store.close()
      withExtendedLifetime(files) {}
    }
  }

  /// One that is better and cheaper serves alone where that was asked for, and waits for a person where not.
  @Test(arguments: [false, true]) func aGoodCandidateIsCompletedOnlyWhereAsked(automatic: Bool) async throws {
    let store = MemoryTelemetry()
    let (registry, canary) = try registry(automatic: automatic)
    defer { try? FileManager.default.removeItem(at: folder) }
    var observer = CanaryObserver(canary, idleSeconds: 60)
    for part in 0..<20 where observer.watch.verdict == .undecided {
      try write(200, Truth(quality: 0.4, dollars: 0.5), to: store, from: part * 200)
      try await all(&observer, store, Traces.time + 100_000)
    }
    #expect(observer.watch.verdict == .promote)
    let entry = try observer.decide(in: folder, at: 1_800_000_060)
    #expect(entry?.action == (automatic ? .complete : nil))
    #expect(try registry.pointer()?.pointer.incumbent == (automatic ? canary.candidate : canary.incumbent))
  }

  /// Read in parts or at once, before or after a restart, from either store: the same.
  @Test func whatIsKnownIsInTheLog() async throws {
    let (_, canary) = try registry()
    defer { try? FileManager.default.removeItem(at: folder) }
    var seen: [String] = []
    for (files, store) in try stores() {
      var whole = CanaryObserver(canary, idleSeconds: 60)
      var parts = whole
      for part in 0..<5 {
        try write(100, Truth(), to: store, from: part * 100)
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
    let (_, canary) = try registry()
    defer { try? FileManager.default.removeItem(at: folder) }
    let store = MemoryTelemetry()
    try write(50, Truth(pending: true), to: store)
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
