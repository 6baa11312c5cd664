import GRDB
import TextKit

/// Found in a pass of its own over the files, so that rows which stand alone, as a rule all, pass through without being
/// held. By id the pass makes no records of lines, and parses only those that do not begin with their id.
extension RepeatedKeys {
  /// Counts the keys of logs.
  /// - Throws: ``LogError`` of the files.
  init(_ paths: [String], _ pipes: KeptPipes, options: LogOptions, by key: MergeKey) throws(LogError) {
    var (ofIDs, ofContents): ([UInt64], [UInt64]) = ([], [])
    for path in paths {
      if key == .content {
        try Self.forEachRecord(path, pipes, options) { record in
          ofIDs.append(ContentHash(record.id).value)
          ofContents.append(record.contentHash)
        }
      } else {
        try Self.forEachID(path, pipes, options, filesInAll: paths.count) { ofIDs.append($0) }
      }
    }
    self.init(ids: Self.repeated(&ofIDs), contents: Self.repeated(&ofContents))
  }

  /// The keys that come more than once, and how often. Sorting takes 8 bytes a key.
  private static func repeated(_ keys: inout [UInt64]) -> [UInt64: Int] {
    keys.sort()
    var repeated: [UInt64: Int] = [:]
    for place in keys.indices.dropFirst() where keys[place] == keys[place - 1] {
      repeated[keys[place], default: 1] += 1
    }
    return repeated
  }

  private static func forEachRecord(
    _ path: String, _ pipes: KeptPipes, _ options: LogOptions, _ body: (LogRecord) -> Void
  ) throws(LogError) {
    var options = options
    (options.merging, options.rejectsDuplicateIDs, options.keepsAnswers) = (nil, false, false)
    var reader = try LogSource.reader(path: path, pipes, options: options)
    while let entry = try reader.next() {
      if case .record(let record) = entry { body(record) }
    }
  }

  private static func forEachID(
    _ path: String, _ pipes: KeptPipes, _ options: LogOptions, filesInAll: Int, _ body: (UInt64) -> Void
  ) throws(LogError) {
    let input = try pipes.open(path)
    switch LogFormat(head: input.head) {
    case .jsonLines: try forEachID(inLinesOf: input, options, body)
    case .gzip: try forEachID(inLinesOf: GzipInput(input), options, body)
    // The ids of one database are unique by its key.
    case .sqlite where filesInAll == 1: break
    case .sqlite: try forEachID(inDatabase: path, body)
    // The reader itself says what is wrong.
    case .other: break
    }
  }

  private static func forEachID(
    inLinesOf input: any ByteInput, _ options: LogOptions, _ body: (UInt64) -> Void
  ) throws(LogError) {
    let scanner = LineScanner(input, maximumLineBytes: options.maximumRecordBytes)
    guard let document = JSONDocument(maximumBytes: options.maximumRecordBytes) else {
      throw .outOfMemory(path: input.path, byteCount: 1 << 16)
    }
    while let line = try scanner.next() {
      guard case .text(let bytes, let isTerminated) = line else { continue }
      let text = unsafe JSONLine(bytes, isFirst: scanner.lineNumber == 1, isTerminated: isTerminated)
      if let id = text.leadingID {
        body(id)
        continue
      }
      guard (try? unsafe document.parse(text.bytes)) != nil, let id = id(of: document.root) else { continue }
      body(id)
    }
  }

  /// The hash of an object's `id`; `nil` where there is none that could be one.
  private static func id(of object: JSONValue) -> UInt64? {
    guard object.kind == .object else { return nil }
    for (key, value) in JSONMembers(of: object) where key.equals("id") {
      if let number = value.numberText { return ContentHash(number).value }
      guard value.kind == .string else { return nil }
      var hash = ContentHash()
      value.withBytes { hash.append($0) }
      return hash.value
    }
    return nil
  }

  private static func forEachID(inDatabase path: String, _ body: (UInt64) -> Void) throws(LogError) {
    do {
      var configuration = Configuration()
      configuration.readonly = true
      configuration.busyMode = .timeout(10)
      let ids = try DatabaseQueue(path: path, configuration: configuration).read { database in
        var hashes: [UInt64] = []
        let cursor = try String.fetchCursor(database, sql: "SELECT CAST(id AS TEXT) FROM requests WHERE id IS NOT NULL")
        while let id = try cursor.next() { hashes.append(ContentHash(id).value) }
        return hashes
      }
      ids.forEach(body)
    } catch { throw LogError(error, path: path) }
  }
}

extension JSONLine {
  /// The hash of the id with which the object begins, as in `{"id":"r1",`; `nil` where it begins otherwise, or where the id
  /// holds an escape. What stands behind it is not looked at.
  fileprivate var leadingID: UInt64? {
    let bytes = unsafe bytes.span
    var place = 0
    func byte() -> UInt8? { place < bytes.count ? bytes[place] : nil }
    func skipSpaces() { while byte() == 0x20 || byte() == 0x09 { place += 1 } }
    func take(_ wanted: StaticString) -> Bool {
      skipSpaces()
      for index in 0..<wanted.utf8CodeUnitCount {
        guard unsafe byte() == wanted.utf8Start[index] else { return false }
        place += 1
      }
      return true
    }
    guard take("{"), take("\"id\""), take(":") else { return nil }
    skipSpaces()
    let isText = byte() == UInt8(ascii: "\"")
    if isText { place += 1 }
    let start = place
    while let next = byte() {
      if isText ? next == UInt8(ascii: "\"") : next == UInt8(ascii: ",") { break }
      guard next >= 0x20, next != UInt8(ascii: "\\"), isText || (0x30...0x39).contains(next) else { return nil }
      place += 1
    }
    guard place < bytes.count, isText || place > start else { return nil }
    var hash = ContentHash()
    hash.append(bytes.extracting(start..<place))
    return hash.value
  }
}
