/// Keeps which alerts are raised, so that a restart does not report them again.
package protocol AlertStore: Sendable {
  /// What was raised and not cleared when the store was opened.
  var raised: [AlertChange] { get }

  /// Notes a change; never waits for a disk.
  func write(_ change: AlertChange)

  /// Writes what has come so far.
  func close() async
}

/// Alerts that end with the process.
package struct MemoryAlerts: AlertStore {
  package init() {}

  package var raised: [AlertChange] { [] }
  package func write(_ change: AlertChange) {}
  package func close() async {}
}
