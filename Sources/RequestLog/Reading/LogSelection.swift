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
    if !withAnswers { ofOutcomes.remove(OutcomeColumn.answer.name) }
    requests = """
      SELECT rowid, \(Self.list(RequestColumn.allCases.map(\.name), of: ofRequests))
      FROM requests WHERE rowid > ? ORDER BY rowid LIMIT ?
      """
    outcomes = """
      SELECT \(Self.list(OutcomeColumn.allCases.map(\.name), of: ofOutcomes))
      FROM outcomes WHERE request_id = ? ORDER BY rowid
      """
  }

  private static func present(in table: String, _ database: Database) throws -> Set<String> {
    Set(try database.columns(in: table).map { $0.name.lowercased() })
  }

  private static func list(_ columns: [String], of present: Set<String>) -> String {
    columns.map { present.contains($0) ? $0 : "NULL" }.joined(separator: ", ")
  }
}
