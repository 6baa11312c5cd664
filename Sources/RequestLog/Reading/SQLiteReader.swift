/// Reads a log from SQLite, in the order of the rowids.
final class SQLiteReader: LogFileReader {
  let path: String
  private let rows: LogRows
  private var decoder: RowDecoder
  private var gate: RecordValidator

  /// Opens a database for reading, and checks its schema.
  /// - Throws: as ``LogRows``.
  init(path: String, options: LogOptions) throws(LogError) {
    self.path = path
    let made = RowDecoder(
      path: path, maximumBytes: options.maximumRecordBytes, keepsAnswers: options.keepsAnswers)
    guard let decoder = made else {
      throw .outOfMemory(path: path, byteCount: 1 << 16)
    }
    self.decoder = decoder
    gate = RecordValidator(path: path, options: options)
    rows = try LogRows(path: path, withAnswers: options.keepsAnswers)
  }

  var progress: LogProgress { rows.progress }

  var remarks: [LogRemark] { decoder.remarks.all }

  func next() throws(LogError) -> LogEntry? { try rows.next().map(entry) }

  private func entry(for row: LogRow) -> LogEntry {
    let position = LogPosition.row(row.rowid)
    do throws(RecordViolation) {
      var record = try decoder.decode(row, at: position, defaultID: { gate.defaultID(at: position) })
      try gate.admit(&record, at: position)
      return .record(record)
    } catch {
      return .rejected(LogProblem(path: path, position: position, violation: error))
    }
  }
}
