/// A log that is read record by record, in its own order.
package protocol LogReader {
  /// The next record or rejected record; `nil` at the end, and after an error was thrown.
  mutating func next() throws(LogError) -> LogEntry?
}

/// One step of reading a log.
package enum LogEntry: Sendable {
  /// A record that passed every check.
  case record(LogRecord)
  /// A record that did not, and why.
  case rejected(LogProblem)
}

/// A reader of one file, as far as ``LogStream`` must know it.
protocol LogFileReader: LogReader {
  var path: String { get }
  /// Bytes read, and of how many.
  var progress: LogProgress { get }
  /// What was skipped so far.
  var remarks: [LogRemark] { get }
}
