import GRDB

/// The rows of a SQLite log, in the order of the rowids.
///
/// Rows are fetched in batches through a cursor, each batch in a transaction of its own, so a long pass blocks no writer
/// and holds at most ``batchRows`` rows or about ``batchBytes`` bytes of requests and answers.
final class LogRows {
  static let batchRows = 512
  static let batchBytes = 4 << 20

  private let path: String
  private let queue: DatabaseQueue
  private let totalBytes: Int
  private let lastRow: Int64
  private let selection: LogSelection
  private var lastRead: Int64 = .min
  private var batch: ArraySlice<LogRow> = []
  private var isFinished = false

  /// Opens a database for reading, and checks its schema.
  /// - Throws: ``LogError/databaseSchema(path:missing:)``, ``LogError/databaseCorrupt(path:reason:)``,
  ///   ``LogError/databaseFailed(path:code:reason:)``.
  init(path: String, withAnswers: Bool) throws(LogError) {
    self.path = path
    totalBytes = try FileInput.checkedSize(path: path) ?? 0
    do {
      queue = try Self.open(path)
      selection = try queue.read { try LogSelection($0, withAnswers: withAnswers) }
      lastRow = try queue.read { try Int64.fetchOne($0, sql: "SELECT max(rowid) FROM requests") } ?? 0
    } catch { throw LogError(error, path: path) }
  }

  /// The share of the rowids that is behind, in bytes of the file.
  var progress: LogProgress {
    let share = lastRow > 0 ? Double(max(0, lastRead)) / Double(lastRow) : 1
    return LogProgress(
      bytesRead: isFinished ? totalBytes : Int(Double(totalBytes) * min(1, share)), totalBytes: totalBytes)
  }

  /// The next row; `nil` at the end.
  func next() throws(LogError) -> LogRow? {
    if batch.isEmpty && !isFinished { try fetch() }
    guard let row = batch.popFirst() else { return nil }
    lastRead = row.rowid
    return row
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
