import GRDB

/// One row of `requests` with its rows of `outcomes`, as SQLite holds them: any column can be of any type.
struct LogRow: Sendable {
  var rowid: Int64
  /// By ``RequestColumn``.
  var columns: [DatabaseValue]
  /// Per outcome, by ``OutcomeColumn``.
  var outcomes: [[DatabaseValue]]

  subscript(column: RequestColumn) -> DatabaseValue { columns[column.rawValue] }

  /// The next rows: at most ``LogRows/batchRows``, fewer once their texts exceed ``LogRows/batchBytes``.
  static func fetchBatch(_ database: Database, after rowid: Int64, _ selection: LogSelection) throws -> [LogRow] {
    let statement = try database.cachedStatement(sql: selection.requests)
    let cursor = try Row.fetchCursor(statement, arguments: [rowid, LogRows.batchRows])
    var rows: [LogRow] = []
    var byteCount = 0
    while byteCount < LogRows.batchBytes, let row = try cursor.next() {
      let columns = RequestColumn.allCases.map { row[$0.rawValue + 1] as DatabaseValue }
      var fetched = LogRow(rowid: row[0], columns: columns, outcomes: [])
      fetched.outcomes = try fetchOutcomes(database, of: fetched[.id], selection)
      byteCount += fetched.byteCount
      rows.append(fetched)
    }
    return rows
  }

  private static func fetchOutcomes(
    _ database: Database, of id: DatabaseValue, _ selection: LogSelection
  ) throws -> [[DatabaseValue]] {
    let cursor = try Row.fetchCursor(try database.cachedStatement(sql: selection.outcomes), arguments: [id])
    var result: [[DatabaseValue]] = []
    while let row = try cursor.next() {
      result.append(OutcomeColumn.allCases.map { row[$0.rawValue] as DatabaseValue })
    }
    return result
  }

  /// Bytes of what may be long: request, features, answers.
  private var byteCount: Int {
    let answers = outcomes.reduce(0) {
      $0 + $1[OutcomeColumn.answer.rawValue].byteCount + $1[OutcomeColumn.responseFeatures.rawValue].byteCount
    }
    return self[.request].byteCount + self[.features].byteCount + answers
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
