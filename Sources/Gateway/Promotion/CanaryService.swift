import Evaluation
import Foundation
import Logging
import Registry
import ServiceLifecycle
import TextKit

/// Watches the canary of the registry that the gateway follows: a candidate that is worse than its conditions allow is taken out, and one
/// that has proven itself serves alone where that was asked for. See <doc:LabelsAndDecisions>.
struct CanaryService: Service {
  let gateway: SwappableGateway
  let logger: Logger

  private static let pauseSeconds = 0.5
  /// The alert of a candidate that was taken out.
  private static let alert = "canary aborted"
  /// How long a decision that could not be written down waits before it is tried again.
  private static let retrySeconds = 30.0

  func run() async throws {
    await cancelWhenGracefulShutdown {
      var observer: CanaryObserver?
      var hasMore = false
      var next = 0.0
      while !Task.isCancelled {
        if !hasMore { do { try await gateway.shared.clock.sleep(Self.pauseSeconds) } catch { return } }
        hasMore = await look(&observer)
        let now = gateway.shared.clock.steadySeconds()
        if let observer, let path = gateway.runtime.configuration.registryPath, now >= next, !decide(observer, path) {
          next = now + Self.retrySeconds
        }
      }
    }
  }

  /// Looks on, and says what is known; `true` where there is more at once.
  private func look(_ observer: inout CanaryObserver?) async -> Bool {
    let (shared, runtime) = (gateway.shared, gateway.runtime)
    guard let canary = runtime.canary else {
      observer = nil
      shared.canary.clear()
      return false
    }
    guard let store = shared.telemetry?.store else {
      shared.canary.say("nothing is watched: telemetry.path is not set")
      return false
    }
    if observer?.canary != canary { shared.alerts.clear(Self.alert, cause: "another canary is in progress") }
    let idle = runtime.configuration.sessions.timeToLiveSeconds
    var present = observer.flatMap { $0.canary == canary ? $0 : nil } ?? CanaryObserver(canary, idleSeconds: idle)
    defer { observer = present }
    let hasMore: Bool
    do throws(TelemetryStoreError) {
      hasMore = try await present.look(at: store, now: shared.clock.unixSeconds())
    } catch {
      shared.canary.say("nothing is watched: the log cannot be read")
      return false
    }
    shared.canary.show(present.json(hasLabels: runtime.shadow != nil))
    shared.metrics.canaryConversations["incumbent"].set(Double(present.watch.arms.incumbent))
    shared.metrics.canaryConversations["candidate"].set(Double(present.watch.arms.candidate))
    return hasMore
  }

  /// Carries out what the watch says; `false` where that failed.
  private func decide(_ observer: CanaryObserver, _ path: String) -> Bool {
    guard observer.watch.verdict != .undecided else { return true }
    do throws(RegistryError) {
      // The reload that follows a decision may be in progress.
      guard try Registry(opening: URL(filePath: path)).pointer()?.pointer.candidate == observer.canary.candidate else {
        return true
      }
      guard let entry = try observer.decide(in: URL(filePath: path), at: gateway.shared.clock.unixSeconds()) else {
        return true
      }
      gateway.shared.metrics.canaryDecisions[entry.action.rawValue].add()
      logger.notice(
        "the canary is decided",
        metadata: [
          "action": "\(entry.action.rawValue)", "candidate": "\(entry.version)", "reason": "\(entry.reason)",
        ])
      if entry.action == .abort {
        gateway.shared.alerts.raise(
          Alert(
            name: Self.alert, cause: "the candidate \(entry.version.prefix(12)) is \(entry.reason)",
            remedy: "see the evidence in the registry's journal; train on newer labels before another canary"))
      }
      return true
    } catch {
      logger.error(
        "the canary's decision cannot be written down; the candidate goes on: \(error)",
        metadata: ["decision": "\(observer.watch.verdict.name)"])
      return false
    }
  }
}

extension CanaryObserver {
  /// Writes down what the watch has come to, with its evidence; `nil` where nothing is to be decided, or is a person's to decide.
  func decide(in registry: URL, at time: Double) throws(RegistryError) -> JournalEntry? {
    let reason: String
    switch watch.verdict {
    case .undecided: return nil
    case .promote where !canary.conditions.completesByItself: return nil
    case .promote: reason = "as good by the margin, and cheaper"
    case .abort(let quantity): reason = "\(quantity.badly) than the conditions allow"
    }
    var registry = try Registry(opening: registry)
    registry.lockSeconds = 1
    let statement = Registry.Statement(
      by: .init(isAutomatic: true, name: "gateway"), reason: reason, time: time, evidence: watch.json)
    return watch.verdict == .promote
      ? try registry.complete(only: canary.candidate, statement) : try registry.abort(only: canary.candidate, statement)
  }
}

extension ReplayQuantity {
  /// How a candidate is that has too much or too little of it.
  fileprivate var badly: String {
    switch self {
    case .quality: "of lower quality"
    case .costUSD: "more expensive"
    case .latencyMilliseconds: "slower"
    case .failures: "failing more often"
    }
  }
}
