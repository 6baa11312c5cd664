import Foundation
import GRDB
import TextKit

/// Writes a log to SQLite, in transactions of ``batchRecords`` records.
///
/// A new file is written aside and renamed, as by ``JSONLWriter``. Appending uses a write-ahead log, so that readers go
/// on reading, and brings an older schema up to date.
package final class SQLiteWriter: LogWriter {
  /// Records per transaction.
  package static let batchRecords = 256

  private let path: String
  private let partialPath: String?
  private var queue: DatabaseQueue?
  private var encoder = RecordEncoder()
  private var pending: [EncodedRecord] = []
  private var recordCount = 0

  private struct EncodedRecord: Sendable {
    var record: LogRecord
    var request: String?
    var allowed: String?
    var steps: String?
    /// Per outcome.
    var answers: [String?]
    var gold: [String?]
    var number: Int
  }

  /// Opens a log for writing.
  /// - Throws: ``LogError/databaseFailed(path:code:reason:)``, ``LogError/databaseCorrupt(path:reason:)``.
  package init(path: String, mode: LogWriteMode = .replace) throws(LogError) {
    self.path = path
    partialPath = mode == .replace ? OutputFile.partialPath(for: path) : nil
    if let partialPath { Self.removeFiles(of: partialPath) }
    do {
      let queue = try DatabaseQueue(path: partialPath ?? path, configuration: Self.configuration(mode))
      try LogSchema.migrator.migrate(queue)
      self.queue = queue
    } catch { throw LogError(error, path: path) }
  }

  deinit {
    if queue != nil, partialPath == nil { try? flush() }
    if queue != nil, let partialPath { Self.removeFiles(of: partialPath) }
  }

  /// - Throws: also ``LogError/duplicateID(path:record:)``, once the batch is written that the record is in; the whole
  ///   batch is then left out.
  package func write(_ record: LogRecord) throws(LogError) {
    guard queue != nil else { throw .alreadyFinished(path: path) }
    recordCount += 1
    try record.validate(path: path, record: recordCount)
    let request =
      record.features == nil
      ? encoder.object(for: record.request, record.settings, reference: record.reference) : nil
    pending.append(
      EncodedRecord(
        record: record, request: request,
        allowed: record.allowed.map { names in JSONBuilder.text { $0.append(names: names) } },
        steps: record.steps.map { steps in JSONBuilder.text { $0.append(steps) } },
        answers: record.outcomes.map { $0.answer.map { answer in JSONBuilder.text { $0.append(answer) } } },
        gold: record.outcomes.map { $0.gold.map { gold in JSONBuilder.text { $0.append(gold) } } },
        number: recordCount))
    if pending.count >= Self.batchRecords { try flush() }
  }

  /// Writes what was gathered in one transaction.
  package func flush() throws(LogError) {
    guard let queue else { throw .alreadyFinished(path: path) }
    let batch = pending
    let path = path
    pending.removeAll(keepingCapacity: true)
    do {
      try queue.write { database in
        for encoded in batch { try Self.insert(encoded, into: database, path: path) }
      }
    } catch { throw LogError(error, path: path) }
  }

  package func finish() throws(LogError) {
    guard let queue else { return }
    try flush()
    do { try queue.close() } catch { throw LogError(error, path: path) }
    self.queue = nil
    guard let partialPath else { return }
    try OutputFile.move(partialPath, to: path)
  }

  private static func configuration(_ mode: LogWriteMode) -> Configuration {
    var configuration = Configuration()
    configuration.busyMode = .timeout(10)
    configuration.prepareDatabase { database in
      try database.execute(sql: mode == .append ? "PRAGMA journal_mode = WAL" : "PRAGMA journal_mode = DELETE")
      try database.execute(sql: "PRAGMA synchronous = NORMAL")
    }
    return configuration
  }

  private static func removeFiles(of path: String) {
    for suffix in ["", "-journal", "-wal", "-shm"] { unsafe unlink(path + suffix) }
  }
}

extension SQLiteWriter {
  private static let insertRequest = """
    INSERT INTO requests (
      id, dataset, request, tier, weight, task, propensity, timestamp, features, served, allowed, eligible, conversation,
      policy_hash, steps, label_rate, audit_rate, failed)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    """

  private static let insertOutcome = """
    INSERT INTO outcomes (
      request_id, name, quality, cost_usd, output_tokens, latency_ms, inclusion, origin, answer, gold, response_features)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    """

  private static func insert(_ encoded: EncodedRecord, into database: Database, path: String) throws {
    let record = encoded.record
    do {
      try database.cachedStatement(sql: insertRequest).execute(arguments: [
        record.id, record.dataset, encoded.request, record.tier, Double(record.weight), record.task?.name,
        record.propensity, record.timestamp, record.features.map { Data($0.bytes) },
        record.served, encoded.allowed, record.eligible, record.conversation, record.policyHash, encoded.steps,
        record.labelRate, record.auditRate, record.failed,
      ])
    } catch let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT {
      throw LogError.duplicateID(path: path, record: encoded.number)
    }
    let statement = try database.cachedStatement(sql: insertOutcome)
    for (index, outcome) in record.outcomes.enumerated() {
      try statement.execute(arguments: [
        record.id, outcome.name, outcome.quality, outcome.costUSD, outcome.outputTokens, outcome.latencyMilliseconds,
        outcome.inclusion, outcome.origin?.rawValue, encoded.answers[index], encoded.gold[index],
        outcome.responseFeatures.map { Data($0) },
      ])
    }
  }
}
