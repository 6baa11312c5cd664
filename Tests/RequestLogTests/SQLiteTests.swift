import Foundation
import GRDB
import Ockham
import Testing

@testable import RequestLog

@Suite struct SQLiteTests {
  /// A database that another program made, with rows of every kind.
  @Test func foreignDatabase() throws {
    var stream = try LogSource(paths: [Golden.path("foreign.sqlite")]).open()
    var found: [String] = []
    while let entry = try stream.next() {
      switch entry {
      case .record(let record): found.append(record.id)
      case .rejected(let problem):
        found.append("\(problem.position): \(problem.reason.rawValue) \(problem.field ?? "-")")
      }
    }
    #expect(
      found
        == [
          "good", "17", "foreign.sqlite:3", "row 4: invalid_json request", "row 5: missing_request request",
          "row 6: wrong_type weight", "row 7: wrong_type request", #"row 8: out_of_range outcomes["m"].quality"#,
          #"row 9: out_of_range outcomes["m"].cost_usd"#, "row 10: duplicate_id id", "task",
          "row 12: empty_prompt request",
        ].map {
          $0.replacingOccurrences(
            of: #"out_of_range outcomes["m"].cost_usd"#, with: #"not_finite outcomes["m"].cost_usd"#)
        }
        .map { $0.replacingOccurrences(of: "empty_prompt request", with: "empty_prompt -") })
    #expect(stream.summary.duplicates == 1)
    #expect(stream.summary.remarks.map(\.count) == [1] && stream.summary.remarks[0].sentence.contains("unknown task"))
    #expect(stream.summary.problems[6].description.contains("row 10 has the id of row 1"))
  }

  @Test func valuesOfAForeignRow() throws {
    let record = try drain(LogSource(paths: [Golden.path("foreign.sqlite")])).records[0]
    #expect(
      record
        == LogRecord(
          id: "good", dataset: "set", request: Request(prompt: "a question"),
          outcomes: [
            ModelOutcome(name: "b", quality: 1, costUSD: 0.5, outputTokens: 40, latencyMilliseconds: 12.5),
            ModelOutcome(name: "a"),
          ], tier: "small", weight: 2.5, task: .code, propensity: 0.25, timestamp: "2025-03-01T12:00:00Z"))
  }

  /// Rows as lines say what the database says, as records do.
  @Test func rowsAsLines() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/log.sqlite"
    var record = LogRecord(
      id: "a\"b", dataset: "d", request: Request(prompt: "q"),
      outcomes: [ModelOutcome(name: "m", quality: 0.5, costUSD: 0.25, outputTokens: 7, answer: .text("yes"))],
      weight: 2,
      propensity: 0.5)
    (record.served, record.allowed, record.eligible) = ("m", ["m", "n"], true)
    record.steps = [CascadeStep(tier: "m", propensity: 1, isAccepted: true)]
    let plain = LogRecord(id: "c", request: Request(prompt: "r"))
    let writer = try SQLiteWriter(path: path)
    for one in [record, plain] { try writer.write(one) }
    try writer.finish()
    let reader = try RawLineReader(path: path)
    var lines: [[UInt8]] = []
    while let line = try reader.next() {
      #expect(line.violation == nil && "\(line.position)" == "row \(lines.count + 1)")
      lines.append(line.bytes)
    }
    let text = try folder.file("log.jsonl", lines.joined(separator: [0x0A]))
    let read = try LogSource(paths: [text], options: LogOptions(keepsAnswers: true)).readAll().records
    #expect(read == [record, plain])
    #expect(reader.progress.bytesRead == reader.progress.totalBytes)
  }

  @Test func brokenRowsAsLines() throws {
    let reader = try RawLineReader(path: Golden.path("foreign.sqlite"))
    var found: [String] = []
    while let line = try reader.next() {
      if let violation = line.violation {
        found.append("\(line.position): \(violation.reason.rawValue) \(violation.field ?? "-")")
      }
    }
    #expect(found == ["row 4: invalid_json request", "row 7: wrong_type request"])
  }

  @Test func batchesKeepTheOrder() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/log.sqlite"
    let writer = try SQLiteWriter(path: path)
    let count = 2 * LogRows.batchRows + 3
    for index in 0..<count { try writer.write(LogRecord(id: "\(count - index)", request: Request(prompt: "x"))) }
    try writer.finish()
    #expect(try folder.names == ["log.sqlite"])
    let (records, summary) = try drain(LogSource(paths: [path]))
    #expect(records.map(\.id) == (0..<count).map { "\(count - $0)" })
    #expect(summary.bytesRead > 0)
  }

  @Test func appending() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/log.sqlite"
    for id in ["a", "b"] {
      let writer = try SQLiteWriter(path: path, mode: .append)
      try writer.write(LogRecord(id: id, request: Request(prompt: id)))
      try writer.finish()
    }
    #expect(try drain(LogSource(paths: [path])).records.map(\.id) == ["a", "b"])
    let writer = try SQLiteWriter(path: path, mode: .append)
    try writer.write(LogRecord(id: "c", request: Request(prompt: "x")))
    try writer.write(LogRecord(id: "a", request: Request(prompt: "x")))
    #expect(logError { try writer.flush() } == .duplicateID(path: path, record: 2))
    #expect(try drain(LogSource(paths: [path])).records.map(\.id) == ["a", "b"])
  }

  @Test func readWhileWriting() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/log.sqlite"
    let writer = try SQLiteWriter(path: path, mode: .append)
    try writer.write(LogRecord(id: "a", request: Request(prompt: "x")))
    try writer.flush()
    #expect(try drain(LogSource(paths: [path])).records.map(\.id) == ["a"])
    try writer.finish()
    #expect(
      logError { try writer.write(LogRecord(id: "b", request: Request(prompt: "x"))) } == .alreadyFinished(path: path))
  }

  @Test func unfinishedLeavesNothing() throws {
    let folder = try TemporaryFolder()
    do {
      let writer = try SQLiteWriter(path: folder.path + "/log.sqlite")
      try writer.write(LogRecord(id: "a", request: Request(prompt: "x")))
      try writer.flush()
    }
    #expect(try folder.names.isEmpty)
  }

  @Test func corrupt() throws {
    let folder = try TemporaryFolder()
    let whole = try Data(contentsOf: URL(fileURLWithPath: Golden.path("foreign.sqlite")))
    let noise = try folder.file("noise.sqlite", whole.prefix(16) + Data(repeating: 0xA5, count: 5000))
    guard case .databaseCorrupt = logError({ _ = try drain(LogSource(paths: [noise])) }) else {
      return #expect(Bool(false))
    }
    let cut = try folder.file("cut.sqlite", whole.prefix(1024) + Data(repeating: 0, count: whole.count - 1024))
    guard case .databaseCorrupt = logError({ _ = try drain(LogSource(paths: [cut])) }) else {
      return #expect(Bool(false))
    }
  }

  @Test func otherTables() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/other.sqlite"
    let queue = try DatabaseQueue(path: path)
    try queue.write {
      try $0.execute(sql: "CREATE TABLE requests (id, dataset, request, tier, weight, task, propensity, timestamp)")
    }
    #expect(
      logError { _ = try drain(LogSource(paths: [path])) } == .databaseSchema(path: path, missing: "table outcomes"))
    try queue.write {
      try $0.execute(sql: "CREATE TABLE outcomes (request_id, name, cost_usd, output_tokens, latency_ms)")
    }
    #expect(
      logError { _ = try drain(LogSource(paths: [path])) }
        == .databaseSchema(path: path, missing: "column outcomes.quality"))
  }

  @Test func longRequest() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/log.sqlite"
    let writer = try SQLiteWriter(path: path)
    try writer.write(LogRecord(id: "a", request: Request(prompt: String(repeating: "x", count: 500))))
    try writer.write(LogRecord(id: "b", request: Request(prompt: "x")))
    try writer.finish()
    let (records, summary) = try drain(LogSource(paths: [path], options: LogOptions(maximumRecordBytes: 200)))
    #expect(records.map(\.id) == ["b"] && summary.rejected == [.tooLong: 1])
  }
}
