/// Logs to read in a row, each opened by its content: JSON lines, the same in gzip, or SQLite; `-` is standard input.
package struct LogSource: Sendable {
  /// The files in the order they are read.
  package var paths: [String]
  /// How they are read.
  package var options: LogOptions
  private let pipes = KeptPipes()

  package init(paths: [String], options: LogOptions = LogOptions()) {
    self.paths = paths
    self.options = options
  }

  /// Opens the logs for one pass.
  ///
  /// All paths are checked first, so that a mistyped last one is known before hours are spent on the others. Where rows
  /// are merged, all is read once to count the keys; pipes are kept in a temporary file for that. Where there is no
  /// room for one, all records are held until the end.
  /// - Throws: ``LogError`` of the first path that cannot be read.
  package func open() throws(LogError) -> LogStream {
    guard !paths.isEmpty else { throw .noPaths }
    var total = 0
    var unknown: [String] = []
    for path in paths {
      if path != "-", let size = try FileInput.checkedSize(path: path) { total += size } else { unknown.append(path) }
    }
    var options = options
    if let key = options.merging, try areKept(unknown) {
      options.repeats = try RepeatedKeys(paths, pipes, options: options, by: key)
    }
    return LogStream(paths: paths, pipes: pipes, options: options, totalBytes: unknown.isEmpty ? total : nil)
  }

  private func areKept(_ unknown: [String]) throws(LogError) -> Bool {
    for path in unknown where try pipes.pipe(path) == nil { return false }
    return true
  }

  /// The same logs with every row for itself: what estimates from propensities need, since each row is a draw.
  package var unmerged: LogSource {
    var source = self
    (source.options.merging, source.options.rejectsDuplicateIDs) = (nil, false)
    return source
  }

  /// Reads everything, calls `body` with each record, and returns the summary.
  /// - Throws: ``LogError``; what `body` wants to throw it must keep itself.
  package func forEachRecord(_ body: (LogRecord) -> Void) throws(LogError) -> LogSummary {
    var stream = try open()
    while let entry = try stream.next() {
      if case .record(let record) = entry { body(record) }
    }
    return stream.summary
  }

  /// Reads everything into memory: for logs that fit.
  /// - Throws: ``LogError``, also where there is no record at all.
  package func readAll() throws(LogError) -> (records: [LogRecord], summary: LogSummary) {
    var records: [LogRecord] = []
    let summary = try forEachRecord { records.append($0) }
    guard !records.isEmpty else { throw .noRecords(paths: paths, rejected: summary.rejectedCount) }
    return (records, summary)
  }

  /// Opens one file with the reader that its content asks for.
  static func reader(path: String, _ pipes: KeptPipes, options: LogOptions) throws(LogError) -> any LogFileReader {
    let input = try pipes.open(path)
    let format = LogFormat(head: input.head)
    try format.check(path: path)
    return switch format {
    case .gzip: try JSONLReader(try GzipInput(input), options: options)
    case .sqlite: try SQLiteReader(path: path, options: options)
    case .jsonLines, .other: try JSONLReader(input, options: options)
    }
  }
}
