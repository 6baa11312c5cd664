package import GatewayCore
package import Logging
package import NIOCore

/// What lives as long as the process, whatever the configuration.
package final class GatewayServices: Sendable {
  package let clock: GatewayClock
  /// Runs the server and the connections to providers.
  package let group: any EventLoopGroup
  /// Calls upstream under way.
  package let deadlines = DeadlineTable()
  /// Clients' connections.
  package let presences = PresenceTable()
  package let metrics: GatewayMetrics
  /// `nil` where nothing is to be kept; set for good when the process starts, as is ``spans``.
  package let telemetry: TelemetryRecorder?
  /// What keys may spend, and what they spent.
  package let ledger: any Ledger
  /// `nil` without a collector.
  package let spans: SpanExporter?
  package let admission: Admission
  package let logger: Logger

  package init(
    clock: GatewayClock, group: any EventLoopGroup, metrics: GatewayMetrics, telemetry: TelemetryRecorder?,
    ledger: any Ledger = MemoryLedger(), spans: SpanExporter?, admission: Admission, logger: Logger
  ) {
    self.clock = clock
    self.group = group
    self.metrics = metrics
    self.telemetry = telemetry
    self.ledger = ledger
    self.spans = spans
    self.admission = admission
    self.logger = logger
  }

  /// Tells all who keep account that a request is over.
  func finished(_ trace: RequestTrace) {
    metrics.record(trace)
    telemetry?.record(trace)
    spans?.record(trace)
  }
}
