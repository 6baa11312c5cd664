import ChatProtocols
import Evaluation
import GatewayCore
import TextKit

/// What parts of the page read.
extension PageCall {
  var selection: PageSelection { PageSelection(query) }

  /// - Throws: ``GatewayError/Code/notConfigured`` (409) where nothing is kept.
  func auditStore() throws(GatewayError) -> any AuditStore {
    if let store = shared.audit { return store }
    throw GatewayError(
      .notConfigured,
      message: "Expected a log of requests, found none: nothing is kept. Set telemetry.path to a file and start again.")
  }

  /// The audit of the selected requests, beside the period before.
  func audit(_ selection: PageSelection) async throws(GatewayError) -> (report: AuditReport, asOf: Double, all: Traffic)
  {
    let store = try auditStore()
    let (hours, names) = (selection.period.hours, runtime.tierNames)
    do throws(TelemetryStoreError) {
      let (read, before) = (
        try await page.views.traffic(.init(hours: hours, tierNames: names), from: store),
        try await page.views.traffic(.init(hours: hours, hoursBack: hours, tierNames: names), from: store)
      )
      let filter = selection.filter
      let isAll = filter.isEmpty
      let report = AuditReport(
        isAll ? read.traffic : read.traffic.filtered { filter.takes($0) },
        earlier: isAll ? before.traffic : before.traffic.filtered { filter.takes($0) },
        options: options(asOf: read.asOf))
      return (report, read.asOf, read.traffic)
    } catch { throw Self.unreadable(error) }
  }

  private func options(asOf time: Double) -> AuditOptions {
    var options = AuditOptions()
    options.madeAt = time
    options.alerts = shared.alerts.raised.map {
      AuditAlert(name: $0.alert.name, cause: $0.alert.cause, remedy: $0.alert.remedy, time: $0.time)
    }
    return options
  }

  /// Reads from the log, beside what requests need.
  func read<Value: Sendable>(
    _ body: @escaping @Sendable (any AuditStore) throws(TelemetryStoreError) -> Value
  ) async throws(GatewayError) -> Value {
    let store = try auditStore()
    do throws(TelemetryStoreError) {
      return try await page.views.reading { () throws(TelemetryStoreError) in try body(store) }
    } catch { throw Self.unreadable(error) }
  }

  static func unreadable(_ error: TelemetryStoreError) -> GatewayError {
    GatewayError(
      .overloaded, message: "The log cannot be read at the moment: \(error). Try again; see the gateway's own log.",
      retryAfterSeconds: 1)
  }
}
