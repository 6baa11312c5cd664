/// Reads a file line by line as bytes, for those who keep what they do not understand.
///
/// Plain or gzip'd; lines end in LF or CR LF; a byte-order mark at the start is skipped; blank lines are numbered
/// and skipped. Of a database each record is a line. Memory: one line, or a batch of a database.
package final class RawLineReader {
  /// One line, without its end.
  package struct Line: Sendable {
    /// From 1; of a database the rowid.
    package var number: Int
    /// The line; empty where it is too long.
    package var bytes: [UInt8]
    /// What is wrong with it as a line.
    package var violation: RecordViolation?
    var isRow = false

    /// Where it stands.
    package var position: LogPosition { isRow ? .row(Int64(number)) : .line(number) }
  }

  private enum Source {
    case lines(any ByteInput, LineScanner)
    case database(DatabaseLines)
  }

  private let source: Source
  private let maximumLineBytes: Int

  init(_ input: any ByteInput, maximumLineBytes: Int = 64 << 20) {
    self.maximumLineBytes = maximumLineBytes
    source = .lines(input, LineScanner(input, maximumLineBytes: maximumLineBytes))
  }

  /// Opens a request log: JSON lines, the same in gzip, or SQLite; `-` is standard input.
  /// - Throws: ``LogError`` where it cannot be opened, or is of another form that `ockham import` reads.
  package init(path: String) throws(LogError) {
    maximumLineBytes = 64 << 20
    let input = try FileInput(path: path)
    let format = LogFormat(head: input.head)
    try format.check(path: path)
    if format == .sqlite {
      source = .database(try DatabaseLines(path: path))
      return
    }
    if path != "-", input.totalBytes != nil { try ForeignForm.refuse(path) }
    let bytes: any ByteInput = format == .gzip ? try GzipInput(input) : input
    source = .lines(bytes, LineScanner(bytes, maximumLineBytes: maximumLineBytes))
  }

  /// How far the file is read.
  package var progress: LogProgress {
    switch source {
    case .lines(let input, _): LogProgress(bytesRead: input.bytesRead, totalBytes: input.totalBytes)
    case .database(let database): database.progress
    }
  }

  /// The next line that is not blank; `nil` at the end.
  package func next() throws(LogError) -> Line? {
    switch source {
    case .lines(_, let scanner): try next(scanner)
    case .database(let database): try database.next()
    }
  }

  private func next(_ scanner: LineScanner) throws(LogError) -> Line? {
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
