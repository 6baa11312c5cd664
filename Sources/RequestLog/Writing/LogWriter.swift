/// A log that is written record by record.
package protocol LogWriter {
  /// Adds a record at the end.
  /// - Throws: ``LogError/unwritable(path:record:violation:)`` for a record that no reader would accept; the log is
  ///   then as it was. ``LogError`` of the file otherwise.
  mutating func write(_ record: LogRecord) throws(LogError)

  /// Brings everything to the disk and ends writing. Without it a new file never appears under its name.
  mutating func finish() throws(LogError)
}

/// What a writer does with a file that exists.
package enum LogWriteMode: Sendable, Hashable {
  /// Writes a file of its own and renames it over the old one when all is on the disk: readers see all or nothing.
  case replace
  /// Adds to the file, or creates it.
  case append
}

extension LogRecord {
  /// Checks a record before it is written.
  func validate(path: String, record: Int) throws(LogError) {
    do { try validate() } catch { throw .unwritable(path: path, record: record, violation: error) }
  }
}
