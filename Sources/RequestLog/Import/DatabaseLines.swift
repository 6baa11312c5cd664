import Foundation
import GRDB
import TextKit

/// The records of a SQLite log as lines of JSON, with the request as the database holds it: what reads and rewrites lines
/// works on both kinds of log.
///
/// Values keep their types, right or wrong: who reads the line says what is wrong with it.
final class DatabaseLines {
  private let rows: LogRows

  /// - Throws: ``LogError`` of the database.
  init(path: String) throws(LogError) {
    rows = try LogRows(path: path, withAnswers: true)
  }

  var progress: LogProgress { rows.progress }

  /// The next record; `nil` at the end.
  func next() throws(LogError) -> RawLineReader.Line? {
    guard let row = try rows.next() else { return nil }
    var line = RawLineReader.Line(number: Int(row.rowid), bytes: [], isRow: true)
    do throws(RecordViolation) { line.bytes = try Self.line(row) } catch { line.violation = error }
    return line
  }

  private static func line(_ row: LogRow) throws(RecordViolation) -> [UInt8] {
    var members: [JSONMember] = []
    for column in RequestColumn.allCases where !row[column].isNull {
      switch column {
      case .request: members += try request(row[column])
      case .features:
        guard row[.request].isNull else { continue }
        throw RecordViolation(
          .missingRequest, field: "request", expected: "the request's text", found: "its features only",
          remedy: "name a log that keeps texts")
      case .weight where row[column] == 1.0.databaseValue: continue
      case .allowed, .steps: members.append(JSONMember(key: column.name, value: try json(row[column], column.name)))
      case .eligible, .failed: members.append(JSONMember(key: column.name, value: boolean(row[column])))
      default: members.append(JSONMember(key: column.name, value: value(row[column])))
      }
    }
    let outcomes = try row.outcomes.map { columns throws(RecordViolation) in try outcome(columns) }
    if !outcomes.isEmpty { members.append(JSONMember(key: "outcomes", value: .object(outcomes))) }
    return JSONNode.object(members).jsonBytes
  }

  /// The members of the request's object.
  private static func request(_ column: DatabaseValue) throws(RecordViolation) -> [JSONMember] {
    guard let members = try json(column, "request").members else {
      throw RecordViolation(
        .wrongType, field: "request", expected: "the JSON object of the request", found: "another value",
        remedy: "write {\"prompt\": …} or {\"messages\": …}")
    }
    return members
  }

  private static func outcome(_ columns: [DatabaseValue]) throws(RecordViolation) -> JSONMember {
    let name = try columns[OutcomeColumn.name.rawValue].text("outcomes.name") ?? ""
    var members: [JSONMember] = []
    for column in OutcomeColumn.allCases where column != .name && !columns[column.rawValue].isNull {
      let found = columns[column.rawValue]
      let field = "outcomes[\(SafeText.label(name))].\(column.name)"
      let value =
        switch column {
        case .answer, .gold: try json(found, field)
        case .responseFeatures: JSONNode.string(Data(try found.bytes(field) ?? []).base64EncodedString())
        default: value(found)
        }
      members.append(JSONMember(key: column.name, value: value))
    }
    return JSONMember(key: name, value: .object(members))
  }

  private static func json(_ column: DatabaseValue, _ field: String) throws(RecordViolation) -> JSONNode {
    guard let text = try column.text(field), let node = try? JSONParser.parse(Array(text.utf8)) else {
      throw RecordViolation(
        .invalidJSON, field: field, expected: "JSON", found: "another text", remedy: "fix the column or set it to NULL")
    }
    return node
  }

  private static func boolean(_ column: DatabaseValue) -> JSONNode {
    switch column.storage {
    case .int64(0): .boolean(false)
    case .int64(1): .boolean(true)
    default: value(column)
    }
  }

  private static func value(_ column: DatabaseValue) -> JSONNode {
    switch column.storage {
    case .null: .null
    case .int64(let number): .integer(Int(number))
    case .double(let number): .number(number)
    case .string(let text): .string(text)
    case .blob: .null
    }
  }
}
