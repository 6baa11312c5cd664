/// One pass over the logs of a ``LogSource``.
///
/// A stream is a single pass: copies share the position.
package struct LogStream: LogReader {
  /// What has been read so far; complete once ``next()`` has returned `nil`.
  package private(set) var summary = LogSummary()

  private let paths: [String]
  private let options: LogOptions
  private let totalBytes: Int?
  private var nextPath = 0
  private var reader: (any LogFileReader)?
  private var entriesOfFile = 0
  private var bytesOfFinishedFiles = 0
  private var reportedBytes = 0
  private var hasFailed = false

  init(paths: [String], options: LogOptions, totalBytes: Int?) {
    self.paths = paths
    self.options = options
    self.totalBytes = totalBytes
  }

  /// How far reading has come.
  package var progress: LogProgress { LogProgress(bytesRead: summary.bytesRead, totalBytes: totalBytes) }

  /// The next record or rejected record of the files in a row; `nil` at the end of the last, and after an error.
  /// - Throws: ``LogError``; in strict reading also ``LogError/rejected(_:)``.
  package mutating func next() throws(LogError) -> LogEntry? {
    guard !hasFailed else { return nil }
    do throws(LogError) {
      while let entry = try nextOfFile() {
        try count(entry)
        return entry
      }
    } catch {
      hasFailed = true
      throw error
    }
    return nil
  }

  private mutating func nextOfFile() throws(LogError) -> LogEntry? {
    while true {
      if reader == nil {
        guard nextPath < paths.count else { return nil }
        reader = try LogSource.reader(path: paths[nextPath], options: options)
        nextPath += 1
      }
      let entry = try reader?.next()
      noteProgress()
      if let entry { return entry }
      finishFile()
    }
  }

  private mutating func count(_ entry: LogEntry) throws(LogError) {
    entriesOfFile += 1
    switch entry {
    case .record: summary.records += 1
    case .rejected(let problem):
      summary.add(problem, keeping: options.keptProblems)
      if options.isStrict { throw .rejected(problem) }
    }
  }

  private mutating func noteProgress() {
    guard let reader else { return }
    summary.bytesRead = bytesOfFinishedFiles + reader.progress.bytesRead
    guard summary.bytesRead > reportedBytes else { return }
    reportedBytes = summary.bytesRead
    options.onProgress?(progress)
  }

  private mutating func finishFile() {
    if entriesOfFile == 0, let reader { summary.emptyPaths.append(reader.path) }
    bytesOfFinishedFiles = summary.bytesRead
    entriesOfFile = 0
    reader = nil
  }
}
