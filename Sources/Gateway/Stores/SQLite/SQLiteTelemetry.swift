import Foundation
import GRDB
import Synchronization

/// Telemetry in SQLite: a request log that the trainer reads as one, and the gateway's own tables beside it. Readers go on
/// while a batch is written (write-ahead log).
final class SQLiteTelemetry: TelemetryStore {
  let file: SQLiteFile

  init(_ file: SQLiteFile) {
    self.file = file
    file.open()
  }

  func close() { file.close() }

  func write(_ batch: TelemetryBatch) throws(TelemetryStoreError) {
    do { try file.pool.write { try Self.write(batch, into: $0) } } catch { throw file.storeError(error) }
  }

  /// Writes a batch; the caller has opened the transaction.
  static func write(_ batch: TelemetryBatch, into database: Database) throws {
    var changes = CellChanges()
    for entry in batch.entries { try write(entry, &changes, into: database) }
    try changes.write(into: database)
    for policy in batch.policies { try insert(policy, "policies", into: database) }
    for used in batch.spending { try write(used, into: database) }
  }

  func deleteRequests(before time: Double, limit: Int) throws(TelemetryStoreError) -> Int {
    do { return try file.pool.write { try Self.deleteRequests(before: time, limit: limit, from: $0) } } catch {
      throw file.storeError(error)
    }
  }

  func forget(_ subject: ForgottenSubject, limit: Int) throws(TelemetryStoreError) -> Int {
    do { return try file.pool.write { try Self.forget(subject, limit: limit, in: $0) } } catch {
      throw file.storeError(error)
    }
  }

  func owner(of id: String) async throws(TelemetryStoreError) -> RequestOwner? {
    try await read { database in
      try Row.fetchOne(database, sql: "SELECT key_name FROM decisions WHERE request_id = ?", arguments: [id])
        .map { RequestOwner(key: $0["key_name"]) }
    }
  }

  var isInPlace: Bool { file.isInPlace }

  func request(_ id: String) async throws(TelemetryStoreError) -> StoredRequest? {
    try await read { try Self.request(id, in: $0) }
  }

  func labelSpending(since time: Double) async throws(TelemetryStoreError) -> LabelSpending {
    try await read { try Self.labelSpending(since: time, in: $0) }
  }

  func policies() async throws(TelemetryStoreError) -> [TelemetryRow] {
    try await read { database in
      try Row.fetchAll(database, sql: "SELECT * FROM policies ORDER BY time, policy_hash").map(TelemetryRow.init)
    }
  }

  func spending(sinceDay day: Int) async throws(TelemetryStoreError) -> [KeySpending] {
    try await read { database in
      let sql = "SELECT * FROM spend WHERE day >= ? ORDER BY day, key_name"
      return try Row.fetchAll(database, sql: sql, arguments: [day]).map(KeySpending.init)
    }
  }

  func canaryTurns(
    of canary: String, after number: Int, limit: Int
  ) async throws(TelemetryStoreError) -> [LoggedCanaryTurn] {
    try await read { database in
      let sql = "SELECT * FROM canary_turns WHERE canary = ? AND number > ? ORDER BY number LIMIT ?"
      return try Row.fetchAll(database, sql: sql, arguments: [canary, number, limit])
        .compactMap { LoggedCanaryTurn(TelemetryRow($0)) }
    }
  }

  func canaryTurns(ofRequests ids: [String]) async throws(TelemetryStoreError) -> [LoggedCanaryTurn] {
    try await read { database in
      let statement = try database.cachedStatement(sql: "SELECT * FROM canary_turns WHERE request_id = ?")
      return try ids.compactMap { id in
        try Row.fetchOne(statement, arguments: [id]).flatMap { LoggedCanaryTurn(TelemetryRow($0)) }
      }
    }
  }

  func experimentTurns(
    of design: String, after number: Int, limit: Int
  ) async throws(TelemetryStoreError) -> [LoggedExperimentTurn] {
    try await read { database in
      let sql = "SELECT * FROM experiment_turns WHERE design = ? AND number > ? ORDER BY number LIMIT ?"
      return try Row.fetchAll(database, sql: sql, arguments: [design, number, limit])
        .compactMap { LoggedExperimentTurn(TelemetryRow($0)) }
    }
  }

  func experimentTurns(
    of design: String, requests ids: [String]
  ) async throws(TelemetryStoreError) -> [LoggedExperimentTurn] {
    try await read { database in
      let statement = try database.cachedStatement(
        sql: "SELECT * FROM experiment_turns WHERE request_id = ? AND design = ?")
      return try ids.compactMap { id in
        try Row.fetchOne(statement, arguments: [id, design]).flatMap { LoggedExperimentTurn(TelemetryRow($0)) }
      }
    }
  }

  private func read<Value: Sendable>(
    _ body: @escaping @Sendable (Database) throws -> Value
  ) async throws(TelemetryStoreError) -> Value {
    do { return try await file.pool.read(body) } catch { throw file.storeError(error) }
  }
}

// Writing.
extension SQLiteTelemetry {
  /// A row that is there already stays; `false` then.
  @discardableResult
  static func insert(_ row: TelemetryRow, _ table: String, into database: Database) throws -> Bool {
    let sql = insertion(of: row.columns, into: table)
    try database.cachedStatement(sql: sql).execute(arguments: row.arguments)
    return database.changesCount > 0
  }

  /// The statement that inserts a row: a table's rows have the same columns, so that its text is made once.
  private static func insertion(of columns: [String], into table: String) -> String {
    insertions.withLock { known in
      if let last = known[table], last.columns == columns { return last.sql }
      let marks = columns.map { _ in "?" }.joined(separator: ", ")
      let sql = "INSERT OR IGNORE INTO \(table) (\(columns.joined(separator: ", "))) VALUES (\(marks))"
      known[table] = (columns, sql)
      return sql
    }
  }

  private static let insertions = Mutex<[String: (columns: [String], sql: String)]>([:])

  /// A record whose id exists already is skipped. That can happen only where a client sets the ids of its requests.
  ///
  /// - Returns: `false` then.
  static func write(_ record: TelemetryRecord, into database: Database) throws -> Bool {
    guard try insert(record.decision, "decisions", into: database) else { return false }
    try addReceipt(of: record.id, to: database)
    for attempt in record.attempts { try insert(attempt, "attempts", into: database) }
    if let turn = record.canaryTurn { try insert(turn, "canary_turns", into: database) }
    for turn in record.experimentTurns { try insert(turn, "experiment_turns", into: database) }
    guard let request = record.request, try insert(request, "requests", into: database) else { return true }
    for outcome in record.outcomes { try insert(outcome, "outcomes", into: database) }
    return true
  }

  /// Only where the request is there: its batch may have been lost, or retention may have passed since.
  private static let insertFeedback = """
    INSERT INTO feedback (request_id, quality, source, time, key_name, by_administrator)
    SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE EXISTS (SELECT 1 FROM decisions WHERE request_id = ?1)
    """

  private static let deleteFeedback = """
    DELETE FROM feedback WHERE request_id = ? AND key_name IS ? AND coalesce(by_administrator, 0) = ?
    """

  private static let updateQuality = """
    UPDATE outcomes SET quality = ?, origin = 'feedback' WHERE request_id = ? AND inclusion IS NULL AND name =
      (SELECT coalesce(answered_tier, answered_target) FROM decisions WHERE request_id = ?)
    """

  /// The last feedback is the quality of the outcome, unless that was drawn to be rated; of each key the last is kept.
  static func write(_ feedback: Feedback, into database: Database) throws {
    try database.cachedStatement(sql: deleteFeedback).execute(arguments: [
      feedback.requestID, feedback.key, feedback.isAdministrators,
    ])
    try database.cachedStatement(sql: insertFeedback).execute(arguments: [
      feedback.requestID, feedback.quality, feedback.source, feedback.time, feedback.key, feedback.isAdministrators,
    ])
    try database.cachedStatement(sql: updateQuality).execute(arguments: [
      feedback.quality, feedback.requestID, feedback.requestID,
    ])
  }

  private static let addSpend = """
    INSERT INTO spend (key_name, day, requests, unpriced_requests, input_tokens, output_tokens, cost_usd, booked_usd)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key_name, day) DO UPDATE SET
      requests = requests + excluded.requests, unpriced_requests = unpriced_requests + excluded.unpriced_requests,
      input_tokens = input_tokens + excluded.input_tokens, output_tokens = output_tokens + excluded.output_tokens,
      cost_usd = cost_usd + excluded.cost_usd,
      booked_usd = coalesce(booked_usd, cost_usd) + excluded.booked_usd
    """

  private static func write(_ used: KeySpending, into database: Database) throws {
    try database.cachedStatement(sql: addSpend).execute(arguments: [
      used.key, used.day, used.requests, used.unpricedRequests, used.inputTokens, used.outputTokens, used.costUSD,
      used.bookedUSD,
    ])
  }

  private static func deleteRequests(before time: Double, limit: Int, from database: Database) throws -> Int {
    let oldest = "SELECT request_id FROM decisions WHERE time < ? ORDER BY time, request_id LIMIT ?"
    return try delete(requests: oldest, arguments: [time, limit], from: database)
  }

  /// What belongs to a request, table by table, with the column that holds its id; the request itself is last.
  private static let tables = [
    ("outcomes", "request_id"), ("requests", "id"), ("feedback", "request_id"), ("labels", "request_id"),
    ("ratings", "request_id"), ("canary_turns", "request_id"),
    ("experiment_turns", "request_id"), ("attempts", "request_id"), ("decisions", "request_id"),
  ]

  /// Deletes the requests whose ids a query gives, with all that belongs to them; returns how many.
  static func delete(
    requests ids: String, arguments: StatementArguments, from database: Database
  ) throws -> Int {
    // The chain goes on without the request's name.
    try database.cachedStatement(sql: "UPDATE receipts SET request_id = NULL WHERE request_id IN (\(ids))")
      .execute(arguments: arguments)
    for (table, column) in tables {
      let sql = "DELETE FROM \(table) WHERE \(column) IN (\(ids))"
      try database.cachedStatement(sql: sql).execute(arguments: arguments)
    }
    return database.changesCount
  }
}

// Reading.
extension SQLiteTelemetry {
  private static func request(_ id: String, in database: Database) throws -> StoredRequest? {
    func rows(_ table: String, _ column: String = "request_id", order: String = "rowid") throws -> [TelemetryRow] {
      let sql = "SELECT * FROM \(table) WHERE \(column) = ? ORDER BY \(order)"
      return try Row.fetchAll(database, sql: sql, arguments: [id]).map(TelemetryRow.init)
    }
    guard let decision = try rows("decisions").first else { return nil }
    var record = TelemetryRecord(id: id, time: decision["time"].real ?? 0, decision: decision)
    record.answeredName = decision["answered_tier"].text ?? decision["answered_target"].text
    record.attempts = try rows("attempts", order: "position")
    record.request = try rows("requests", "id").first
    record.outcomes = try rows("outcomes")
    let feedback = try rows("feedback", order: "id").map { row in
      Feedback(
        requestID: id, quality: row["quality"].real ?? 0, source: row["source"].text ?? "",
        time: row["time"].real ?? 0, key: row["key_name"].text,
        isAdministrators: row["by_administrator"] == .integer(1))
    }
    return StoredRequest(
      record: record, feedback: feedback, label: try rows("labels", order: "request_id").first,
      personRatings: try rows("ratings").map(GivenRating.init))
  }
}

extension TelemetryValue {
  fileprivate var databaseValue: DatabaseValue {
    switch self {
    case .null: .null
    case .integer(let value): value.databaseValue
    case .real(let value): value.databaseValue
    case .text(let value): value.databaseValue
    case .bytes(let value): Data(value).databaseValue
    }
  }

  fileprivate init(_ value: DatabaseValue) {
    self =
      switch value.storage {
      case .null: .null
      case .int64(let value): .integer(value)
      case .double(let value): .real(value)
      case .string(let value): .text(value)
      case .blob(let value): .bytes([UInt8](value))
      }
  }
}

extension TelemetryRow {
  /// As optionals of any type: the initialiser for one type goes by key paths, which doubles the time to write a row.
  var arguments: StatementArguments {
    StatementArguments(values.map { value -> (any DatabaseValueConvertible)? in value.databaseValue })
  }

  init(_ row: Row) {
    self.init()
    for (column, value) in row { set(column, TelemetryValue(value)) }
  }
}

extension KeySpending {
  fileprivate init(_ row: Row) {
    self.init(key: row["key_name"], day: row["day"])
    requests = row["requests"]
    unpricedRequests = row["unpriced_requests"]
    inputTokens = row["input_tokens"]
    outputTokens = row["output_tokens"]
    costUSD = row["cost_usd"]
    bookedUSD = row["booked_usd"] ?? costUSD
  }
}
