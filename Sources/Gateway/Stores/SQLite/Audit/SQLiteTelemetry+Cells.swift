import Evaluation
import GRDB

/// Cells that follow the rows, in the transactions that write these.
extension SQLiteTelemetry {
  /// The writer's entries, and what they do to the cells.
  ///
  /// A request that is new is added. One that a label or feedback changes is taken out as it was and added as it is.
  static func write(_ entry: TelemetryBatch.Entry, _ changes: inout CellChanges, into database: Database) throws {
    let reader = TrafficReader(depth: .sums)
    switch entry {
    case .request(let record):
      guard try write(record, into: database) else { return }
      if let row = try reader.row(record.id, in: database) { changes.add(row) }
    case .feedback(let feedback):
      try replace(feedback.requestID, &changes, in: database) { try write(feedback, into: database) }
    case .label(let label):
      try replace(label.requestID, &changes, in: database) { try write(label, into: database) }
    // What people think of answers stands beside the ratings that cells sum up.
    case .rating(let rating): try write(rating, into: database)
    }
  }

  private static func replace(
    _ id: String, _ changes: inout CellChanges, in database: Database, _ change: () throws -> Void
  ) throws {
    let reader = TrafficReader(depth: .sums)
    let before = try reader.row(id, in: database)
    try change()
    guard let before, let after = try reader.row(id, in: database) else { return }
    changes.remove(before)
    changes.add(after)
  }

  /// Takes requests out of the cells that are about to be forgotten.
  static func removeFromCells(
    requests ids: String, arguments: StatementArguments, in database: Database
  ) throws {
    var changes = CellChanges()
    try TrafficReader(depth: .sums).forEach("WHERE decisions.request_id IN (\(ids))", arguments, in: database) {
      changes.remove($0)
    }
    try changes.write(into: database)
  }

  /// What cells keep of a key's older requests stays as no one's.
  static func forgetKeyOfCells(_ name: String, in database: Database) throws {
    for table in ["traffic_cells", "rated_cells"] {
      let hours = try Int.fetchSet(
        database, sql: "SELECT DISTINCT hour FROM \(table) WHERE key_name = ?", arguments: [name])
      for hour in hours {
        if table == "traffic_cells" {
          let own = try CellTables.traffic.cells(hour..<hour + 1, in: database).filter { $0.key.key == name }
          try CellTables.traffic.change(added: nobodys(own) { $0.key = nil }, removed: own, in: database)
        } else {
          let own = try CellTables.rated.cells(hour..<hour + 1, in: database).filter { $0.key.traffic.key == name }
          try CellTables.rated.change(added: nobodys(own) { $0.traffic.key = nil }, removed: own, in: database)
        }
      }
    }
  }

  /// Cells under keys without a name; those of one key are not merged, for no two had the same.
  private static func nobodys<Key: Hashable, Cell>(
    _ cells: [Key: Cell], _ forget: (inout Key) -> Void
  ) -> [Key: Cell] {
    Dictionary(
      cells.map { key, cell in
        var key = key
        forget(&key)
        return (key, cell)
      }
    ) { first, _ in first }
  }
}
