/// One pass over the logs of a ``LogSource``.
///
/// A stream is a single pass: copies share the position.
package struct LogStream: LogReader {
  /// What has been read so far; complete once ``next()`` has returned `nil`.
  package private(set) var summary = LogSummary()

  private let paths: [String]
  private let pipes: KeptPipes
  private let options: LogOptions
  private let totalBytes: Int?
  private var nextPath = 0
  private var reader: (any LogFileReader)?
  private var entriesOfFile = 0
  private var bytesOfFinishedFiles = 0
  private var reportedBytes = 0
  private var hasFailed = false
  private var remarks = LogRemarks()
  private var merger: RecordMerger?

  init(paths: [String], pipes: KeptPipes = KeptPipes(), options: LogOptions, totalBytes: Int?) {
    self.paths = paths
    self.pipes = pipes
    self.options = options
    self.totalBytes = totalBytes
    merger = options.merging.map { RecordMerger(by: $0, repeats: options.repeats) }
  }

  /// How far reading has come.
  package var progress: LogProgress { LogProgress(bytesRead: summary.bytesRead, totalBytes: totalBytes) }

  /// The next record or rejected record of the files in a row; `nil` at the end of the last, and after an error.
  /// - Throws: ``LogError``; in strict reading also ``LogError/rejected(_:)``; at the end ``LogError/marksOffScale(paths:marks:records:)``
  ///   where marks are on another scale.
  package mutating func next() throws(LogError) -> LogEntry? {
    guard !hasFailed else { return nil }
    do throws(LogError) {
      while let entry = try nextMerged() {
        if case .record(let record) = entry, options.leavesOut?(record) == true {
          summary.leftOut += 1
          continue
        }
        try count(entry)
        return entry
      }
      summary.remarks = remarks.all
      if let marks = summary.marksOffScale, marks.distort(summary.records) {
        throw .marksOffScale(paths: paths, marks: marks, records: summary.records)
      }
    } catch {
      hasFailed = true
      throw error
    }
    return nil
  }

  /// The next entry whose rows are all there.
  private mutating func nextMerged() throws(LogError) -> LogEntry? {
    while merger != nil {
      if let whole = merger?.popReady() {
        countMerged()
        return .record(whole)
      }
      guard let entry = try nextOfFile() else {
        merger?.finish()
        guard let whole = merger?.popReady() else { return nil }
        countMerged()
        return .record(whole)
      }
      guard case .record(let record) = entry else { return entry }
      if let whole = merger?.take(record) { return .record(whole) }
    }
    return try nextOfFile()
  }

  private mutating func countMerged() {
    guard let merger else { return }
    (summary.merged, summary.mergedDraws) = (merger.merged, merger.draws)
    summary.contradictions = merger.contradictions
  }

  private mutating func nextOfFile() throws(LogError) -> LogEntry? {
    while true {
      if reader == nil {
        guard nextPath < paths.count else { return nil }
        reader = try LogSource.reader(path: paths[nextPath], pipes, options: options)
        nextPath += 1
      }
      let entry = try reader?.next()
      noteProgress()
      if let entry {
        entriesOfFile += 1
        return entry
      }
      finishFile()
    }
  }

  private mutating func count(_ entry: LogEntry) throws(LogError) {
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
    if let reader { remarks.add(reader.remarks) }
    bytesOfFinishedFiles = summary.bytesRead
    entriesOfFile = 0
    reader = nil
  }
}
