import GRDB

/// Reads a log from SQLite, in the order of the rowids.
///
/// Rows are fetched in batches through a cursor, each batch in a transaction of its own, so a long pass blocks no writer
/// and holds at most ``batchRows`` rows or about ``batchBytes`` bytes of requests and answers.
final class SQLiteReader: LogFileReader {
  static let batchRows = 512
  static let batchBytes = 4 << 20

  let path: String
  private let queue: DatabaseQueue
  private let totalBytes: Int
  private let lastRow: Int64
  private let selection: LogSelection
  private var lastRead: Int64 = .min
  private var decoder: RowDecoder
  private var gate: RecordGate
  private var batch: ArraySlice<LogRow> = []
  private var isFinished = false

  /// Opens a database for reading, and checks its schema.
  /// - Throws: ``LogError/databaseSchema(path:missing:)``, ``LogError/databaseCorrupt(path:reason:)``,
  ///   ``LogError/databaseFailed(path:code:reason:)``.
  init(path: String, options: LogOptions) throws(LogError) {
    self.path = path
    totalBytes = try FileInput.checkedSize(path: path) ?? 0
    guard let decoder = RowDecoder(path: path, maximumBytes: options.maximumRecordBytes) else {
      throw .outOfMemory(path: path, byteCount: 1 << 16)
    }
    self.decoder = decoder
    gate = RecordGate(path: path, options: options)
    do {
      queue = try Self.open(path)
      selection = try queue.read { try LogSelection($0, withAnswers: options.keepsAnswers) }
      lastRow = try queue.read { try Int64.fetchOne($0, sql: "SELECT max(rowid) FROM requests") } ?? 0
    } catch { throw LogError(error, path: path) }
  }

  /// The share of the rowids that is behind, in bytes of the file.
  var progress: LogProgress {
    let share = lastRow > 0 ? Double(max(0, lastRead)) / Double(lastRow) : 1
    return LogProgress(
      bytesRead: isFinished ? totalBytes : Int(Double(totalBytes) * min(1, share)), totalBytes: totalBytes)
  }

  var remarks: [LogRemark] { decoder.remarks.all }

  func next() throws(LogError) -> LogEntry? {
    if batch.isEmpty && !isFinished { try fetch() }
    guard let row = batch.popFirst() else { return nil }
    lastRead = row.rowid
    return entry(for: row)
  }

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

  private func fetch() throws(LogError) {
    let (after, selection) = (lastRead, selection)
    do {
      batch = try queue.read { try LogRow.fetchBatch($0, after: after, selection)[...] }
    } catch {
      isFinished = true
      throw LogError(error, path: path)
    }
    isFinished = batch.isEmpty
  }

  private static func open(_ path: String) throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(10)
    let queue = try DatabaseQueue(path: path, configuration: configuration)
    if let missing = try queue.read(LogSchema.missingPart) {
      throw LogError.databaseSchema(path: path, missing: missing)
    }
    return queue
  }
}
