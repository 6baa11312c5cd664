import Evaluation
import Foundation
import GRDB

/// How cells of one kind stand in a table: the columns of their keys, and one for each count, sum and histogram.
///
/// What a key does not know is an empty string, which no name is: parts of a primary key cannot be compared where they are NULL.
struct CellTable<Key: Hashable & Sendable, Cell: Sendable>: Sendable {
  typealias Path<Value> = WritableKeyPath<Cell, Value> & Sendable

  let name: String
  let keyColumns: [String]
  let counts: [(name: String, path: any Path<Int>)]
  let sums: [(name: String, path: any Path<Double>)]
  let histograms: [(name: String, path: any Path<MagnitudeHistogram>)]
  /// The values of a key, in the order of its columns.
  let values: @Sendable (Key) -> [any DatabaseValueConvertible]
  /// Reads a key from the first columns of a row.
  let key: @Sendable (Row) -> Key
  let empty: @Sendable () -> Cell
  let merge: @Sendable (inout Cell, Cell) -> Void
  /// Whether nothing is in a cell that requests were taken out of.
  let isEmpty: @Sendable (Cell) -> Bool

  private var columns: [String] { keyColumns + counts.map(\.name) + sums.map(\.name) + histograms.map(\.name) }

  /// Adds to the cells what is added, and takes out what is removed.
  func change(added: [Key: Cell], removed: [Key: Cell], in database: Database) throws {
    for key in Set(added.keys).union(removed.keys) {
      var cell = try cell(key, in: database) ?? empty()
      if let more = added[key] { merge(&cell, more) }
      if let less = removed[key] { subtract(less, from: &cell) }
      if isEmpty(cell) { try delete(key, from: database) } else { try write(cell, key, into: database) }
    }
  }

  private func subtract(_ other: Cell, from cell: inout Cell) {
    for (_, path) in counts { cell[keyPath: path] -= other[keyPath: path] }
    for (_, path) in sums { cell[keyPath: path] -= other[keyPath: path] }
    for (_, path) in histograms { cell[keyPath: path].subtract(other[keyPath: path]) }
  }

  private var place: String { keyColumns.map { "\($0) = ?" }.joined(separator: " AND ") }

  private func cell(_ key: Key, in database: Database) throws -> Cell? {
    let statement = try database.cachedStatement(
      sql: "SELECT \(columns.joined(separator: ", ")) FROM \(name) WHERE \(place)")
    return try Row.fetchOne(statement, arguments: StatementArguments(values(key))).map(cell)
  }

  private func delete(_ key: Key, from database: Database) throws {
    try database.cachedStatement(sql: "DELETE FROM \(name) WHERE \(place)")
      .execute(arguments: StatementArguments(values(key)))
  }

  func write(_ cell: Cell, _ key: Key, into database: Database) throws {
    let marks = columns.map { _ in "?" }.joined(separator: ", ")
    var arguments = values(key)
    for (_, path) in counts { arguments.append(cell[keyPath: path]) }
    for (_, path) in sums { arguments.append(cell[keyPath: path]) }
    for (_, path) in histograms { arguments.append(Data(cell[keyPath: path].bytes)) }
    try database.cachedStatement(
      sql: "INSERT OR REPLACE INTO \(name) (\(columns.joined(separator: ", "))) VALUES (\(marks))"
    ).execute(arguments: StatementArguments(arguments))
  }

  /// The cells of some hours, each under the key that `group` makes of its own.
  func cells(
    _ hours: Range<Int>, in database: Database, group: (Key) -> Key = { $0 }
  ) throws -> [Key: Cell] {
    let statement = try database.cachedStatement(
      sql: "SELECT \(columns.joined(separator: ", ")) FROM \(name) WHERE hour >= ? AND hour < ?")
    var cells: [Key: Cell] = [:]
    let rows = try Row.fetchCursor(statement, arguments: [hours.lowerBound, hours.upperBound])
    while let row = try rows.next() { merge(&cells[group(key(row)), default: empty()], cell(row)) }
    return cells
  }

  private func cell(_ row: Row) -> Cell {
    var cell = empty()
    var index = keyColumns.count
    for (_, path) in counts {
      cell[keyPath: path] = row[index]
      index += 1
    }
    for (_, path) in sums {
      cell[keyPath: path] = row[index]
      index += 1
    }
    for (_, path) in histograms {
      let data: Data = row[index]
      // Bytes that are no histogram can only come from outside of the gateway: the counts stand all the same.
      cell[keyPath: path] = MagnitudeHistogram(bytes: [UInt8](data)) ?? MagnitudeHistogram()
      index += 1
    }
    return cell
  }
}

extension TrafficKey {
  static let columns = ["hour", "key_name", "task", "policy", "reason", "tier", "target"]

  var values: [any DatabaseValueConvertible] {
    [hour, key ?? "", task ?? "", policy ?? "", reason ?? "", tier ?? "", target ?? ""]
  }

  init(_ row: Row) {
    func part(_ index: Int) -> String? {
      let text: String = row[index]
      return text.isEmpty ? nil : text
    }
    self.init(
      hour: row[0], key: part(1), task: part(2), policy: part(3), reason: part(4), tier: part(5), target: part(6))
  }
}
