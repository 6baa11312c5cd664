import TextKit
import GRDB
import Ockham

/// Reads records from rows of a database, with the checks that JSON lines get.
struct RowDecoder {
  private let parser: RequestParser

  /// - Parameter maximumBytes: the longest request, in bytes of JSON.
  /// - Returns: `nil` when there is no memory for the parser.
  init?(maximumBytes: Int) {
    guard let parser = RequestParser(maximumBytes: maximumBytes) else { return nil }
    self.parser = parser
  }

  /// The record in a row.
  func decode(_ row: LogRow, defaultID: () -> String) throws(RecordViolation) -> LogRecord {
    let columns = row.columns
    var record = LogRecord(id: try columns[0].label("id") ?? defaultID(), request: Request(segments: []))
    if case .null = columns[2].storage, let bytes = try columns[8].bytes("features") {
      record.features = try Self.features(bytes)
    } else {
      record.request = try request(columns[2])
    }
    record.dataset = try columns[1].text("dataset")
    record.tier = try columns[3].text("tier")
    if let weight = try columns[4].number("weight") { record.weight = Float(weight) }
    if let task = try columns[5].text("task") {
      record.task = try at("task") { () throws(RecordViolation) in try TaskKind(named: task) }
    }
    record.propensity = try columns[6].number("propensity")
    record.timestamp = try columns[7].text("timestamp")
    for outcome in row.outcomes { record.outcomes.append(try Self.outcome(outcome)) }
    return record
  }

  private func request(_ column: DatabaseValue) throws(RecordViolation) -> Request {
    guard let text = try column.text("request") else {
      throw RecordViolation(
        .missingRequest, field: "request", expected: "the JSON object of the request", found: "NULL",
        remedy: "write {\"prompt\": …} or {\"messages\": …}")
    }
    return try at("request") { () throws(RecordViolation) in try parser.request(fromJSON: text.utf8) }
  }

  private static func features(_ bytes: [UInt8]) throws(RecordViolation) -> StoredFeatures {
    do throws(StoredFeaturesError) { return try StoredFeatures(bytes: bytes) } catch { throw RecordViolation(error) }
  }

  private static func outcome(_ columns: [DatabaseValue]) throws(RecordViolation) -> ModelOutcome {
    guard let name = try columns[0].text("outcomes.name") else {
      throw RecordViolation(
        .missingField, field: "outcomes.name", expected: "a model or tier", found: "NULL", remedy: "name it")
    }
    return try at("outcomes[\(SafeText.label(name))]") { () throws(RecordViolation) in
      ModelOutcome(
        name: name, quality: try columns[1].number("quality"), costUSD: try columns[2].number("cost_usd"),
        outputTokens: try columns[3].wholeNumber("output_tokens"),
        latencyMilliseconds: try columns[4].number("latency_ms"))
    }
  }
}
