package import GRDB

/// The tables of a log in SQLite.
///
/// Migrations are named and only ever appended, so that a file of any age can be brought up to date.
package enum LogSchema {
  /// The steps from an empty file to the present schema.
  package static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("requests and outcomes") { database in
      try database.execute(sql: requests)
      try database.execute(sql: outcomes)
    }
    migrator.registerMigration("features in place of text") { database in
      for statement in featuresInPlaceOfText { try database.execute(sql: statement) }
    }
    migrator.registerMigration("draws, answers, inclusion") { database in
      for (table, columns) in drawsAnswersInclusion { try add(columns, to: table, of: database) }
    }
    migrator.registerMigration("rates of labels") { database in
      try add([("label_rate", "REAL"), ("audit_rate", "REAL")], to: "requests", of: database)
    }
    migrator.registerMigration("ratings by people, failures") { database in
      try add([("failed", "INTEGER")], to: "requests", of: database)
      try add([("gold", "TEXT")], to: "outcomes", of: database)
    }
    migrator.registerMigration("features of responses") { database in
      try add([("response_features", "BLOB")], to: "outcomes", of: database)
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

  /// `features` holds ``Ockham/StoredFeatures`` of a request whose text is not kept; its `request` is NULL. SQLite drops
  /// a NOT NULL only by way of a new table.
  private static let featuresInPlaceOfText = [
    """
    CREATE TABLE requests_with_features (
      id TEXT PRIMARY KEY NOT NULL, dataset TEXT, request TEXT, tier TEXT, weight REAL, task TEXT, propensity REAL,
      timestamp TEXT, features BLOB, CHECK (request IS NOT NULL OR features IS NOT NULL))
    """,
    """
    INSERT INTO requests_with_features (rowid, id, dataset, request, tier, weight, task, propensity, timestamp)
    SELECT rowid, id, dataset, request, tier, weight, task, propensity, timestamp FROM requests ORDER BY rowid
    """,
    "DROP TABLE requests",
    "ALTER TABLE requests_with_features RENAME TO requests",
  ]

  /// What the log says of how a request was routed, of what was answered and of why it was rated. `allowed`, `steps` and
  /// `answer` hold JSON as in JSON lines, an answer without a message object as a JSON string.
  private static let drawsAnswersInclusion: [(table: String, columns: [(name: String, type: String)])] = [
    (
      "requests",
      [
        ("served", "TEXT"), ("allowed", "TEXT"), ("eligible", "INTEGER"), ("conversation", "TEXT"),
        ("policy_hash", "TEXT"), ("steps", "TEXT"),
      ]
    ),
    ("outcomes", [("inclusion", "REAL"), ("origin", "TEXT"), ("answer", "TEXT")]),
  ]

  /// Adds the columns that a table lacks: one that another program made may have some of them.
  private static func add(
    _ columns: [(name: String, type: String)], to table: String, of database: Database
  ) throws {
    let present = Set(try database.columns(in: table).map { $0.name.lowercased() })
    for column in columns where !present.contains(column.name) {
      try database.execute(sql: "ALTER TABLE \(table) ADD COLUMN \(column.name) \(column.type)")
    }
  }

  /// The columns that every log has, by table.
  private static let columns: [(table: String, columns: [String])] = [
    ("requests", RequestColumn.allCases.filter { !$0.isOptional }.map(\.name)),
    ("outcomes", ["request_id"] + OutcomeColumn.allCases.filter { !$0.isOptional }.map(\.name)),
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
