import GRDB
import TextKit

/// Found in a pass of its own over the files, so that rows which stand alone, as a rule all, pass through without being
/// held. By id the pass parses lines but makes no records of them.
extension RepeatedKeys {
  /// Counts the keys of logs.
  /// - Throws: ``LogError`` of the files.
  init(_ paths: [String], options: LogOptions, by key: MergeKey) throws(LogError) {
    var (ofIDs, ofContents) = (KeyCounts(), KeyCounts())
    for path in paths {
      if key == .content {
        try Self.forEachRecord(path, options) { record in
          ofIDs.add(ContentHash(record.id).value)
          ofContents.add(record.contentHash)
        }
      } else {
        try Self.forEachID(path, options, filesInAll: paths.count) { ofIDs.add($0) }
      }
    }
    self.init(ids: ofIDs.repeated, contents: ofContents.repeated)
  }

  private static func forEachRecord(
    _ path: String, _ options: LogOptions, _ body: (LogRecord) -> Void
  ) throws(LogError) {
    var options = options
    (options.merging, options.rejectsDuplicateIDs, options.keepsAnswers) = (nil, false, false)
    var reader = try LogSource.reader(path: path, options: options)
    while let entry = try reader.next() {
      if case .record(let record) = entry { body(record) }
    }
  }

  private static func forEachID(
    _ path: String, _ options: LogOptions, filesInAll: Int, _ body: (UInt64) -> Void
  ) throws(LogError) {
    let input = try FileInput(path: path)
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

/// Counts of keys that come more than once, in 8 bytes a key that comes once and the spare room of a hash table.
private struct KeyCounts {
  private var seen: Set<UInt64> = []
  private(set) var repeated: [UInt64: Int] = [:]

  mutating func add(_ key: UInt64) {
    if seen.insert(key).inserted { return }
    repeated[key, default: 1] += 1
  }
}
