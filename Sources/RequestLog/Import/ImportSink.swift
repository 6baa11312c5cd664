import TextKit

/// Takes the records of an import: checks each, writes it, and counts what was rejected.
final class ImportSink {
  private(set) var summary = ImportSummary()

  private var writer: any LogWriter
  private let options: ImportOptions
  private var gate: RecordValidator
  private let totalBytes: Int?
  private var finishedBytes = 0
  private var reportedBytes = 0
  private var ids: ImportedIDs

  /// - Parameter idsMayRepeat: whether the log takes several rows of one record, which are merged when it is read.
  init(
    writer: any LogWriter, outputPath: String, options: ImportOptions, totalBytes: Int?, idsMayRepeat: Bool = true
  ) {
    self.writer = writer
    self.options = options
    self.totalBytes = totalBytes
    gate = RecordValidator(path: outputPath, options: LogOptions(rejectsDuplicateIDs: false))
    ids = ImportedIDs(mayRepeat: idsMayRepeat)
  }

  /// Writes the record that `make` gives, or counts the violation that it throws.
  /// - Throws: ``LogError`` of the writer; the violation, in strict reading.
  func take(
    path: String, line: Int, _ make: () throws(RecordViolation) -> LogRecord
  ) throws(ImportError) {
    do throws(RecordViolation) {
      var record = try make()
      try gate.admit(&record, at: .line(summary.log.records + 1))
      try write(ids.named(record, at: LogPlace(path: path, position: .line(line))))
    } catch { try reject(error, path: path, line: line) }
    if let pendingError { throw .log(pendingError) }
  }

  private var pendingError: LogError?

  private func write(_ record: LogRecord) throws(RecordViolation) {
    do throws(LogError) {
      try writer.write(record)
      summary.add(record)
    } catch { pendingError = error }
  }

  /// Counts a bad row.
  /// - Throws: ``LogError/rejected(_:)`` in strict reading.
  func reject(_ violation: RecordViolation, path: String, line: Int) throws(ImportError) {
    let problem = LogProblem(path: path, position: .line(line), violation: violation)
    summary.log.add(problem, keeping: options.keptProblems)
    if options.isStrict { throw .log(.rejected(problem)) }
  }

  /// Adds a sentence to the summary.
  func note(_ sentence: String) { summary.notes.append(sentence) }

  /// Says which models that the caller renamed or priced are not in the files.
  func noteUnmatched(_ options: ImportOptions, isMet: (String) -> Bool) {
    for (option, names) in [("--rename", options.renames.keys.sorted()), ("--price", options.prices.keys.sorted())] {
      for name in names where !isMet(name) {
        note("\(option) \(ImportError.header(name)): no such model in the files")
      }
    }
  }

  /// Says how far the current file is read.
  func progress(_ input: any ByteInput) {
    summary.log.bytesRead = finishedBytes + input.bytesRead
    guard summary.log.bytesRead > reportedBytes else { return }
    reportedBytes = summary.log.bytesRead
    options.onProgress?(LogProgress(bytesRead: summary.log.bytesRead, totalBytes: totalBytes))
  }

  /// Closes the account of a file.
  func finishFile(_ input: any ByteInput) {
    progress(input)
    finishedBytes = summary.log.bytesRead
  }

  /// Brings the log to the disk; refuses to write one without a record.
  func finish(paths: [String]) throws(ImportError) {
    summary.notes += ids.remarks.all.map(\.description)
    if let sentence = ids.splitRecords { summary.notes.append(sentence) }
    guard summary.log.records > 0 else {
      throw .nothingUsable(
        .noRecords(paths: paths, rejected: summary.log.rejectedCount),
        reasons: summary.log.problems.map { "\($0)" } + summary.notes)
    }
    do throws(LogError) { try writer.finish() } catch { throw .log(error) }
  }
}

/// Gives records ids by which they can be distinguished.
///
/// A row with the id and the request of an earlier one is another part of its record, and keeps the id where the log may
/// repeat it. Any other row with a known id gets a number behind it: `r1~2`.
private struct ImportedIDs {
  private let mayRepeat: Bool
  private var questions: [UInt64: UInt64] = [:]
  private var copies: [UInt64: Int] = [:]
  /// The models of the first record of each request, by hashes.
  private var models: [UInt64: UInt64] = [:]
  private var count = 0
  private var split = 0
  private(set) var remarks = LogRemarks()

  init(mayRepeat: Bool) { self.mayRepeat = mayRepeat }

  mutating func named(_ record: LogRecord, at place: LogPlace) -> LogRecord {
    let (hash, question) = (ContentHash(record.id).value, record.questionHash)
    count += 1
    guard let known = questions[hash] else {
      lookForParts(record)
      questions[hash] = question
      return record
    }
    if known == question, mayRepeat {
      remarks.note(
        "row with the id and the request of an earlier one: they are one record when the log is read", at: place)
      return record
    }
    var record = record
    let id = record.id
    repeat {
      copies[hash, default: 1] += 1
      record.id = "\(id)~\(copies[hash] ?? 2)"
    } while questions[ContentHash(record.id).value] != nil
    questions[ContentHash(record.id).value] = question
    remarks.note("row with the id of an earlier one: distinguished by a number behind the id, as in id~2", at: place)
    return record
  }

  /// Counts records of an id of their own that ask what an earlier one asks, and report other models.
  private mutating func lookForParts(_ record: LogRecord) {
    guard !record.outcomes.isEmpty else { return }
    var names = ContentHash()
    for name in record.outcomes.map(\.name).sorted() {
      names.append(name.utf8Span.span)
      names.append(0)
    }
    if models[record.contentHash, default: names.value] != names.value { split += 1 }
    if models[record.contentHash] == nil { models[record.contentHash] = names.value }
  }

  /// Where many records are parts of one that only their ids keep apart.
  var splitRecords: String? { MergeKey.contentAdvice(split, of: count, others: "models") }
}
