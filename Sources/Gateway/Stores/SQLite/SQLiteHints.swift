import Dispatch
import GRDB
import Logging
import RequestLog
import Synchronization

/// Hints that outlive their process: answered from memory as ``MemoryHints`` does, and written behind the request path.
///
/// What cannot be written is lost with the process, and then learnt again.
final class SQLiteHints: HintStore {
  private let file: SQLiteFile
  private let memory = MemoryHints()
  private let logger: Logger
  private let isClosed = Mutex(false)
  private let writing = DispatchQueue(label: "ockham.hints")

  /// Takes over what the file has.
  /// - Throws: ``LogError`` where the file cannot be read.
  init(_ file: SQLiteFile, logger: Logger) throws(LogError) {
    self.file = file
    self.logger = logger
    do { memory.add(try file.pool.read(Self.all)) } catch { throw LogError(error, path: file.path) }
    file.open()
  }

  func hints(of place: HintPlace, at time: Double) -> [String: Double] {
    write { database in
      try database.execute(
        sql: "DELETE FROM refused_hints WHERE time <= ? OR (target = ? AND fingerprint <> ?)",
        arguments: [time - Self.lifetimeSeconds, place.target, place.fingerprint])
    }
    return memory.hints(of: place, at: time)
  }

  func add(_ name: String, of place: HintPlace, at time: Double) {
    memory.add(name, of: place, at: time)
    write { database in
      try database.execute(
        sql: "INSERT OR REPLACE INTO refused_hints (target, fingerprint, name, time) VALUES (?, ?, ?, ?)",
        arguments: [place.target, place.fingerprint, name, time])
      try database.execute(
        sql: """
          DELETE FROM refused_hints WHERE rowid NOT IN (SELECT rowid FROM refused_hints ORDER BY time DESC, rowid DESC LIMIT ?)
          """, arguments: [Self.capacity])
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

  private func write(_ body: @escaping @Sendable (Database) throws -> Void) {
    writing.async { [self] in
      guard !isClosed.withLock({ $0 }) else { return }
      do { try file.pool.write(body) } catch {
        logger.warning(
          "what a target refuses cannot be written; a restart learns it again",
          metadata: ["error": "\(LogError(error, path: file.path))"])
      }
    }
  }

  private static func all(_ database: Database) throws -> [LearntHint] {
    try Row.fetchAll(database, sql: "SELECT * FROM refused_hints ORDER BY time, rowid").map { row in
      LearntHint(
        place: HintPlace(target: row["target"], fingerprint: row["fingerprint"]), name: row["name"], time: row["time"])
    }
  }
}
