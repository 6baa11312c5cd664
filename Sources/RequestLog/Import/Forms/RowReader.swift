import TextKit

/// The rows of a file as JSON objects: JSON lines, a JSON array, a JSON document with a list in it, or a table with a
/// header line, whose cells are texts.
///
/// Lists, lines and tables are read row by row; a document that spans lines is read whole.
struct RowReader {
  /// One row, and the line that it starts on.
  struct Row {
    var line: Int
    var node: Result<JSONNode, RecordViolation>
  }

  private enum Source {
    case lines(RawLineReader)
    case list(ObjectScanner)
    case table(Table)
  }

  /// Whether the file is a table, and not JSON.
  let isTable: Bool
  private var source: Source
  private var pending: [Row] = []

  init(_ input: any ByteInput, delimiter: UInt8? = nil) throws(ImportError) {
    let peeked = PeekedInput(input)
    let head: [UInt8]
    do throws(LogError) { head = try peeked.head(1 << 16) } catch { throw .log(error) }
    let start = head.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    let first = head[start...].first { $0 > 0x20 }
    isTable = first != UInt8(ascii: "{") && first != UInt8(ascii: "[")
    if isTable {
      source = .table(try Table(peeked, delimiter: delimiter ?? Self.delimiter(of: head)))
    } else if first == UInt8(ascii: "[") || Self.spansLines(head[start...]) {
      source = .list(ObjectScanner(peeked))
    } else {
      source = .lines(RawLineReader(peeked))
    }
  }

  /// The names of a table's columns.
  var columns: [String] {
    guard case .table(let table) = source else { return [] }
    return table.columns
  }

  /// The next row; `nil` at the end.
  mutating func next() throws(ImportError) -> Row? {
    if pending.isEmpty, let row = try nextOfSource() { pending = Self.unpacked(row) }
    return pending.isEmpty ? nil : pending.removeFirst()
  }

  private mutating func nextOfSource() throws(ImportError) -> Row? {
    switch source {
    case .lines(let lines):
      return try lines.nextForImport().map { line in
        Row(line: line.number, node: line.violation.map { .failure($0) } ?? Self.parse(line.bytes))
      }
    case .list(var scanner):
      let piece: ObjectScanner.Piece?
      do throws(LogError) { piece = try scanner.next() } catch { throw .log(error) }
      source = .list(scanner)
      return piece.map { Row(line: $0.line, node: Self.parse($0.bytes)) }
    case .table(var table):
      let row = try table.next()
      source = .table(table)
      return row.map { Self.row($0, columns: table.columns) }
    }
  }

  private static func parse(_ bytes: [UInt8]) -> Result<JSONNode, RecordViolation> {
    if let node = try? JSONParser.parse(bytes), node.members != nil { return .success(node) }
    let text = String(decoding: bytes, as: UTF8.self)
    return .failure(.invalidJSON(found: "a text of " + SafeText.describe(text)))
  }

  private static func row(_ row: CSVRow, columns: [String]) -> Row {
    if let violation = row.violation { return Row(line: row.line, node: .failure(violation)) }
    let members = zip(columns, row.fields).map { JSONMember(key: $0, value: $1.isEmpty ? .null : .string($1)) }
    return Row(line: row.line, node: .success(.object(members)))
  }

  /// The rows of a list that an API hands out: `{"data": […], "object": "list"}`.
  private static func unpacked(_ row: Row) -> [Row] {
    guard case .success(let node) = row.node, let members = node.members, members.count <= 8 else { return [row] }
    let names = [
      "data", "rows", "items", "results", "records", "logs", "observations", "resourceSpans", "resource_spans",
    ]
    guard let list = node.field(names), list.isListOfObjects else { return [row] }
    return (list.elements ?? []).map { Row(line: row.line, node: .success($0)) }
  }

  /// Whether the first line is no whole JSON text.
  private static func spansLines(_ head: ArraySlice<UInt8>) -> Bool {
    guard let end = head.firstIndex(of: 0x0A) else { return false }
    return (try? JSONParser.parse(Array(head[..<end]))) == nil && !head[..<end].contains(UInt8(ascii: ":"))
  }

  /// The delimiter that the header line has most of.
  private static func delimiter(of head: [UInt8]) -> UInt8 {
    let header = head.prefix { $0 != 0x0A }
    let candidates = [UInt8(ascii: ","), UInt8(ascii: "\t"), UInt8(ascii: ";"), UInt8(ascii: "|")]
    let counts = candidates.map { byte in header.count { $0 == byte } }
    let best = counts.dropLast().max() ?? 0
    if best == 0, counts[3] > 0 { return candidates[3] }
    return candidates[counts.firstIndex(of: best) ?? 0]
  }
}

/// An input whose first bytes were looked at.
final class PeekedInput: ByteInput {
  private let input: any ByteInput
  private var bytes: [UInt8] = []
  private var position = 0

  init(_ input: any ByteInput) { self.input = input }

  var path: String { input.path }
  var bytesRead: Int { input.bytesRead }
  var totalBytes: Int? { input.totalBytes }

  /// The first bytes, at most `limit`; call it before reading.
  func head(_ limit: Int) throws(LogError) -> [UInt8] {
    while bytes.count < limit {
      var buffer = [UInt8](repeating: 0, count: limit - bytes.count)
      let input = input
      let count = try unsafe buffer.withUnsafeMutableBufferPointer { (part) throws(LogError) in
        try unsafe input.read(into: UnsafeMutableRawBufferPointer(part))
      }
      if count == 0 { break }
      bytes += buffer[..<count]
    }
    return bytes
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(LogError) -> Int {
    guard position < bytes.count else { return try unsafe input.read(into: buffer) }
    let rest = bytes[position...].prefix(buffer.count)
    unsafe buffer.copyBytes(from: rest)
    position += rest.count
    return rest.count
  }
}
