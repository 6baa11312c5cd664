import TextKit
import GRDB
import Ockham

/// Reads records from rows of a database, with the checks that JSON lines get.
struct RowDecoder {
  private let parser: RequestParser
  private var names = StringPool()
  private let path: String
  private let keepsAnswers: Bool
  /// What was skipped.
  private(set) var remarks = LogRemarks()

  /// - Parameters:
  ///   - path: what remarks call the database.
  ///   - maximumBytes: the longest request, in bytes of JSON.
  ///   - keepsAnswers: whether the schemas of requests are kept, for their answers.
  /// - Returns: `nil` when there is no memory for the parser.
  init?(path: String, maximumBytes: Int, keepsAnswers: Bool) {
    self.path = path
    self.keepsAnswers = keepsAnswers
    guard let parser = RequestParser(maximumBytes: maximumBytes) else { return nil }
    self.parser = parser
  }

  /// The record in a row.
  mutating func decode(
    _ row: LogRow, at position: LogPosition, defaultID: () -> String
  ) throws(RecordViolation) -> LogRecord {
    var record = LogRecord(id: try row[.id].label("id") ?? defaultID(), request: Request(segments: []))
    if case .null = row[.request].storage, let bytes = try row[.features].bytes("features") {
      record.features = try Self.features(bytes)
    } else {
      try readRequest(row[.request], into: &record)
    }
    record.dataset = try row[.dataset].text("dataset")
    record.tier = try row[.tier].text("tier")
    if let weight = try row[.weight].number("weight") { record.weight = Float(weight) }
    if let task = try row[.task].text("task") {
      record.task = TaskKind(name: task)
      if record.task == nil { remarks.note(TaskKind.unknown(task), at: LogPlace(path: path, position: position)) }
    }
    record.propensity = try row[.propensity].number("propensity")
    record.timestamp = try row[.timestamp].text("timestamp")
    var features = ResponseFeatureDecoder()
    for outcome in row.outcomes { record.outcomes.append(try self.outcome(outcome, &features)) }
    if features.hasForeign {
      remarks.note(ResponseFeatureDecoder.remark, at: LogPlace(path: path, position: position))
    }
    try decodeDraw(row, into: &record)
    return record
  }

  private mutating func decodeDraw(_ row: LogRow, into record: inout LogRecord) throws(RecordViolation) {
    record.served = try row[.served].text("served")
    record.eligible = try row[.eligible].flag("eligible")
    record.conversation = try row[.conversation].label("conversation")
    record.policyHash = try row[.policyHash].text("policy_hash")
    record.labelRate = try row[.labelRate].number("label_rate")
    record.auditRate = try row[.auditRate].number("audit_rate")
    record.failed = try row[.failed].flag("failed")
    if let text = try row[.allowed].text("allowed") {
      do {
        record.allowed = try DrawDecoder.allowed(parser.value(fromJSON: text.utf8, expected: "a JSON array"), &names)
      } catch {
        throw error.inside("allowed")
      }
    }
    if let text = try row[.steps].text("steps") {
      do {
        record.steps = try DrawDecoder.steps(parser.value(fromJSON: text.utf8, expected: "a JSON array"), &names)
      } catch {
        throw error.inside("steps")
      }
    }
  }

  private func readRequest(_ column: DatabaseValue, into record: inout LogRecord) throws(RecordViolation) {
    guard let text = try column.text("request") else {
      throw RecordViolation(
        .missingRequest, field: "request", expected: "the JSON object of the request", found: "NULL",
        remedy: "write {\"prompt\": …} or {\"messages\": …}")
    }
    do throws(RecordViolation) {
      let fields = try JSONFields<RecordField>(parser.value(fromJSON: text.utf8), role: "prompt or messages")
      record.request = try RequestDecoder(fields: fields).decode()
      if keepsAnswers { record.asked = AskedDecoder.schemas(fields) }
    } catch { throw error.inside("request") }
  }

  private static func features(_ bytes: [UInt8]) throws(RecordViolation) -> StoredFeatures {
    do throws(StoredFeaturesError) { return try StoredFeatures(bytes: bytes) } catch { throw RecordViolation(error) }
  }

  private func outcome(
    _ columns: [DatabaseValue], _ features: inout ResponseFeatureDecoder
  ) throws(RecordViolation) -> ModelOutcome {
    func column(_ column: OutcomeColumn) -> DatabaseValue { columns[column.rawValue] }
    guard let name = try column(.name).text("outcomes.name") else {
      throw RecordViolation(
        .missingField, field: "outcomes.name", expected: "a model or tier", found: "NULL", remedy: "name it")
    }
    do throws(RecordViolation) {
      var outcome = ModelOutcome(
        name: name, quality: try column(.quality).number("quality"), costUSD: try column(.costUSD).number("cost_usd"),
        outputTokens: try column(.outputTokens).wholeNumber("output_tokens"),
        latencyMilliseconds: try column(.latencyMilliseconds).number("latency_ms"),
        inclusion: try column(.inclusion).number("inclusion"), origin: try Self.origin(column(.origin)),
        gold: try gold(column(.gold)), answer: try answer(column(.answer)))
      if let bytes = try column(.responseFeatures).bytes("response_features") {
        do { outcome.responseFeatures = try features.features(bytes) } catch { throw error.inside("response_features") }
      }
      return outcome
    } catch { throw error.inside("outcomes[\(SafeText.label(name))]") }
  }

  private static func origin(_ column: DatabaseValue) throws(RecordViolation) -> OutcomeOrigin? {
    guard let name = try column.text("origin") else { return nil }
    return try at("origin") { () throws(RecordViolation) in try OutcomeOrigin(named: name) }
  }

  private func gold(_ column: DatabaseValue) throws(RecordViolation) -> GoldRating? {
    guard let text = try column.text("gold") else { return nil }
    return try at("gold") { () throws(RecordViolation) in
      try GoldDecoder.rating(parser.value(fromJSON: text.utf8, expected: "a JSON object"))
    }
  }

  private func answer(_ column: DatabaseValue) throws(RecordViolation) -> ModelAnswer? {
    guard let text = try column.text("answer") else { return nil }
    return try at("answer") { () throws(RecordViolation) in
      try AnswerDecoder.answer(parser.value(fromJSON: text.utf8, expected: "a JSON string or object"))
    }
  }
}
