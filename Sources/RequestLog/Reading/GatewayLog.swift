import Foundation
import GRDB

/// A gateway's database, read by its decisions: what was asked, where it went and what it took, also where neither texts nor features
/// of requests are kept, so that it is no request log.
package struct GatewayLog {
  package let path: String
  private let queue: DatabaseQueue
  private let schema: GatewaySchema

  /// Whether a file is such a database; a file that cannot be opened is none.
  package static func isOne(path: String) -> Bool {
    guard path != "-", let handle = FileHandle(forReadingAtPath: path) else { return false }
    defer { try? handle.close() }
    guard let head = try? handle.read(upToCount: 16), head.starts(with: Array("SQLite format 3".utf8)) else {
      return false
    }
    return (try? GatewayLog(path: path)) != nil
  }

  /// - Throws: ``LogError`` for a file that cannot be opened, is no database, or has no decisions.
  package init(path: String) throws(LogError) {
    self.path = path
    guard FileManager.default.fileExists(atPath: path) else { throw .missing(path: path) }
    var configuration = Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(10)
    do {
      queue = try DatabaseQueue(path: path, configuration: configuration)
      schema = try queue.read(GatewaySchema.init)
    } catch { throw LogError(error, path: path) }
    guard !schema.decisions.isEmpty else { throw .databaseSchema(path: path, missing: "table decisions") }
  }

  /// Calls a function with each decision of a period, in order of time.
  package func forEach(in period: Range<Double>, _ body: (GatewayDecision) -> Void) throws(LogError) {
    try read { database in
      let attempts = try database.makeStatement(
        sql: "SELECT * FROM attempts WHERE request_id = ? ORDER BY position")
      let outcomes = try database.makeStatement(
        sql: "SELECT \(schema.outcomeColumns) FROM outcomes WHERE request_id = ? ORDER BY rowid")
      let feedback = try database.makeStatement(
        sql: "SELECT quality FROM feedback WHERE request_id = ? ORDER BY id DESC LIMIT 1")
      let joined = schema.tables.contains("labels") ? " LEFT JOIN labels l ON l.request_id = d.request_id" : ""
      let rows = try Row.fetchCursor(
        database,
        sql: """
          SELECT \(GatewayDecision.columns(schema)) FROM decisions d\(joined)
          WHERE d.time >= ? AND d.time < ? ORDER BY d.time
          """, arguments: [period.lowerBound, period.upperBound])
      while let row = try rows.next() {
        var decision = GatewayDecision(row)
        for attempt in try Row.fetchAll(attempts, arguments: [decision.id]) { decision.add(attempt: attempt) }
        if decision.isDrawn {
          decision.outcomes = try Row.fetchAll(outcomes, arguments: [decision.id]).map(GatewayDecision.Outcome.init)
        }
        decision.feedback = try Double.fetchOne(feedback, arguments: [decision.id])
        body(decision)
      }
    }
  }

  /// Runs a body in one reading.
  func read<Result>(_ body: (Database) throws -> Result) throws(LogError) -> Result {
    do { return try queue.read(body) } catch { throw LogError(error, path: path) }
  }

  func has(_ table: String) -> Bool { schema.tables.contains(table) }
}

/// What a gateway's database of some age has.
struct GatewaySchema: Sendable {
  let tables: Set<String>
  /// The columns of `decisions`; none where there is no such table.
  let decisions: Set<String>
  private let outcomes: Set<String>

  init(_ database: Database) throws {
    tables = Set(try String.fetchAll(database, sql: "SELECT name FROM sqlite_master WHERE type = 'table'"))
    let own = tables
    func columns(_ table: String) throws -> Set<String> {
      own.contains(table) ? Set(try database.columns(in: table).map(\.name)) : []
    }
    decisions = tables.isSuperset(of: ["attempts", "feedback", "requests", "outcomes"]) ? try columns("decisions") : []
    outcomes = try columns("outcomes")
  }

  var outcomeColumns: String {
    ["name", "quality", "cost_usd", "inclusion", "origin"].map { outcomes.contains($0) ? $0 : "NULL AS \($0)" }
      .joined(separator: ", ")
  }
}

extension GatewayDecision.Outcome {
  fileprivate init(_ row: Row) {
    let origin: String? = row["origin"]
    self.init(
      name: row["name"], quality: row["quality"], costUSD: row["cost_usd"], inclusion: row["inclusion"],
      origin: origin.flatMap(OutcomeOrigin.init(rawValue:)))
  }
}
