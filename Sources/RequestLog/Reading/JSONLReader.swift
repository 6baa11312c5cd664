/// Reads a log of JSON lines.
///
/// Lines end in LF or CRLF; a byte-order mark before the first is skipped, and so are blank lines, which are
/// numbered but not counted. Memory: the buffer of ``LineScanner``, the tape of one line, and 16 bytes per record's id.
final class JSONLReader: LogFileReader {
  private let input: any ByteInput
  private let scanner: LineScanner
  private let document: JSONDocument
  private let maximumLineBytes: Int
  private var decoder: RecordDecoder
  private var gate: RecordValidator
  private var isFinished = false

  var path: String { input.path }
  var progress: LogProgress { LogProgress(bytesRead: input.bytesRead, totalBytes: input.totalBytes) }
  var remarks: [LogRemark] { decoder.remarks.all }

  /// - Throws: ``LogError/outOfMemory(path:byteCount:)``.
  init(_ input: any ByteInput, options: LogOptions) throws(LogError) {
    self.input = input
    maximumLineBytes = options.maximumRecordBytes
    scanner = LineScanner(input, maximumLineBytes: maximumLineBytes)
    guard let document = JSONDocument(maximumBytes: maximumLineBytes) else {
      throw .outOfMemory(path: input.path, byteCount: 1 << 16)
    }
    self.document = document
    decoder = RecordDecoder(path: input.path, keepsAnswers: options.keepsAnswers)
    gate = RecordValidator(path: input.path, options: options)
  }

  func next() throws(LogError) -> LogEntry? {
    guard !isFinished else { return nil }
    do throws(LogError) {
      while let line = try scanner.next() {
        if let entry = try entry(for: line) { return entry }
      }
    } catch {
      isFinished = true
      throw error
    }
    isFinished = true
    return nil
  }

  private func entry(for line: LineScanner.Line) throws(LogError) -> LogEntry? {
    switch line {
    case .tooLong(let byteCount): return rejected(.tooLong(byteCount: byteCount, limit: maximumLineBytes))
    case .text(let bytes, let isTerminated):
      let text = unsafe JSONLine(bytes, isFirst: scanner.lineNumber == 1, isTerminated: isTerminated)
      if text.isBlank { return nil }
      if scanner.lineNumber == 1 { try checkFirstLine(text) }
      return entry(for: text)
    }
  }

  private func entry(for line: JSONLine) -> LogEntry {
    let position = LogPosition.line(scanner.lineNumber)
    do throws(RecordViolation) {
      try parse(line)
      var record = try decoder.decode(document.root, at: position, defaultID: { gate.defaultID(at: position) })
      try gate.admit(&record, at: position)
      return .record(record)
    } catch {
      return rejected(error)
    }
  }

  private func parse(_ line: JSONLine) throws(RecordViolation) {
    do throws(JSONFault) {
      try unsafe document.parse(line.bytes)
    } catch {
      throw line.violation(for: error)
    }
  }

  private func rejected(_ violation: RecordViolation) -> LogEntry {
    .rejected(LogProblem(path: path, position: .line(scanner.lineNumber), violation: violation))
  }

  private func checkFirstLine(_ line: JSONLine) throws(LogError) {
    guard let reason = line.foreignFormat else { return }
    throw .notALog(path: path, found: reason.found, remedy: reason.remedy)
  }
}
