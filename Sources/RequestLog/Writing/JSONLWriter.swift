import Foundation

/// Writes a log as JSON lines.
///
/// A new file is written beside its place, brought to the disk and renamed, so a crash leaves the old file or the new
/// one. Appending adds whole lines, one `write` for many; a last line that was cut is closed off first.
package final class JSONLWriter: LogWriter {
  /// Bytes gathered before they are written.
  private static let bufferBytes = 1 << 20

  private let path: String
  private let mode: LogWriteMode
  private let file: OutputFile
  private var encoder = RecordEncoder()
  private var pending: [UInt8] = []
  private var recordCount = 0
  private var isFinished = false

  /// Opens a log for writing.
  /// - Throws: ``LogError/writeFailed(path:reason:)``.
  package init(path: String, mode: LogWriteMode = .replace) throws(LogError) {
    self.path = path
    self.mode = mode
    file = try mode == .replace ? OutputFile(replacing: path) : OutputFile(appendingTo: path)
    if file.endsInsideLine { pending.append(0x0A) }
  }

  /// What was gathered and never finished is dropped with a new file, and written on append.
  deinit {
    if !isFinished, mode == .append { try? file.write(pending) }
  }

  package func write(_ record: LogRecord) throws(LogError) {
    guard !isFinished else { throw .alreadyFinished(path: path) }
    try record.validate(path: path, record: recordCount + 1)
    if let features = record.features {
      do throws(RecordViolation) { try features.check(for: []) } catch {
        throw .unwritable(path: path, record: recordCount + 1, violation: error)
      }
    }
    recordCount += 1
    pending += encoder.line(for: record)
    pending.append(0x0A)
    if pending.count >= Self.bufferBytes { try flush() }
  }

  /// Hands everything gathered to the operating system; `finish()` also brings it to the disk.
  package func flush() throws(LogError) {
    try file.write(pending)
    pending.removeAll(keepingCapacity: true)
  }

  package func finish() throws(LogError) {
    guard !isFinished else { return }
    try flush()
    try file.finish()
    isFinished = true
  }
}
