package import Logging
import Synchronization
import TextKit

/// All alerts of the process: the one door that they are raised and cleared through.
///
/// Told are changes of state only, once in and once out, whatever how often somebody says the same: in the log, in the metrics and, where one is
/// configured, to a webhook. Nothing here waits. What is raised outlives the process where the store does.
package final class AlertBoard: Sendable {
  private let active: Mutex<[String: AlertChange]>
  private let listener = Mutex<(@Sendable (AlertChange) -> Void)?>(nil)
  private let store: any AlertStore
  private let metrics: GatewayMetrics
  private let now: @Sendable () -> Double
  private let logger: Logger

  /// - Parameters:
  ///   - store: what was raised before counts as raised.
  ///   - now: seconds since 1970.
  package init(
    store: any AlertStore = MemoryAlerts(), metrics: GatewayMetrics, logger: Logger,
    now: @escaping @Sendable () -> Double
  ) {
    let known = store.raised
    active = Mutex(Dictionary(known.map { ($0.alert.name, $0) }) { $1 })
    (self.store, self.metrics, self.logger, self.now) = (store, metrics, logger, now)
    for change in known { metrics.alert[change.alert.name].set(1) }
  }

  /// Who is notified of changes from now on; it must not wait.
  func use(_ listener: (@Sendable (AlertChange) -> Void)?) { self.listener.withLock { $0 = listener } }

  /// What is raised now, by when.
  package var raised: [AlertChange] {
    active.withLock { $0.values.sorted { ($0.time, $0.alert.name) < ($1.time, $1.alert.name) } }
  }

  /// Raises an alert; one of the name that is raised already takes the new cause silently.
  package func raise(_ alert: Alert) {
    let change = AlertChange(alert: alert, isRaised: true, time: now())
    let known = active.withLock { active -> AlertChange? in
      let known = active[alert.name]
      if known == nil { active[alert.name] = change } else { active[alert.name]?.alert = alert }
      return known
    }
    guard let known else { return notify(change) }
    if known.alert != alert { store.write(AlertChange(alert: alert, isRaised: true, time: known.time)) }
  }

  /// Clears the alert of a name; one that is not raised is none.
  ///
  /// - Parameter cause: why it is as it should be again; `nil` for that which raised it.
  package func clear(_ name: String, cause: String? = nil) {
    guard var change = active.withLock({ $0.removeValue(forKey: name) }) else { return }
    (change.isRaised, change.time) = (false, now())
    if let cause { change.alert.cause = cause }
    notify(change)
  }

  /// Writes what has come so far.
  func close() async { await store.close() }

  private func notify(_ change: AlertChange) {
    let (alert, word) = (change.alert, change.isRaised ? "raised" : "cleared")
    store.write(change)
    metrics.alert[alert.name].set(change.isRaised ? 1 : 0)
    metrics.alerts[alert.name, word].add()
    let facts: Logger.Metadata = [
      "alert": "\(SafeText.visible(alert.name))", "cause": "\(SafeText.visible(alert.cause))",
      "remedy": "\(SafeText.visible(alert.remedy))",
    ]
    if change.isRaised {
      logger.warning("alert raised", metadata: facts)
    } else {
      logger.notice("alert cleared", metadata: facts)
    }
    listener.withLock { $0 }?(change)
  }
}
