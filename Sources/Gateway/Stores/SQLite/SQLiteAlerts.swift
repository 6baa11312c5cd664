import Dispatch
import GRDB
import Logging
import RequestLog
import Synchronization

/// Raised alerts that outlive their process.
///
/// What cannot be written is told again after a restart.
final class SQLiteAlerts: AlertStore {
  let raised: [AlertChange]
  private let file: SQLiteFile
  private let logger: Logger
  private let isClosed = Mutex(false)
  private let writing = DispatchQueue(label: "ockham.alerts")

  /// - Throws: ``LogError`` where the file cannot be read.
  init(_ file: SQLiteFile, logger: Logger) throws(LogError) {
    (self.file, self.logger) = (file, logger)
    do { raised = try file.pool.read(Self.all) } catch { throw LogError(error, path: file.path) }
    file.open()
  }

  private static func all(_ database: Database) throws -> [AlertChange] {
    try Row.fetchAll(database, sql: "SELECT * FROM alerts ORDER BY time, name").map { row in
      AlertChange(
        alert: Alert(name: row["name"], cause: row["cause"], remedy: row["remedy"]), isRaised: true, time: row["time"])
    }
  }

  func write(_ change: AlertChange) {
    writing.async { [self] in
      guard !isClosed.withLock({ $0 }) else { return }
      do {
        try file.pool.write { database in
          if change.isRaised {
            try database.execute(
              sql: "INSERT OR REPLACE INTO alerts (name, cause, remedy, time) VALUES (?, ?, ?, ?)",
              arguments: [change.alert.name, change.alert.cause, change.alert.remedy, change.time])
          } else {
            try database.execute(sql: "DELETE FROM alerts WHERE name = ?", arguments: [change.alert.name])
          }
        }
      } catch {
        logger.warning(
          "a change of an alert cannot be written; a restart reports it again",
          metadata: ["error": "\(LogError(error, path: file.path))"])
      }
    }
  }

  func close() async {
    await withCheckedContinuation { continuation in writing.async { continuation.resume() } }
    let isFirst = isClosed.withLock { isClosed in
      defer { isClosed = true }
      return !isClosed
    }
    if isFirst { file.close() }
  }
}
