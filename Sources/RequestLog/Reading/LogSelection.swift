import GRDB

/// The statements that read a database: they ask for the columns that it has, and for NULL in place of the others.
struct LogSelection: Sendable {
  /// Rows of `requests` after a rowid, at most so many: the rowid and each ``RequestColumn``.
  let requests: String
  /// The outcomes of a request: each ``OutcomeColumn``.
  let outcomes: String

  /// - Parameter withAnswers: whether answers are read; else they are NULL.
  init(_ database: Database, withAnswers: Bool) throws {
    let ofRequests = try Self.present(in: "requests", database)
    var ofOutcomes = try Self.present(in: "outcomes", database)
    if !withAnswers { ofOutcomes.subtract([OutcomeColumn.answer, .responseFeatures].map(\.name)) }
    var columns = Self.columns(RequestColumn.allCases.map(\.name), of: ofRequests)
    if let failed = try Self.failed(of: database) {
      let own = columns[RequestColumn.failed.rawValue]
      columns[RequestColumn.failed.rawValue] = "coalesce(\(own), \(failed))"
    }
    requests = """
      SELECT rowid, \(columns.joined(separator: ", "))
      FROM requests WHERE rowid > ? ORDER BY rowid LIMIT ?
      """
    outcomes = """
      SELECT \(Self.columns(OutcomeColumn.allCases.map(\.name), of: ofOutcomes).joined(separator: ", "))
      FROM outcomes WHERE request_id = ? ORDER BY rowid
      """
  }

  private static func present(in table: String, _ database: Database) throws -> Set<String> {
    Set(try database.columns(in: table).map { $0.name.lowercased() })
  }

  private static func columns(_ columns: [String], of present: Set<String>) -> [String] {
    columns.map { present.contains($0) ? $0 : "NULL" }
  }

  /// What a gateway's own table says of how requests ended: failed where the client got an error that was not its own, or a stream
  /// that broke off; unknown where the client was to blame. `nil` without such a table.
  private static func failed(of database: Database) throws -> String? {
    guard try database.tableExists("decisions"),
      try present(in: "decisions", database).isSuperset(of: ["request_id", "status", "error_code"])
    else { return nil }
    return """
      (SELECT CASE WHEN status >= 500 THEN 1 WHEN status < 400 THEN error_code IS NOT NULL END
      FROM decisions WHERE request_id = requests.id)
      """
  }
}
