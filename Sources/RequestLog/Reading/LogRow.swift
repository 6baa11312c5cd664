import GRDB

/// One row of `requests` with its rows of `outcomes`, as SQLite holds them: any column can be of any type.
struct LogRow: Sendable {
  var rowid: Int64
  /// id, dataset, request, tier, weight, task, propensity, timestamp, features.
  var columns: [DatabaseValue]
  /// Per outcome: name, quality, cost_usd, output_tokens, latency_ms.
  var outcomes: [[DatabaseValue]]

  private static func requests(features: String) -> String {
    """
    SELECT rowid, id, dataset, request, tier, weight, task, propensity, timestamp, \(features)
    FROM requests WHERE rowid > ? ORDER BY rowid LIMIT ?
    """
  }

  private static let outcomes = """
    SELECT name, quality, cost_usd, output_tokens, latency_ms FROM outcomes WHERE request_id = ? ORDER BY rowid
    """

  /// The next rows: at most ``SQLiteReader/batchRows``, fewer once their requests exceed ``SQLiteReader/batchBytes``.
  static func fetchBatch(_ database: Database, after rowid: Int64, hasFeatures: Bool) throws -> [LogRow] {
    let statement = try database.cachedStatement(sql: requests(features: hasFeatures ? "features" : "NULL"))
    let cursor = try Row.fetchCursor(statement, arguments: [rowid, SQLiteReader.batchRows])
    var rows: [LogRow] = []
    var byteCount = 0
    while byteCount < SQLiteReader.batchBytes, let row = try cursor.next() {
      let columns = (1...9).map { row[$0] as DatabaseValue }
      byteCount += columns[2].byteCount + columns[8].byteCount
      rows.append(LogRow(rowid: row[0], columns: columns, outcomes: []))
    }
    for index in rows.indices { rows[index].outcomes = try fetchOutcomes(database, of: rows[index].columns[0]) }
    return rows
  }

  private static func fetchOutcomes(_ database: Database, of id: DatabaseValue) throws -> [[DatabaseValue]] {
    let cursor = try Row.fetchCursor(try database.cachedStatement(sql: outcomes), arguments: [id])
    var result: [[DatabaseValue]] = []
    while let row = try cursor.next() { result.append((0..<5).map { row[$0] as DatabaseValue }) }
    return result
  }
}

extension DatabaseValue {
  /// The bytes of a text or blob; 0 for any other value.
  var byteCount: Int {
    switch storage {
    case .string(let text): text.utf8.count
    case .blob(let data): data.count
    default: 0
    }
  }
}
