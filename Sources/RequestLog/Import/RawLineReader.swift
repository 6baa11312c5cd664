/// Reads a file line by line as bytes, for those who keep what they do not understand.
///
/// Plain or gzip'd; lines end in LF or CR LF; a byte-order mark at the start is passed over; blank lines are numbered
/// and passed over. Memory: one line.
package final class RawLineReader {
  /// One line, without its end.
  package struct Line: Sendable {
    /// From 1.
    package var number: Int
    /// The line; empty where it is too long.
    package var bytes: [UInt8]
    /// What is wrong with it as a line.
    package var violation: RecordViolation?
  }

  private let input: any ByteInput
  private let scanner: LineScanner
  private let maximumLineBytes: Int

  init(_ input: any ByteInput, maximumLineBytes: Int = 64 << 20) {
    self.input = input
    self.maximumLineBytes = maximumLineBytes
    scanner = LineScanner(input, maximumLineBytes: maximumLineBytes)
  }

  /// Opens a file; `-` is standard input.
  /// - Throws: ``LogError`` where it cannot be opened or is no text.
  package convenience init(path: String) throws(LogError) {
    do throws(ImportError) { self.init(try LogImport.open(path)) } catch {
      guard case .log(let inner) = error else { throw .cannotOpen(path: path, reason: "\(error)") }
      throw inner
    }
  }

  /// How far the file is read.
  package var progress: LogProgress { LogProgress(bytesRead: input.bytesRead, totalBytes: input.totalBytes) }

  /// The next line that is not blank; `nil` at the end.
  package func next() throws(LogError) -> Line? {
    while let line = try scanner.next() {
      switch line {
      case .tooLong(let count):
        return Line(
          number: scanner.lineNumber, bytes: [], violation: .tooLong(byteCount: count, limit: maximumLineBytes))
      case .text(let bytes, let isTerminated):
        let text = unsafe JSONLine(bytes, isFirst: scanner.lineNumber == 1, isTerminated: isTerminated)
        if !text.isBlank { return unsafe Line(number: scanner.lineNumber, bytes: Array(text.bytes)) }
      }
    }
    return nil
  }

  func nextForImport() throws(ImportError) -> Line? {
    do throws(LogError) { return try next() } catch { throw .log(error) }
  }
}

/// Writes lines of bytes to a file that appears under its name when all of it is on the disk.
package final class RawLineWriter {
  private static let bufferBytes = 1 << 20

  private let file: OutputFile
  private var pending: [UInt8] = []

  /// - Throws: ``LogError/writeFailed(path:reason:)``.
  package init(path: String) throws(LogError) { file = try OutputFile(replacing: path) }

  /// Writes a line and a line feed.
  package func write(_ line: [UInt8]) throws(LogError) {
    pending += line
    pending.append(0x0A)
    if pending.count >= Self.bufferBytes { try flush() }
  }

  /// Brings everything to the disk and the file to its place.
  package func finish() throws(LogError) {
    try flush()
    try file.finish()
  }

  private func flush() throws(LogError) {
    try file.write(pending)
    pending.removeAll(keepingCapacity: true)
  }
}
