import TextKit
import Ockham

/// Reads records from JSON objects. Types are checked here, ranges by ``LogRecord/validate()``.
struct RecordDecoder {
  private var names = StringPool()
  private let keepsAnswers: Bool

  /// - Parameter keepsAnswers: whether outcomes keep their answers; otherwise these are passed over.
  init(keepsAnswers: Bool = false) { self.keepsAnswers = keepsAnswers }

  /// The record in a JSON value.
  /// - Parameter defaultID: the id of a record that has none.
  mutating func decode(
    _ value: JSONValue, defaultID: () -> String
  ) throws(RecordViolation) -> LogRecord {
    guard value.kind == .object else { throw Self.notAnObject(value) }
    let fields = try JSONFields<RecordField>(value, role: "a record")
    var record = LogRecord(
      id: try label(fields[.id], field: "id") ?? defaultID(), request: try RequestDecoder(fields: fields).decode())
    record.dataset = try name(fields[.dataset], field: "dataset")
    record.tier = try name(fields[.tier], field: "tier")
    if let outcomes = fields[.outcomes] {
      record.outcomes = try decodeOutcomes(outcomes)
    }
    try decodeLabels(fields, into: &record)
    try decodeDraw(fields, into: &record)
    return record
  }

  private mutating func decodeDraw(
    _ fields: JSONFields<RecordField>, into record: inout LogRecord
  ) throws(RecordViolation) {
    record.served = try name(fields[.served], field: "served")
    record.conversation = try label(fields[.conversation], field: "conversation")
    record.policyHash = try name(fields[.policyHash], field: "policy_hash")
    if let allowed = fields[.allowed] {
      do { record.allowed = try DrawDecoder.allowed(allowed, &names) } catch { throw error.inside("allowed") }
    }
    if let eligible = fields[.eligible] {
      record.eligible = try at("eligible") { () throws(RecordViolation) in try eligible.boolean() }
    }
    if let steps = fields[.steps] {
      do { record.steps = try DrawDecoder.steps(steps, &names) } catch { throw error.inside("steps") }
    }
  }

  private func decodeLabels(_ fields: JSONFields<RecordField>, into record: inout LogRecord) throws(RecordViolation) {
    if let weight = try number(fields[.weight], field: "weight") { record.weight = Float(weight) }
    record.propensity = try number(fields[.propensity], field: "propensity")
    if let task = fields[.task] {
      record.task = try at("task") { () throws(RecordViolation) in try TaskKind(named: task.string("a task name")) }
    }
    if let timestamp = fields[.timestamp] {
      record.timestamp = try at("timestamp") { () throws(RecordViolation) in try Self.timestamp(timestamp) }
    }
  }

  /// An id is a text or a number; a number is taken as its text.
  private func label(_ value: JSONValue?, field: String) throws(RecordViolation) -> String? {
    guard let value else { return nil }
    if let text = value.numberText { return text }
    return try at(field) { () throws(RecordViolation) in try value.string("a text or a number") }
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
      do { outcomes.append(try OutcomeDecoder.outcome(name: name, value, keepsAnswer: keepsAnswers)) } catch {
        throw error.inside("outcomes[\(SafeText.label(name))]")
      }
    }
    return outcomes
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
  /// The kind of that name, or a violation that lists the names.
  init(named name: String) throws(RecordViolation) {
    guard let kind = TaskKind(name: name) else {
      throw RecordViolation(
        .unknownTask, field: nil, expected: TaskKind.allCases.map(\.name).joined(separator: ", "),
        found: SafeText.word(name), remedy: "use one of these, or leave task out")
    }
    self = kind
  }
}
