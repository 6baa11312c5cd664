import Dispatch
import Foundation
import GRDB
package import Logging
package import RequestLog
import Synchronization

/// Keeps what happened to requests in SQLite: a request log for the trainer, and the gateway's books.
///
/// ``record(_:)`` takes a lock for a moment and never waits. One serial queue writes, in transactions of up to
/// ``batchRows``, as soon as there are so many or ``pauseSeconds`` after the first; readers go on meanwhile (write-ahead
/// log). What finds no room, and what the database refuses, is counted; the gateway goes on without it. A program that
/// is killed loses what waited: in steady state at most one batch.
package final class TelemetryStore: TraceSink {
  /// Entries per transaction, and the number of waiting entries that calls the writer at once.
  package static let batchRows = 256

  /// Requests that one transaction of retention deletes.
  static let deletedRows = 256

  package let path: String
  let pool: DatabasePool
  let queue: Mutex<TelemetryQueue>
  let settings: Mutex<TelemetrySettings>
  private let writer = Mutex(TelemetryWriter())
  private let deletedCount = Mutex(0)
  private let isFailing = Mutex(false)
  private let logger: Logger
  private let now: @Sendable () -> Double
  private let pauseSeconds: Double
  /// Everything that writes runs here.
  private let writing = DispatchQueue(label: "ockham.telemetry")

  /// Opens the database, and creates it or brings it up to date.
  ///
  /// - Parameters:
  ///   - queueRecords: entries that may wait; more are dropped and counted.
  ///   - pauseSeconds: how long an entry may wait for others to be written with.
  ///   - lockSeconds: how long a batch waits for another program that locks the file.
  ///   - now: seconds since 1970, for retention.
  /// - Throws: ``LogError`` where the file cannot be opened, written or brought up to date.
  package init(
    path: String, settings: TelemetrySettings, queueRecords: Int = 8192, pauseSeconds: Double = 0.2,
    lockSeconds: Double = 2, logger: Logger,
    now: @escaping @Sendable () -> Double = { Date().timeIntervalSince1970 }
  ) throws(LogError) {
    self.path = path
    self.settings = Mutex(settings)
    queue = Mutex(TelemetryQueue(capacity: queueRecords, batchRows: Self.batchRows))
    self.pauseSeconds = pauseSeconds
    self.logger = logger
    self.now = now
    Self.createPrivately(path)
    do {
      pool = try DatabasePool(path: path, configuration: Self.configuration(lockSeconds: lockSeconds))
      try TelemetrySchema.migrator.migrate(pool)
    } catch { throw LogError(error, path: path) }
    scheduleDeletion(afterSeconds: pauseSeconds)
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

  /// Takes a request that is over. Never waits.
  package func record(_ trace: RequestTrace) { call(queue.withLock { $0.add(trace) }) }

  /// Changes what is kept, from the next batch on.
  package func use(_ settings: TelemetrySettings) { self.settings.withLock { $0 = settings } }

  /// How the store fares.
  package var counters: TelemetryCounters {
    var counters = queue.withLock { queue in
      var counters = queue.counters
      counters.queued = queue.count
      return counters
    }
    counters.deleted = deletedCount.withLock { $0 }
    return counters
  }

  /// Writes what has come so far.
  package func flush() async { await onWriter { $0.drain() } }

  /// Writes what has come so far and closes the file; what comes later is dropped and counted.
  package func close() async {
    queue.withLock { $0.close() }
    await onWriter { store in
      store.drain()
      try? store.pool.close()
    }
  }

  private func onWriter(_ body: @escaping @Sendable (TelemetryStore) -> Void) async {
    await withCheckedContinuation { continuation in
      writing.async {
        body(self)
        continuation.resume()
      }
    }
  }

  func call(_ call: TelemetryQueue.Call) {
    switch call {
    case .none: break
    case .now: writing.async { [weak self] in self?.drain() }
    case .later: writing.asyncAfter(deadline: .now() + pauseSeconds) { [weak self] in self?.drain() }
    }
  }
}

// On the writing queue.
extension TelemetryStore {
  /// Writes batches until nothing waits or the database refuses.
  private func drain() {
    queue.withLock { $0.noteWriter() }
    while true {
      let batch = queue.withLock { $0.takeBatch() }
      if batch.isEmpty || !write(batch) { return }
    }
  }

  /// Writes a batch in one transaction; `false` where the database refused.
  private func write(_ batch: TelemetryQueue.Batch) -> Bool {
    let settings = settings.withLock { $0 }
    do {
      try writer.withLock { writer in
        try pool.write { database in try writer.write(batch, settings, into: database) }
      }
    } catch {
      note(error, batch)
      return false
    }
    queue.withLock { $0.finish(batch) }
    noteSuccess()
    return true
  }

  /// A locked database is tried again with the same batch; all other errors cost it.
  private func note(_ error: any Error, _ batch: TelemetryQueue.Batch) {
    let code = (error as? DatabaseError)?.resultCode
    if code == .SQLITE_BUSY || code == .SQLITE_LOCKED {
      queue.withLock { $0.putBack(batch) }
    } else {
      queue.withLock { $0.fail(batch) }
    }
    if queue.withLock({ $0.count }) > 0 {
      writing.asyncAfter(deadline: .now() + max(1, pauseSeconds)) { [weak self] in self?.drain() }
    }
    warn(error)
  }

  /// One warning until writing works again. SQLite's messages name tables and files, never values.
  private func warn(_ error: any Error) {
    let isNew = isFailing.withLock { isFailing in
      defer { isFailing = true }
      return !isFailing
    }
    guard isNew else { return }
    logger.warning(
      "telemetry cannot be written; requests go on without it",
      metadata: ["error": "\(LogError(error, path: path))", "queued": "\(counters.queued)"])
  }

  private func noteSuccess() {
    let wasFailing = isFailing.withLock { isFailing in
      defer { isFailing = false }
      return isFailing
    }
    guard wasFailing else { return }
    logger.notice("telemetry is written again", metadata: ["failed": "\(counters.failed)"])
  }
}

// Retention, on the writing queue.
extension TelemetryStore {
  /// Once a minute, and at once again while there is more to delete.
  private static let deletionSeconds = 60.0

  /// Deletes everything older than the settings say, in small transactions.
  package func deleteExpired() async {
    await onWriter { store in
      while store.deleteBatch() {}
    }
  }

  private func scheduleDeletion(afterSeconds seconds: Double) {
    writing.asyncAfter(deadline: .now() + seconds) { [weak self] in
      guard let self else { return }
      scheduleDeletion(afterSeconds: deleteBatch() ? 0.01 : Self.deletionSeconds)
    }
  }

  /// Deletes the oldest expired requests; `false` when there are no more.
  private func deleteBatch() -> Bool {
    guard let days = settings.withLock({ $0.retentionDays }), !queue.withLock({ $0.isClosed }) else { return false }
    let end = now() - days * 86_400
    do {
      let count = try pool.write { try TelemetryWriter.deleteRequests(before: end, limit: Self.deletedRows, from: $0) }
      deletedCount.withLock { $0 += count }
      return count == Self.deletedRows
    } catch {
      warn(error)
      return false
    }
  }
}
