import TextKit
import Ockham

/// Reads records from JSON objects. Types are checked here, ranges by ``LogRecord/validate()``.
struct RecordDecoder {
  private var names = StringPool()
  private let keepsAnswers: Bool
  private let path: String
  private var position = LogPosition.line(0)
  private var recordKeys = KeyCheck.ofRecord
  private var outcomeKeys = KeyCheck.ofOutcome
  /// What was skipped.
  private(set) var remarks = LogRemarks()

  /// - Parameters:
  ///   - path: what remarks call the log.
  ///   - keepsAnswers: whether outcomes keep their answers; otherwise these are skipped.
  init(path: String, keepsAnswers: Bool = false) {
    self.path = path
    self.keepsAnswers = keepsAnswers
  }

  /// The record in a JSON value.
  /// - Parameters:
  ///   - position: where it stands, for remarks.
  ///   - defaultID: the id of a record that has none.
  mutating func decode(
    _ value: JSONValue, at position: LogPosition, defaultID: () -> String
  ) throws(RecordViolation) -> LogRecord {
    guard value.kind == .object else { throw Self.notAnObject(value) }
    self.position = position
    let fields = try JSONFields<RecordField>(value, role: "a record")
    if fields.passedOver > 0 { recordKeys.check(value, fields, into: &remarks, at: place) }
    var record = LogRecord(
      id: try label(fields[.id], field: "id") ?? defaultID(), request: try RequestDecoder(fields: fields).decode())
    if keepsAnswers { record.asked = AskedDecoder.schemas(fields) }
    record.dataset = try name(fields[.dataset], field: "dataset")
    record.tier = try name(fields[.tier], field: "tier")
    if let outcomes = fields[.outcomes] {
      record.outcomes = try decodeOutcomes(outcomes)
    }
    try decodeLabels(fields, into: &record)
    try decodeDraw(fields, into: &record)
    if record.request.isListLiteral {
      remarks.note("prompt that is a list in brackets: taken as it is; `ockham import` reads what is in it", at: place)
    }
    return record
  }

  private mutating func decodeDraw(
    _ fields: JSONFields<RecordField>, into record: inout LogRecord
  ) throws(RecordViolation) {
    record.served = try name(fields[.served], field: "served")
    record.conversation = try label(fields[.conversation], field: "conversation")
    record.policyHash = try name(fields[.policyHash], field: "policy_hash")
    record.labelRate = try number(fields[.labelRate], field: "label_rate")
    record.auditRate = try number(fields[.auditRate], field: "audit_rate")
    if let allowed = fields[.allowed] {
      do { record.allowed = try DrawDecoder.allowed(allowed, &names) } catch { throw error.inside("allowed") }
    }
    if let eligible = fields[.eligible] {
      record.eligible = try at("eligible") { () throws(RecordViolation) in try eligible.boolean() }
    }
    if let failed = fields[.failed] {
      record.failed = try at("failed") { () throws(RecordViolation) in try failed.boolean() }
    }
    if let steps = fields[.steps] {
      do { record.steps = try DrawDecoder.steps(steps, &names) } catch { throw error.inside("steps") }
    }
  }

  private var place: LogPlace { LogPlace(path: path, position: position) }

  private mutating func decodeLabels(_ fields: JSONFields<RecordField>, into record: inout LogRecord)
    throws(RecordViolation)
  {
    if let weight = try number(fields[.weight], field: "weight") { record.weight = Float(weight) }
    record.propensity = try number(fields[.propensity], field: "propensity")
    if let task = fields[.task] {
      let name = try at("task") { () throws(RecordViolation) in try task.string("a task name") }
      record.task = TaskKind(name: name)
      if record.task == nil { remarks.note(TaskKind.unknown(name), at: place) }
    }
    if let timestamp = fields[.timestamp] {
      record.timestamp = try at("timestamp") { () throws(RecordViolation) in try Self.timestamp(timestamp) }
    }
  }

  /// An id is a string or a number; a number is taken as written.
  private func label(_ value: JSONValue?, field: String) throws(RecordViolation) -> String? {
    guard let value else { return nil }
    if let text = value.numberText { return text }
    return try at(field) { () throws(RecordViolation) in try value.string("a string or a number") }
  }

  private mutating func name(_ value: JSONValue?, field: String) throws(RecordViolation) -> String? {
    guard let value else { return nil }
    do { return try names.name(value) } catch { throw error.inside(field) }
  }

  private func number(_ value: JSONValue?, field: String) throws(RecordViolation) -> Double? {
    guard let value else { return nil }
    return try at(field) { () throws(RecordViolation) in try value.number("a number") }
  }

  private mutating func decodeOutcomes(_ value: JSONValue) throws(RecordViolation) -> [ModelOutcome] {
    guard value.kind == .object else {
      throw RecordViolation.wrongType(
        expected: "an object keyed by model or tier", found: value, remedy: "write {\"MODEL\": {\"quality\": …}}"
      ).inside("outcomes")
    }
    var outcomes: [ModelOutcome] = []
    for (key, value) in JSONMembers(of: value) {
      guard let name = names.string(of: key) else { throw RecordViolation.halfSurrogate.inside("outcomes") }
      do throws(RecordViolation) {
        outcomes.append(try outcome(name: name, value))
      } catch {
        throw error.inside("outcomes[\(SafeText.label(name))]")
      }
    }
    return outcomes
  }

  private mutating func outcome(name: String, _ value: JSONValue) throws(RecordViolation) -> ModelOutcome {
    if value.isNull { return ModelOutcome(name: name) }
    let fields = try JSONFields<OutcomeField>(value, role: "quality, cost_usd, output_tokens, latency_ms, …")
    if fields.passedOver > 0 { outcomeKeys.check(value, fields, into: &remarks, at: place) }
    var features = ResponseFeatureDecoder()
    let outcome = try OutcomeDecoder.outcome(name: name, fields, keepsAnswer: keepsAnswers, &features)
    if features.hasForeign { remarks.note(ResponseFeatureDecoder.remark, at: place) }
    return outcome
  }

  private static func timestamp(_ value: JSONValue) throws(RecordViolation) -> String {
    guard let seconds = value.number else { return try value.string("an ISO 8601 time or seconds since 1970") }
    guard CivilTime.secondsRange.contains(seconds) else {
      throw RecordViolation(
        .outOfRange, field: nil, expected: "seconds since 1970, from 0 to 1e11", found: value.summary,
        remedy: "divide milliseconds by 1,000, or write an ISO 8601 time")
    }
    return CivilTime.timestamp(seconds: seconds)
  }

  private static func notAnObject(_ value: JSONValue) -> RecordViolation {
    RecordViolation(
      .notAnObject, field: nil, expected: "a JSON object", found: value.summary, remedy: "write one record a line")
  }
}

extension TaskKind {
  /// The remark on a label that names no kind; the row stays without it.
  static func unknown(_ name: String) -> String {
    "unknown task \(SafeText.word(name)): the label is left out; the kinds are "
      + TaskKind.allCases.map(\.name).joined(separator: ", ")
  }
}

extension Request {
  /// Whether all that is asked is a list as JSON or Python writes it, such as `['…']`.
  var isListLiteral: Bool {
    guard segments.count == 1, let text = segments.first?.text.utf8, text.first == UInt8(ascii: "[") else {
      return false
    }
    guard let second = text.dropFirst().first, let last = text.last, last == UInt8(ascii: "]") else { return false }
    return second == UInt8(ascii: "'") || second == UInt8(ascii: "\"")
  }
}
