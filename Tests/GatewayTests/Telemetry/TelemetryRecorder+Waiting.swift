@testable import Gateway

/// What the recorder does by itself in a moment, done now.
extension TelemetryRecorder {
  /// Writes what has come so far.
  func flush() async { await onWriter { $0.drain() } }

  /// Deletes everything older than the settings say.
  func deleteExpired() async { await onWriter { while $0.deleteBatch() {} } }
}
