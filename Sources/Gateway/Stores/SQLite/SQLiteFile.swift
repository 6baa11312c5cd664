import Evaluation
import Foundation
import GRDB
import GatewayCore
import RequestLog
import Synchronization

/// The gateway's database file, opened and brought up to date once for all that stand on it.
final class SQLiteFile: Sendable {
  let path: String
  let pool: DatabasePool
  /// The file that was opened, whatever becomes of its name.
  private let place: FilePlace?
  private let users = Mutex(0)

  /// Opens the file, and creates it where there is none.
  ///
  /// - Parameters:
  ///   - lockSeconds: how long a transaction waits for another program that locks the file.
  ///   - overwrites: whether what is deleted is overwritten with zeros, so that no one finds it in the file.
  /// - Throws: ``LogError`` where the file cannot be opened, written or brought up to date.
  init(path: String, lockSeconds: Double = 2, overwrites: Bool = false) throws(LogError) {
    self.path = path
    Self.createPrivately(path)
    do {
      pool = try DatabasePool(path: path, configuration: Self.configuration(lockSeconds: lockSeconds, overwrites))
      try TelemetrySchema.migrator.migrate(pool)
    } catch { throw LogError(error, path: path) }
    place = FilePlace(path)
    // What fails here is asked for again by the next start; audits say until then what they lack.
    try? buildMissingCells()
  }

  /// Makes the cells of what was written before there were any, where that takes no long time.
  private func buildMissingCells() throws(TelemetryStoreError) {
    let isWanted: Bool
    do {
      isWanted = try pool.read { database in
        guard let since = try CellFacts.completeSinceHour(in: database),
          let first = try Double.fetchOne(database, sql: "SELECT min(time) FROM decisions"),
          TrafficKey.hour(of: first) < since
        else { return false }
        let limit = CellFacts.requestsBuiltAtOnce + 1
        let count = try Int.fetchOne(
          database, sql: "SELECT count(*) FROM (SELECT 1 FROM decisions LIMIT ?)", arguments: [limit])
        return count ?? 0 < limit
      }
    } catch { throw storeError(error) }
    if isWanted { _ = try CellRebuild(file: self).run() }
  }

  /// Whether the name still leads to the file that is written to. Where it was deleted or replaced, what is written is in no
  /// file that has a name, and gone when the process ends.
  var isInPlace: Bool { place == nil || FilePlace(path) == place }

  /// A new file is for its owner alone: it may hold prompts. SQLite gives its other files the same permissions.
  private static func createPrivately(_ path: String) {
    guard !FileManager.default.fileExists(atPath: path) else { return }
    _ = FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600])
  }

  /// That a file which is there already lets others read prompts: it keeps its permissions, which may be meant.
  static func warnings(of telemetry: TelemetryConfiguration) -> [String] {
    guard let path = telemetry.path, telemetry.prompts == .full, let mode = FilePlace.permissions(of: path),
      mode & 0o077 != 0
    else { return [] }
    return [
      "\(path): expected a file that its owner alone may read, for prompts: full keeps texts in it, found the permissions "
        + "\(String(mode, radix: 8)); run chmod 600 on it and on the files beside it that end in -wal and -shm"
    ]
  }

  private static func configuration(lockSeconds: Double, _ overwrites: Bool) -> Configuration {
    var configuration = Configuration()
    configuration.label = "telemetry"
    configuration.busyMode = .timeout(lockSeconds)
    configuration.maximumReaderCount = 2
    configuration.prepareDatabase { database in
      try database.execute(sql: "PRAGMA synchronous = NORMAL")
      if overwrites { try database.execute(sql: "PRAGMA secure_delete = ON") }
    }
    return configuration
  }

  /// Brings all that was written into the file itself and empties the log of writes beside it, which holds what pages were before.
  /// - Returns: `false` where others read meanwhile, and it has to stay.
  func compact() -> Bool {
    (try? pool.writeWithoutTransaction { try $0.checkpoint(.truncate) }) != nil
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

/// Which file a name leads to, by way of links.
private struct FilePlace: Equatable {
  private let device: UInt64
  private let number: UInt64

  init?(_ path: String) {
    guard let facts = Self.facts(of: path) else { return nil }
    (device, number) = (UInt64(truncatingIfNeeded: facts.st_dev), UInt64(truncatingIfNeeded: facts.st_ino))
  }

  /// The permissions of the file that a name leads to; `nil` where there is none.
  static func permissions(of path: String) -> Int? { facts(of: path).map { Int($0.st_mode & 0o777) } }

  private static func facts(of path: String) -> stat? {
    var facts = stat()
    return unsafe stat(path, &facts) == 0 ? facts : nil
  }
}
