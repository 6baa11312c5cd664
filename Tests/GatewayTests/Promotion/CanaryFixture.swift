import Evaluation
import Foundation
import Registry
import Testing

@testable import Gateway
@testable import GatewayCore

/// A registry with a canary, and the traffic that shows what its candidate is like.
struct CanaryFixture {
  static let salt = String(repeating: "5a", count: 16)
  let folder = FileManager.default.temporaryDirectory.appending(path: "canary-\(UUID().uuidString)")

  func remove() { try? FileManager.default.removeItem(at: folder) }

  /// A registry with a canary.
  func registry(automatic: Bool = false) throws -> (Registry, CanaryUnderWay) {
    let registry = try Registry(creating: folder)
    _ = try registry.promote(try Self.add("first", to: registry), salt: Self.salt, Self.statement)
    return (registry, try start("second", automatic: automatic, in: registry))
  }

  private static var statement: Registry.Statement {
    .init(by: .init(isAutomatic: false), reason: "a test", time: 1_800_000_000)
  }

  private static func add(_ name: String, to registry: Registry) throws -> String {
    let parts = VersionParts(
      model: Array(name.utf8), policy: Array("{}".utf8), prices: Array("{}".utf8), data: Array("{}".utf8))
    return try registry.add(parts, version: "1", statement).version
  }

  /// Puts another version under canary.
  /// - Parameter salt: names the canary: its traffic is found by it.
  func start(
    _ name: String, automatic: Bool = false, salt: String = salt, in registry: Registry
  ) throws -> CanaryUnderWay {
    let conditions = CanaryConditions(margin: 0.02, completesByItself: automatic)
    _ = try registry.startCanary(
      of: try Self.add(name, to: registry), share: 0.5, salt: salt, under: conditions, Self.statement)
    let pointer = try #require(try registry.pointer()).pointer
    let journal = try registry.journal()
    let canary = try #require(CanaryUnderWay(pointer, journal))
    #expect(canary.conditions == conditions)
    return canary
  }

  /// What the candidate is truly like.
  struct Truth {
    /// Its quality less the incumbent's, on disagreements.
    var quality = 0.0
    var dollars = 1.0
    var failures = 0.0
    var pending = false
  }

  /// Conversations of two requests, one in two the candidate's; on one request in two the versions disagree, and one in two of these is
  /// rated.
  func write(_ count: Int, _ trueValue: Truth, to store: any TelemetryStore, from first: Int = 0) throws {
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
}
