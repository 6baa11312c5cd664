import Foundation
import GRDB
import Ockham
import Testing

@testable import RequestLog

@Suite struct StoredFeaturesTests {
  private static let options = FeatureOptions(bucketBits: 12, characterGrams: true)

  private static func features(_ request: Request, _ options: FeatureOptions = options) -> StoredFeatures {
    let extractor = FeatureExtractor(options: options)
    var vector = extractor.makeVector()
    return StoredFeatures(request, extractor, using: &vector)
  }

  private static func records(_ count: Int, _ options: FeatureOptions = options) -> [LogRecord] {
    var random = RandomRecords(seed: 9)
    return (0..<count).map { _ in
      var record = random.next()
      record.features = features(record.request, options)
      record.request = Request(segments: [])
      return record
    }
  }

  @Test(arguments: [10, 16, 17, 20]) func bytesReadBack(bits: Int) throws {
    var random = RandomRecords(seed: 3)
    for _ in 0..<50 {
      let features = Self.features(random.next().request, FeatureOptions(bucketBits: bits, wordPairs: bits != 16))
      #expect(try StoredFeatures(bytes: features.bytes) == features)
    }
  }

  /// Cut or changed bytes are refused or read as something else, and never more than that.
  @Test func hostileBytes() throws {
    let bytes = Self.features(Request(prompt: "Which of these is not a prime: 2, 9, 11?")).bytes
    for count in 0..<bytes.count {
      #expect(throws: StoredFeaturesError.self) { try StoredFeatures(bytes: Array(bytes.prefix(count))) }
    }
    #expect(throws: StoredFeaturesError.damaged(byteCount: bytes.count + 1)) {
      try StoredFeatures(bytes: bytes + [0])
    }
    for place in bytes.indices {
      for value: UInt8 in [0, 0x7F, 0xFF] {
        var changed = bytes
        changed[place] = value
        _ = try? StoredFeatures(bytes: changed)
      }
    }
    var older = bytes
    older[4] ^= 1
    #expect(
      throws: StoredFeaturesError.schema(
        expected: StoredFeatures.currentSchema, found: StoredFeatures.currentSchema ^ 1)
    ) { try StoredFeatures(bytes: older) }
  }

  @Test func logRoundTrip() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/log.sqlite"
    let records = Self.records(700)
    let writer = try SQLiteWriter(path: path)
    for record in records { try writer.write(record) }
    try writer.finish()
    let read = try drain(
      LogSource(paths: [path], options: LogOptions(featureOptions: [Self.options], keepsAnswers: true)))
    #expect(read.records == records)
    #expect(read.records.map(\.textBytes) == records.map { $0.features?.textBytes })
  }

  @Test(arguments: [
    ([], "request: expected the text of the request, found its features only; log requests with `prompts: full`"),
    (
      [options, FeatureOptions(bucketBits: 14)],
      "features: expected features of 14 bucket bits, with word pairs, without character grams, found features of 12 "
        + "bucket bits, with word pairs, with character grams; use a model with these options or a recipe with"
    ),
  ])
  func refusedRecords(options: [FeatureOptions], message: String) throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/log.sqlite"
    let writer = try SQLiteWriter(path: path)
    try writer.write(Self.records(1)[0])
    try writer.write(LogRecord(id: "text", request: Request(prompt: "x")))
    try writer.finish()
    let (records, summary) = try drain(LogSource(paths: [path], options: LogOptions(featureOptions: options)))
    #expect(records.map(\.id) == ["text"])
    #expect(summary.rejected == [.incompatibleFeatures: 1])
    #expect("\(summary.problems[0].violation)".hasPrefix(message), "\(summary.problems[0].violation)")
  }

  @Test func anotherSchema() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/log.sqlite"
    let writer = try SQLiteWriter(path: path)
    try writer.write(Self.records(1)[0])
    try writer.finish()
    let queue = try DatabaseQueue(path: path)
    var bytes = Self.features(Request(prompt: "x")).bytes
    bytes[4] ^= 1
    try queue.write { [bytes] in
      try $0.execute(sql: "UPDATE requests SET features = ?", arguments: [Data(bytes)])
    }
    let (_, summary) = try drain(LogSource(paths: [path], options: LogOptions(featureOptions: [Self.options])))
    #expect(
      "\(summary.problems[0].violation)".hasPrefix("features: expected feature schema \(FeatureSchema.fingerprint)"))
  }

  @Test func noJSONWithoutText() throws {
    let folder = try TemporaryFolder()
    let writer = try JSONLWriter(path: folder.path + "/log.jsonl")
    let record = Self.records(1)[0]
    let error = logError { try writer.write(record) }
    guard case .unwritable(_, 1, let violation) = error else { return #expect(Bool(false)) }
    #expect(violation.reason == .incompatibleFeatures)
  }

  /// A log of the first schema is read as it is, and brought up to date by appending: rows, order and outcomes stay.
  @Test func anOlderLog() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/log.sqlite"
    let queue = try DatabaseQueue(path: path)
    try LogSchema.migrator.migrate(queue, upTo: "requests and outcomes")
    try queue.write { database in
      for id in ["b", "a"] {
        try database.execute(
          sql: "INSERT INTO requests (id, request) VALUES (?, '{\"prompt\":\"x\"}')", arguments: [id])
        try database.execute(
          sql: "INSERT INTO outcomes (request_id, name, quality) VALUES (?, 'small', 1)", arguments: [id])
      }
    }
    try queue.close()
    #expect(try drain(LogSource(paths: [path])).records.map(\.id) == ["b", "a"])
    let writer = try SQLiteWriter(path: path, mode: .append)
    try writer.write(Self.records(1)[0])
    try writer.finish()
    let (records, _) = try drain(LogSource(paths: [path], options: LogOptions(featureOptions: [Self.options])))
    #expect(records.count == 3 && records.prefix(2).map(\.id) == ["b", "a"])
    #expect(records[0].outcomes == [ModelOutcome(name: "small", quality: 1)])
  }
}
