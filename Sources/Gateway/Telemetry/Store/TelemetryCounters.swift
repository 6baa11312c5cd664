/// How the store fares: what `/metrics` shows of it. Traces, feedback and labels together.
package struct TelemetryCounters: Sendable, Hashable {
  /// In the database.
  package var written = 0
  /// Found no room in the queue.
  package var dropped = 0
  /// Lost with a batch that the database refused, or no values that a log may hold.
  package var failed = 0
  /// Wait to be written.
  package var queued = 0
  /// Requests that retention deleted.
  package var deleted = 0
  /// Whether the database's file was deleted or replaced while it was open.
  package var isDetached = false
}
