import Foundation
import Ockham
import Testing

@testable import RequestLog

@Suite struct WritingTests {
  private let sample = LogRecord(id: "a", request: Request(prompt: "x"))

  /// Random records → JSON lines → SQLite → JSON lines: equal at each step.
  @Test(arguments: [1, 2, 3] as [UInt64])
  func roundTrip(seed: UInt64) throws {
    let folder = try TemporaryFolder()
    var random = RandomRecords(seed: seed)
    let records = (0..<700).map { _ in random.next() }
    let first = folder.path + "/first.jsonl", second = folder.path + "/second.sqlite",
      third = folder.path + "/third.jsonl"
    try write(records, to: JSONLWriter(path: first))
    let options = LogOptions(isStrict: true, keepsAnswers: true)
    let fromLines = try drain(LogSource(paths: [first], options: options)).records
    try write(fromLines, to: SQLiteWriter(path: second))
    let fromDatabase = try drain(LogSource(paths: [second], options: options)).records
    try write(fromDatabase, to: JSONLWriter(path: third))
    #expect(fromLines == records)
    #expect(fromDatabase == records)
    #expect(try Data(contentsOf: URL(fileURLWithPath: first)) == Data(contentsOf: URL(fileURLWithPath: third)))
    #expect(try folder.names == ["first.jsonl", "second.sqlite", "third.jsonl"])
    for path in [first, second] {
      let read = try drain(LogSource(paths: [path], options: LogOptions(isStrict: true))).records
      #expect(read == records.map(\.withoutAnswers), "answers are kept on request only")
    }
  }

  private func write(_ records: [LogRecord], to writer: any LogWriter) throws {
    var writer = writer
    for record in records { try writer.write(record) }
    try writer.finish()
  }

  /// What is written is JSON to another parser as well.
  @Test func otherParsersAgree() throws {
    var random = RandomRecords(seed: 5)
    var encoder = RecordEncoder()
    for _ in 0..<300 {
      let record = random.next()
      let object = try #require(
        try JSONSerialization.jsonObject(with: Data(encoder.line(for: record))) as? [String: Any])
      #expect((object["id"] as? String)?.utf8.elementsEqual(record.id.utf8) == true)
      #expect((object["outcomes"] as? [String: Any])?.count ?? 0 == record.outcomes.count)
    }
  }

  @Test func replaceIsAllOrNothing() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("a.jsonl", "old")
    do {
      let writer = try JSONLWriter(path: path)
      try writer.write(sample)
      try writer.flush()
      #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
    }
    #expect(try folder.names == ["a.jsonl"], "an unfinished file is removed")
    let writer = try JSONLWriter(path: path)
    try writer.write(sample)
    try writer.finish()
    #expect(try String(contentsOfFile: path, encoding: .utf8) == #"{"id":"a","prompt":"x"}"# + "\n")
    #expect(logError { try writer.write(sample) } == .alreadyFinished(path: path))
  }

  @Test func appendClosesACutLine() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("a.jsonl", #"{"id":"cu"#)
    let writer = try JSONLWriter(path: path, mode: .append)
    try writer.write(sample)
    try writer.finish()
    #expect(
      try String(contentsOfFile: path, encoding: .utf8) == #"{"id":"cu"# + "\n" + #"{"id":"a","prompt":"x"}"# + "\n")
  }

  @Test(arguments: [
    LogRecord(id: "", request: Request(prompt: "x")), LogRecord(id: "a", request: Request(prompt: " ")),
    LogRecord(id: "a", request: Request(segments: [])),
    LogRecord(id: "a", request: Request(prompt: "x"), outcomes: [ModelOutcome(name: "m", quality: .nan)]),
    LogRecord(id: "a", request: Request(prompt: "x"), outcomes: [ModelOutcome(name: "m", costUSD: .infinity)]),
    LogRecord(id: "a", request: Request(prompt: "x"), weight: .nan),
  ])
  func unwritable(record: LogRecord) throws {
    let folder = try TemporaryFolder()
    let lines = try JSONLWriter(path: folder.path + "/a.jsonl"),
      rows = try SQLiteWriter(path: folder.path + "/a.sqlite")
    for writer in [lines, rows] as [any LogWriter] {
      var writer = writer
      guard case .unwritable(_, 1, _) = logError({ try writer.write(record) }) else { return #expect(Bool(false)) }
    }
  }

  @Test func noSuchFolder() {
    let path = "/nonexistent-folder/a.jsonl"
    guard case .writeFailed(path, _) = logError({ _ = try JSONLWriter(path: path) }) else {
      return #expect(Bool(false))
    }
    let error = logError { _ = try SQLiteWriter(path: path) }
    guard case .cannotOpen(path, _) = error else { return #expect(Bool(false), "\(String(describing: error))") }
  }
}

extension LogRecord {
  fileprivate var withoutAnswers: LogRecord {
    var copy = self
    for index in copy.outcomes.indices { copy.outcomes[index].answer = nil }
    return copy
  }
}
