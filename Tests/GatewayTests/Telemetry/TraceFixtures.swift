import Foundation
import GRDB
import Logging
import Ockham
import Synchronization

@testable import ChatProtocols
@testable import Gateway
@testable import GatewayCore

/// Traces of invented requests.
enum Traces {
  static let tiers = ["small", "mid", "frontier"]
  /// 2025-03-01T12:00:00Z.
  static let time = 1_740_830_400.0

  static func decision(tier: Int = 0, propensity: Double = 1) -> RoutingDecision {
    var decision = RoutingDecision(
      tier: tier, reason: .policy(.gainBelowThreshold), allowedTiers: [0, 1, 2], policy: "default")
    decision.probabilities = [0.75, 0.875, 0.96875]
    decision.gain = 0.125
    decision.threshold = 0.25
    decision.propensity = propensity
    decision.modelIdentifier = 0xFEED
    decision.nanoseconds = 9_000
    if propensity < 1 { decision.reason = .exploration }
    return decision
  }

  /// A request that its tier answered at once.
  static func answered(
    _ id: String, prompt: String = "what is it?", tier: Int = 0, time: Double = time, key: String? = "alice",
    propensity: Double = 1
  ) -> RequestTrace {
    var trace = RequestTrace(
      id: id, time: time, apiFormat: .chatCompletions, isStream: false, requestedModel: "auto", key: key,
      request: Request(prompt: prompt), decision: decision(tier: tier, propensity: propensity), tierNames: tiers,
      status: 200, latencyMilliseconds: 250, upstreamMilliseconds: 249.5)
    let usage = TokenUsage(
      inputTokens: 100, outputTokens: 40, cachedInputTokens: 10, cacheWriteTokens: 5, reasoningTokens: 8)
    trace.target = "mock/\(tiers[tier])-1"
    trace.tier = tiers[tier]
    trace.usage = usage
    trace.costUSD = 0.0005 * Double(tier + 1)
    trace.finishReason = .stop
    trace.firstTokenMilliseconds = 30
    trace.attempts = [
      Attempt(
        target: trace.target ?? "", tier: tiers[tier], status: 200, latencyMilliseconds: 248,
        firstTokenMilliseconds: 29, usage: usage, costUSD: trace.costUSD)
    ]
    return trace
  }

  /// The rows of a request that its tier answered at once.
  static func record(_ id: String, tier: Int = 0, time: Double = time) -> TelemetryRecord {
    var maker = TelemetryRecordMaker()
    return maker.record(of: answered(id, tier: tier, time: time), TelemetrySettings())
  }

  /// A request of the small tier that the frontier tier answered.
  static func escalated(_ id: String) -> RequestTrace {
    var trace = answered(id, tier: 2)
    trace.decision = decision(tier: 0)
    trace.attempts.insert(
      Attempt(target: "mock/small-1", tier: "small", failure: .serverError, status: 500, latencyMilliseconds: 7), at: 0)
    return trace
  }
}

/// A database in a folder of its own, removed with it.
final class TelemetryFolder: Sendable {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "telemetry-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  var database: String { path + "/gateway.sqlite" }

  /// A store that writes when it is told to: its pause outlasts any test.
  func store(
    _ settings: TelemetrySettings = TelemetrySettings(), queueRecords: Int = 8192, logs: LogLines = LogLines(),
    now: Double = Traces.time
  ) throws -> TelemetryRecorder {
    TelemetryRecorder(
      SQLiteTelemetry(try SQLiteFile(path: database, lockSeconds: 0)), settings: settings, queueRecords: queueRecords,
      pauseSeconds: 3600, logger: Logger(label: "test") { _ in logs }, now: { now })
  }
}

extension TelemetryRecorder {
  /// The connections of a recorder that writes to SQLite.
  var pool: DatabasePool {
    guard let store = store as? SQLiteTelemetry else { preconditionFailure("the store is no file") }
    return store.file.pool
  }

  func spending(sinceDay day: Int) async throws -> [KeySpending] { try await store.spending(sinceDay: day) }
}

/// Keeps what is logged.
struct LogLines: LogHandler {
  final class Lines: Sendable {
    let all = Mutex<[String]>([])
  }

  let lines = Lines()
  var metadata: Logger.Metadata = [:]
  var logLevel = Logger.Level.info

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    lines.all.withLock { $0.append("\(event.level) \(event.message) \(event.metadata ?? [:])") }
  }

  var all: [String] { lines.all.withLock { $0 } }
}

/// The gateway's error that an operation ends with.
func gatewayError(_ body: () async throws -> Void) async -> GatewayError? {
  do { try await body() } catch { return error as? GatewayError }
  return nil
}
