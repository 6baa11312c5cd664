import ChatProtocols
package import GatewayCore
package import Logging
package import NIOCore
import Synchronization
import TextKit

/// What lives as long as the process, whatever the configuration.
package final class SharedResources: Sendable {
  package let clock: GatewayClock
  /// Runs the server and the connections to providers.
  package let group: any EventLoopGroup
  /// Calls upstream in progress.
  package let deadlines = CallTokenTable()
  /// Clients' connections.
  package let connections: ConnectionTable
  /// Connections to the operator's page, which take no client's.
  let pageConnections: ConnectionTable
  package let metrics: GatewayMetrics
  /// Whether keys steer.
  let topTierShares: TopTierShareWatch
  /// `nil` where nothing is to be kept; set for good when the process starts, as is ``spans``.
  package let telemetry: TelemetryRecorder?
  /// What keys may spend, and what they spent.
  package let ledger: any Ledger
  /// What is not as it should be: raised and cleared here.
  package let alerts: AlertBoard
  /// Whom alerts are posted to; `nil` for no one.
  let webhook = Mutex<Webhook?>(nil)
  /// What the gateway's own traffic was; `nil` where nothing is kept.
  let watch: (any WatchStore)?
  /// What the page shows of the traffic; `nil` as above.
  let audit: (any AuditStore)?
  /// What targets were found to refuse.
  package let hints: any HintStore
  /// `nil` without a collector.
  package let spans: SpanExporter?
  package let admission: Admission
  /// Bytes of requests.
  package let bodies: ByteBudget

  /// How the canary fares.
  let canary = Board()

  /// How the arms of experiments compare.
  let experiments = Board()

  /// The responses that clients may go on from.
  package let responses = ResponseStore()
  package let logger: Logger

  init(
    clock: GatewayClock, group: any EventLoopGroup, metrics: GatewayMetrics, telemetry: TelemetryRecorder?,
    ledger: any Ledger = MemoryLedger(), hints: any HintStore = MemoryHints(),
    alerts: any AlertStore = MemoryAlerts(), watch: (any WatchStore)? = nil,
    audit: (any AuditStore)? = nil, spans: SpanExporter?,
    limits: LimitConfiguration = LimitConfiguration(), connections: ConnectionLimits = ConnectionLimits(),
    logger: Logger
  ) {
    self.clock = clock
    self.alerts = AlertBoard(store: alerts, metrics: metrics, logger: logger, now: clock.unixSeconds)
    self.group = group
    self.metrics = metrics
    topTierShares = TopTierShareWatch(metrics: metrics, logger: logger)
    self.telemetry = telemetry
    self.ledger = ledger
    self.hints = hints
    self.watch = watch
    self.audit = audit
    self.spans = spans
    admission = Admission(running: limits.concurrentRequests, waiting: limits.queuedRequests)
    bodies = ByteBudget(limits.bufferedBytes)
    self.connections = ConnectionTable(connections)
    var few = connections
    few.connections = min(connections.connections, 256)
    pageConnections = ConnectionTable(few)
    self.logger = logger
  }

  /// What copies need of it.
  var forShadows: ShadowEngine.Services {
    ShadowEngine.Services(
      clock: clock, group: group, deadlines: deadlines, admission: admission, ledger: ledger, hints: hints,
      metrics: metrics, telemetry: telemetry, logger: logger)
  }

  /// Notifies all who keep account that a request is over.
  func finished(_ trace: RequestTrace) {
    for attempt in trace.attempts {
      logFailure(of: attempt, in: trace.id)
      if attempt.usage?.isFlagged == true { logFlaggedUsage(of: attempt, in: trace) }
    }
    metrics.record(trace)
    topTierShares.record(trace)
    telemetry?.record(trace)
    if trace.kind == .chat { spans?.record(trace) }
  }

  private func logFlaggedUsage(of attempt: Attempt, in trace: RequestTrace) {
    logger.warning(
      "the provider's count of tokens cannot be true; an estimate is booked",
      metadata: ["request": "\(trace.id)", "target": "\(SafeText.label(attempt.target))"])
  }

  /// One line per attempt that failed, without a word of the request or the answer. The answers that a cascade rejected are
  /// no failures.
  func logFailure(of attempt: Attempt, in request: String) {
    guard let failure = attempt.failure, failure != .rejected else { return }
    var facts: Logger.Metadata = [
      "request": "\(request)", "target": "\(SafeText.label(attempt.target))", "kind": "\(failure.rawValue)",
      "scope": "\(failure.scope)", "latency_ms": "\(Int(attempt.latencyMilliseconds))",
    ]
    if let status = attempt.status { facts["status"] = "\(status)" }
    if let reason = attempt.reason { facts["reason"] = "\(reason)" }
    if let id = attempt.providerRequestID { facts["provider_request"] = "\(id)" }
    logger.warning("attempt failed", metadata: facts)
  }
}
