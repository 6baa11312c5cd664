import GRDB

/// The tables of a log in SQLite.
///
/// Migrations are named and only ever appended, so that a file of any age can be brought up to date.
enum LogSchema {
  /// The steps from an empty file to the present schema.
  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("requests and outcomes") { database in
      try database.execute(sql: requests)
      try database.execute(sql: outcomes)
    }
    return migrator
  }

  /// `request` is the JSON object of `prompt` or `messages`, `tools` and so on; the order of the log is the rowid's.
  private static let requests = """
    CREATE TABLE requests (
      id TEXT PRIMARY KEY NOT NULL, dataset TEXT, request TEXT NOT NULL, tier TEXT, weight REAL, task TEXT,
      propensity REAL, timestamp TEXT)
    """

  /// The unique key serves both: each model once a request, and finding a request's outcomes.
  private static let outcomes = """
    CREATE TABLE outcomes (
      request_id TEXT NOT NULL REFERENCES requests (id), name TEXT NOT NULL, quality REAL, cost_usd REAL,
      output_tokens INTEGER, latency_ms REAL, UNIQUE (request_id, name))
    """

  /// The columns that a reader asks for, by table.
  static let columns: [(table: String, columns: [String])] = [
    ("requests", ["id", "dataset", "request", "tier", "weight", "task", "propensity", "timestamp"]),
    ("outcomes", ["request_id", "name", "quality", "cost_usd", "output_tokens", "latency_ms"]),
  ]

  /// The first table or column that a database lacks, such as `column outcomes.quality`; `nil` for a whole log.
  static func missingPart(in database: Database) throws -> String? {
    for (table, columns) in columns {
      guard try database.tableExists(table) else { return "table \(table)" }
      let present = Set(try database.columns(in: table).map { $0.name.lowercased() })
      if let column = columns.first(where: { !present.contains($0) }) { return "column \(table).\(column)" }
    }
    return nil
  }
}
