import Foundation
import Logging
import NIOPosix
import Ockham
import ServiceLifecycle
import Synchronization

@testable import ChatProtocols
@testable import Gateway
@testable import GatewayCore
@testable import Registry

/// A gateway without a server for one of the services that run beside it, which looks when a test says so.
final class SteppedGateway: Sendable {
  /// What a reload reads.
  struct Source: Sendable {
    var configuration = GatewayConfiguration.demo()
    var model: Model?
    /// What a reload ends with; `nil` where it succeeds.
    var problem: GatewayError?
    /// Whether the candidate of the registry that is configured is read too.
    var hasCandidate = false
  }

  /// The source as it is now, and how often it was read.
  private final class ReadSource: Sendable {
    let source: Mutex<Source>
    let reads = Mutex(0)

    init(_ source: Source) { self.source = Mutex(source) }

    func read() -> Source {
      reads.withLock { $0 += 1 }
      return source.withLock { $0 }
    }
  }

  let live: SwappableGateway
  let clock: SteppedClock
  let lines: LogLines
  private let source: ReadSource

  var shared: SharedResources { live.shared }
  var logger: Logger { shared.logger }

  /// How often configuration and model were read anew.
  var reloads: Int { source.reads.withLock { $0 } }

  init(
    _ first: Source = Source(), store: (any TelemetryStore)? = nil, watch: (any WatchStore)? = nil,
    metrics: GatewayMetrics = GatewayMetrics(), at start: Double = Traces.time
  ) throws {
    let (clock, lines, source) = (SteppedClock(at: start), LogLines(), ReadSource(first))
    let logger = Logger(label: "test") { _ in lines }
    let recorder = store.map {
      TelemetryRecorder($0, settings: TelemetrySettings(prompts: .none), pauseSeconds: 3600, logger: logger)
    }
    let shared = SharedResources(
      clock: clock.clock, group: MultiThreadedEventLoopGroup.singleton, metrics: metrics, telemetry: recorder,
      watch: watch, spans: nil, logger: logger)
    live = SwappableGateway(
      runtime: try Self.runtime(first, shared, earlier: nil), shared: shared, environment: { _ in nil }
    ) { earlier throws(GatewayError) in
      let source = source.read()
      if let problem = source.problem { throw problem }
      do { return try Self.runtime(source, shared, earlier: earlier) } catch {
        throw GatewayError(.reloadFailed, message: "\(error)")
      }
    }
    (self.clock, self.lines, self.source) = (clock, lines, source)
  }

  private static func runtime(
    _ source: Source, _ shared: SharedResources, earlier: ConfiguredGateway?
  ) throws -> ConfiguredGateway {
    var candidate: CandidateModel?
    if source.hasCandidate, let path = source.configuration.registryPath, let model = source.model {
      let registry = try Registry(opening: URL(filePath: path))
      if let pointer = try registry.pointer()?.pointer, let canary = CanaryUnderWay(pointer, try registry.journal()) {
        candidate = CandidateModel(model: model, canary: canary)
      }
    }
    return try ConfiguredGateway(
      configuration: source.configuration, model: source.model, candidate: candidate, catalogue: .shipped,
      environment: { _ in nil }, shared: shared, earlier: earlier)
  }

  /// What the next reload reads.
  func change(_ change: (inout Source) -> Void) { source.source.withLock { change(&$0) } }

  /// Runs a service until it has come to its first pause, and ends it behind the body.
  func run(_ service: any Service, _ body: () async throws -> Void) async throws {
    let group = ServiceGroup(
      configuration: ServiceGroupConfiguration(services: [service], logger: Logger(label: "test") { _ in LogLines() }))
    let task = Task { try await group.run() }
    await clock.untilAsleep()
    do { try await body() } catch {
      task.cancel()
      throw error
    }
    await group.triggerGracefulShutdown()
    try await task.value
  }
}
