import Foundation
import GRDB
import RequestLog
import Synchronization

/// The gateway's database file, opened and brought up to date once for all that stand on it.
final class SQLiteFile: Sendable {
  let path: String
  let pool: DatabasePool
  private let users = Mutex(0)

  /// Opens the file, and creates it where there is none.
  ///
  /// - Parameter lockSeconds: how long a transaction waits for another program that locks the file.
  /// - Throws: ``LogError`` where the file cannot be opened, written or brought up to date.
  init(path: String, lockSeconds: Double = 2) throws(LogError) {
    self.path = path
    Self.createPrivately(path)
    do {
      pool = try DatabasePool(path: path, configuration: Self.configuration(lockSeconds: lockSeconds))
      try TelemetrySchema.migrator.migrate(pool)
    } catch { throw LogError(error, path: path) }
  }

  /// A new file is for its owner alone: it may hold prompts. SQLite gives its other files the same permissions.
  private static func createPrivately(_ path: String) {
    guard !FileManager.default.fileExists(atPath: path) else { return }
    _ = FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600])
  }

  private static func configuration(lockSeconds: Double) -> Configuration {
    var configuration = Configuration()
    configuration.label = "telemetry"
    configuration.busyMode = .timeout(lockSeconds)
    configuration.maximumReaderCount = 2
    configuration.prepareDatabase { database in
      try database.execute(sql: "PRAGMA synchronous = NORMAL")
    }
    return configuration
  }

  /// One more stands on the file.
  func open() { users.withLock { $0 += 1 } }

  /// One less; the last closes the file.
  func close() {
    let isLast = users.withLock { users in
      users -= 1
      return users == 0
    }
    if isLast { try? pool.close() }
  }

  /// What an error of the database means for a store. SQLite's messages name tables and files, never values.
  func storeError(_ error: any Error) -> TelemetryStoreError {
    let text = "\(LogError(error, path: path))"
    switch (error as? DatabaseError)?.resultCode {
    case .SQLITE_BUSY, .SQLITE_LOCKED: return .busy(text)
    default: return .refused(text)
    }
  }
}
