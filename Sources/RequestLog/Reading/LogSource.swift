/// Logs to read in a row, each opened by its content: JSON lines, the same in gzip, or SQLite; `-` is standard input.
package struct LogSource: Sendable {
  /// The files in the order they are read.
  package var paths: [String]
  /// How they are read.
  package var options: LogOptions

  package init(paths: [String], options: LogOptions = LogOptions()) {
    self.paths = paths
    self.options = options
  }

  /// Opens the logs for one pass.
  ///
  /// All paths are checked first, so that a mistyped last one is known before hours are spent on the others. Where rows
  /// are merged, files are passed over once to count their keys; of pipes all records are held until the end.
  /// - Throws: ``LogError`` of the first path that cannot be read.
  package func open() throws(LogError) -> LogStream {
    guard !paths.isEmpty else { throw .noPaths }
    var total: Int? = 0
    for path in paths where path != "-" {
      let size = try FileInput.checkedSize(path: path)
      total = total.flatMap { sum in size.map { sum + $0 } }
    }
    var options = options
    let areFiles = total != nil && !paths.contains("-")
    if let key = options.merging, areFiles {
      options.repeats = try RepeatedKeys(paths, options: options, by: key)
    }
    return LogStream(paths: paths, options: options, totalBytes: paths.contains("-") ? nil : total)
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
  static func reader(path: String, options: LogOptions) throws(LogError) -> any LogFileReader {
    let input = try FileInput(path: path)
    switch LogFormat(head: input.head) {
    case .jsonLines: return try JSONLReader(input, options: options)
    case .gzip: return try JSONLReader(try GzipInput(input), options: options)
    case .sqlite where path == "-":
      throw .notALog(path: path, found: "a SQLite database on standard input", remedy: "name its file instead")
    case .sqlite: return try SQLiteReader(path: path, options: options)
    case .other(let found, let remedy): throw .notALog(path: path, found: found, remedy: remedy)
    }
  }
}
