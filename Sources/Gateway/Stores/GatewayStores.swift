import GatewayCore
import Foundation
import Logging
import RequestLog

/// Where a gateway keeps what outlasts its requests, and perhaps its process. Each kind of store is a folder beside this
/// file and a line in ``open(_:settings:logger:now:)``.
struct GatewayStores: Sendable {
  /// `nil` where nothing is to be kept.
  let telemetry: TelemetryRecorder?
  let ledger: any Ledger
  let hints: any HintStore
  let alerts: any AlertStore
  /// `nil` where nothing is kept: then nothing can be watched.
  let watch: (any WatchStore)?
  /// `nil` where nothing is kept: then there is nothing to show.
  let audit: (any AuditStore)?

  init(
    telemetry: TelemetryRecorder? = nil, ledger: any Ledger = MemoryLedger(), hints: any HintStore = MemoryHints(),
    alerts: any AlertStore = MemoryAlerts(), watch: (any WatchStore)? = nil, audit: (any AuditStore)? = nil
  ) {
    self.telemetry = telemetry
    self.ledger = ledger
    self.hints = hints
    self.alerts = alerts
    self.watch = watch
    self.audit = audit
  }

  /// Opens what a configuration names: a database file, or nothing, and then budgets last as long as the process.
  /// - Throws: ``LogError`` where it cannot be used.
  static func open(
    _ configuration: TelemetryConfiguration, settings: TelemetrySettings, logger: Logger,
    now: @escaping @Sendable () -> Double
  ) throws(LogError) -> GatewayStores {
    guard let path = configuration.path else { return GatewayStores() }
    let file = try SQLiteFile(path: path)
    let recorder = TelemetryRecorder(
      SQLiteTelemetry(file), settings: settings, queueRecords: configuration.queueRecords, logger: logger, now: now)
    return GatewayStores(
      telemetry: recorder, ledger: try SQLiteLedger(file, at: now(), logger: logger),
      hints: try SQLiteHints(file, logger: logger), alerts: try SQLiteAlerts(file, logger: logger),
      watch: SQLiteWatch(file), audit: try SQLiteAudit(file))
  }

  /// Writes what has come so far.
  func close() async {
    await ledger.close()
    await hints.close()
    await alerts.close()
    watch?.close()
    audit?.close()
    await telemetry?.close()
  }
}
