import Evaluation
import GRDB
import TextKit

/// Makes cells anew from the rows, hour by hour, each in a transaction of its own: a gateway that writes meanwhile waits for none
/// longer than that.
///
/// Hours whose rows retention deleted keep their cells: nothing else is left of them. The hour of the oldest row may be such a one
/// in part, and keeps its cells where these know of more requests than there are rows.
struct CellRebuild {
  let file: SQLiteFile

  /// What was done.
  struct Result: Hashable {
    var hours = 0
    var requests = 0
    /// Hours with cells and without all of their rows.
    var keptHours = 0
  }

  /// - Parameter progress: called after each hour.
  func run(progress: (Result) -> Void = { _ in }) throws(TelemetryStoreError) -> Result {
    var result = Result()
    do {
      let (first, hours) = try file.pool.read { database in
        (
          try Double.fetchOne(database, sql: "SELECT min(time) FROM decisions").map(TrafficKey.hour),
          try Int.fetchSet(
            database,
            sql: "SELECT DISTINCT CAST(time / 3600 AS INTEGER) FROM decisions UNION SELECT hour FROM traffic_cells")
        )
      }
      for hour in hours.sorted() {
        guard let first, hour >= first else {
          result.keptHours += 1
          continue
        }
        try rebuild(hour, isOldest: hour == first, &result)
        progress(result)
      }
      try file.pool.write { database in
        try CellFacts.setComplete(since: hours.min() ?? 0, in: database)
      }
    } catch { throw file.storeError(error) }
    return result
  }

  private func rebuild(_ hour: Int, isOldest: Bool, _ result: inout Result) throws {
    let counts = try file.pool.write { database -> (requests: Int, isKept: Bool) in
      var cells = CellChanges.nothing
      var requests = 0
      try TrafficReader(depth: .sums).forEach(
        "WHERE decisions.time >= ? AND decisions.time < ?", [Double(hour) * 3600, Double(hour + 1) * 3600],
        in: database
      ) {
        cells.add($0)
        requests += 1
      }
      let known =
        try Int.fetchOne(
          database, sql: "SELECT total(requests) FROM traffic_cells WHERE hour = ?", arguments: [hour]) ?? 0
      guard !isOldest || known <= requests else { return (requests, true) }
      for table in ["traffic_cells", "rated_cells"] {
        try database.execute(sql: "DELETE FROM \(table) WHERE hour = ?", arguments: [hour])
      }
      for (key, cell) in cells.cells { try CellTables.traffic.write(cell, key, into: database) }
      for (key, cell) in cells.rated where !CellTables.rated.isEmpty(cell) {
        try CellTables.rated.write(cell, key, into: database)
      }
      return (requests, false)
    }
    result.hours += counts.isKept ? 0 : 1
    result.keptHours += counts.isKept ? 1 : 0
    result.requests += counts.isKept ? 0 : counts.requests
  }
}

/// From which hour on the cells hold every request.
enum CellFacts {
  /// Databases with at most so many requests get their cells when they are brought up to date; others when somebody asks.
  static let requestsBuiltAtOnce = 50_000

  static func setComplete(since hour: Int, in database: Database) throws {
    try database.execute(sql: "DELETE FROM cell_facts")
    try database.execute(sql: "INSERT INTO cell_facts (complete_since_hour) VALUES (?)", arguments: [hour])
  }

  static func completeSinceHour(in database: Database) throws -> Int? {
    try Int.fetchOne(database, sql: "SELECT complete_since_hour FROM cell_facts")
  }
}
