import TextKit

/// The rows of a file as JSON objects: JSON lines, objects over several lines, a JSON array, a JSON document with a list in
/// it, or a table with a header line, whose cells are texts.
///
/// Lists, lines and tables are read row by row; a document with a list in it is read whole.
struct RowReader {
  /// One row, and the line that it starts on.
  struct Row {
    var line: Int
    var node: Result<JSONNode, RecordViolation>
  }

  private enum Source {
    case lines(RawLineReader)
    case text(JSONTextScanner)
    case table(Table)
  }

  /// Rows whose NaN or infinities were read as null.
  private(set) var nonFinite = 0
  private var source: Source
  private var isPadded = false
  private var pending: [Row] = []
  private var place = 0

  init(_ input: any ByteInput, delimiter: UInt8? = nil) throws(ImportError) {
    let peeked = PeekedInput(input)
    let head: [UInt8]
    do throws(LogError) { head = try peeked.head(1 << 16) } catch { throw .log(error) }
    let start = head.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    let first = head[start...].first { $0 > 0x20 }
    if first == nil {
      source = .lines(RawLineReader(peeked))
    } else if first != UInt8(ascii: "{") && first != UInt8(ascii: "[") {
      try Self.refuseLinesAround(head[start...], path: input.path)
      let found = delimiter ?? Self.delimiter(of: head)
      isPadded = found == UInt8(ascii: "|")
      source = .table(try Table(peeked, delimiter: found))
    } else if first == UInt8(ascii: "{"), Self.areLines(head[start...]) {
      source = .lines(RawLineReader(peeked))
    } else {
      source = .text(JSONTextScanner(peeked))
    }
  }

  /// The names of a table's columns.
  var columns: [String] {
    guard case .table(let table) = source else { return [] }
    return isPadded ? table.columns.map(\.trimmingSpaces) : table.columns
  }

  /// The next row; `nil` at the end.
  mutating func next() throws(ImportError) -> Row? {
    if place == pending.count {
      (pending, place) = ([], 0)
      while pending.isEmpty, let rows = try nextOfSource() { pending = rows }
    }
    guard place < pending.count else { return nil }
    defer { place += 1 }
    return pending[place]
  }

  private mutating func nextOfSource() throws(ImportError) -> [Row]? {
    switch source {
    case .lines(let lines):
      return try lines.nextForImport().map { line in
        if let violation = line.violation { return [Row(line: line.number, node: .failure(violation))] }
        return rows(line.bytes, line: line.number)
      }
    case .text(var scanner):
      let piece: JSONTextScanner.Piece?
      do throws(LogError) { piece = try scanner.next() } catch { throw .log(error) }
      source = .text(scanner)
      return piece.map { piece in
        if let violation = piece.violation { return [Row(line: piece.line, node: .failure(violation))] }
        return rows(piece.bytes, line: piece.line)
      }
    case .table(var table):
      let row = try table.next()
      source = .table(table)
      return row.map { [Self.row($0, columns: table.columns, isPadded: isPadded)] }
    }
  }

  /// The rows in the text of an object: itself, or those of the list in it.
  private mutating func rows(_ bytes: [UInt8], line: Int) -> [Row] {
    var bytes = bytes
    var parsed: JSONNode?
    var fault: JSONSyntaxError?
    do throws(JSONSyntaxError) { parsed = try JSONParser.parse(bytes) } catch { fault = error }
    if parsed == nil, let finite = Self.withoutNonFinite(bytes) {
      bytes = finite
      parsed = try? JSONParser.parse(bytes)
      if parsed != nil { nonFinite += 1 }
    }
    guard let node = parsed, node.members != nil else {
      return [Row(line: line, node: .failure(Self.violation(bytes, parsed == nil ? fault : nil)))]
    }
    guard let list = Self.list(in: node) else { return [Row(line: line, node: .success(node))] }
    var (position, current) = (0, line)
    return list.map { element in
      while position < element.range.lowerBound {
        current += bytes[position] == 0x0A ? 1 : 0
        position += 1
      }
      return Row(line: current, node: .success(element))
    }
  }

  /// What is wrong with bytes that are no JSON object.
  private static func violation(_ bytes: [UInt8], _ fault: JSONSyntaxError?) -> RecordViolation {
    do throws(UTF8.ValidationError) { _ = try UTF8Span(validating: bytes.span) } catch {
      return .invalidUTF8(firstBadByte: error.byteOffsets.lowerBound)
    }
    let found = "a string of " + SafeText.describe(String(decoding: bytes, as: UTF8.self))
    guard let fault else { return .invalidJSON(found: found) }
    return .invalidJSON(expected: "a JSON object, and \(fault.expected) at byte \(fault.offset + 1)", found: found)
  }

  /// Refuses objects with something in front of them: a comment above, a time or `data:` on each line. As a table they would be one of odd quotes.
  private static func refuseLinesAround(_ head: ArraySlice<UInt8>, path: String) throws(ImportError) {
    let lines = head.split(separator: 0x0A, maxSplits: 20, omittingEmptySubsequences: true).prefix(20)
    guard let first = lines.first.map({ String(decoding: $0, as: UTF8.self) }) else { return }
    let isComment =
      ["#", "//", "--"].contains { first.hasPrefix($0) } && lines.dropFirst().contains { $0.first == UInt8(ascii: "{") }
    guard isComment || first.contains("{\"") else { return }
    throw .log(
      .notALog(
        path: path, found: "lines with something beside the objects",
        remedy: "keep the objects alone, as `sed -n 's/^[^{]*{/{/p' FILE` does"))
  }

  /// The same text with null for each NaN and infinity outside of strings; `nil` where there is none.
  private static func withoutNonFinite(_ bytes: [UInt8]) -> [UInt8]? {
    var result: [UInt8] = []
    var isInString = false
    var index = 0
    var hasFound = false
    while index < bytes.count {
      let byte = bytes[index]
      if byte == UInt8(ascii: "\""), index == 0 || !isInString || !isEscaped(bytes, index) { isInString.toggle() }
      let words = ["NaN", "-Infinity", "Infinity"]
      if !isInString, let word = words.first(where: { bytes[index...].starts(with: $0.utf8) }) {
        result += Array("null".utf8)
        index += word.utf8.count
        hasFound = true
      } else {
        result.append(byte)
        index += 1
      }
    }
    return hasFound ? result : nil
  }

  private static func isEscaped(_ bytes: [UInt8], _ index: Int) -> Bool {
    var count = 0
    while index - count > 0, bytes[index - count - 1] == UInt8(ascii: "\\") { count += 1 }
    return count % 2 == 1
  }

  /// - Parameter isPadded: whether cells have spaces around them that fill the columns up.
  private static func row(_ row: CSVRow, columns: [String], isPadded: Bool) -> Row {
    if let violation = row.violation { return Row(line: row.line, node: .failure(violation)) }
    let fields = isPadded ? row.fields.map(\.trimmingSpaces) : row.fields
    let members = zip(isPadded ? columns.map(\.trimmingSpaces) : columns, fields).map {
      JSONMember(key: $0, value: $1.isEmpty ? .null : .string($1))
    }
    return Row(line: row.line, node: .success(.object(members)))
  }

  private static let listNames = [
    "data", "rows", "items", "results", "records", "logs", "observations", "traces", "runs", "requests", "entries",
    "examples", "samples", "resourceSpans", "resource_spans",
  ]

  /// The rows of a list that an API hands out: `{"data": […], "object": "list"}`, `{"results": {"results": […]}}`. What asks
  /// something itself is a row.
  private static func list(in node: JSONNode, depth: Int = 0) -> [JSONNode]? {
    guard let members = node.members else { return nil }
    if let rows = rowsByID(members) { return rows }
    guard members.count <= 12 else { return nil }
    if let hits = node["hits"]?["hits"], hits.isListOfObjects { return hits.elements?.map(Self.source(of:)) }
    let asks = [
      "prompt", "messages", "input", "question", "query", "instruction", "request", "conversation", "id", "model",
    ]
    if members.contains(where: { asks.contains($0.key.lowercased()) }) { return nil }
    for name in listNames {
      if let list = node[name], list.isListOfObjects { return list.elements }
      if depth == 0, let inner = node[name], let rows = list(in: inner, depth: 1) { return rows }
    }
    // Conversations that hold their turns; turns by themselves are one row.
    if let list = node["conversations"], list.isListOfObjects, !list.isMessages { return list.elements }
    return nil
  }

  /// What an index of Elasticsearch keeps of a hit, under the hit's id.
  private static func source(of hit: JSONNode) -> JSONNode {
    guard let kept = hit["_source"], let members = kept.members else { return hit }
    guard kept["id"] == nil, let id = hit["_id"] else { return kept }
    return .object([JSONMember(key: "id", value: id)] + members)
  }

  /// The rows of an object that holds them by their ids.
  private static func rowsByID(_ members: [JSONMember]) -> [JSONNode]? {
    let asks = ["prompt", "messages", "question", "query", "instruction", "conversation", "conversations"]
    guard members.count > 1, members.allSatisfy({ member in asks.contains { member.value[$0] != nil } }) else {
      return nil
    }
    return members.map { member in
      if member.value["id"] != nil { return member.value }
      return .object([JSONMember(key: "id", value: .string(member.key))] + (member.value.members ?? []))
    }
  }

  /// Whether one of the first lines is a JSON object by itself.
  private static func areLines(_ head: ArraySlice<UInt8>) -> Bool {
    let first = head.drop { $0 <= 0x20 }.prefix { $0 != 0x0A }
    // An object that goes on below.
    if let last = first.last(where: { $0 > 0x20 }), first.count < head.count, "{[,:".utf8.contains(last) {
      return false
    }
    return head.split(separator: 0x0A, maxSplits: 20, omittingEmptySubsequences: true).prefix(20).contains { line in
      guard line.first(where: { $0 > 0x20 }) == UInt8(ascii: "{") else { return false }
      let text = Array(line)
      return (try? JSONParser.parse(text)) != nil
        || withoutNonFinite(text).map { (try? JSONParser.parse($0)) != nil } == true
    }
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
