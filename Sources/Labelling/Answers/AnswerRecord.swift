package import Judging
package import RequestLog
package import TextKit

/// A line of a log whose outcomes hold answers: what labelling reads, and where to write what it finds.
///
/// ```json
/// {"prompt":"…","reference":"…","outcomes":{"small":{"answer":"…"},"frontier":{"answer":"…","cost_usd":0.01}}}
/// ```
package struct AnswerRecord: Sendable {
  /// The record's id, or `line <number>`.
  package var id: String
  /// What models answered, in the order of the line. Outcomes without `answer` are left out.
  package var answers: [Answer]
  /// The right answer, where it is known.
  package var reference: String?
  /// The line as it was read.
  package var bytes: [UInt8]
  /// The line as JSON.
  package var root: JSONNode

  /// One answer.
  package struct Answer: Sendable {
    /// The model or tier.
    package var name: String
    /// The text, the tools it calls, and how it ended.
    package var given: GivenAnswer
    package var costUSD: Double?
    /// The quality that the line gives already.
    package var quality: Double?
    /// The outcome's object in the line.
    var outcome: JSONNode

    /// The text; empty where the model only calls tools.
    package var text: String { given.text ?? "" }

    /// What a program reads: the text, and a line for each call.
    package var written: String { ShownText.answer(given) }

    /// What a judge and people read: the same, and that the answer was cut where it was.
    package var shown: String {
      written + (given.ending == .cutOff ? "\n[cut off at a limit of tokens]" : "")
    }

    /// Whether there is nothing but calls of tools, which have no text to check.
    var onlyCallsTools: Bool { !given.calls.isEmpty && text.allSatisfy(\.isWhitespace) }
  }

  /// Reads a line.
  /// - Parameter needsOutcomes: whether a line without outcomes is bad; otherwise it has no answers.
  /// - Throws: a violation that names the field.
  package init(line: [UInt8], number: Int, needsOutcomes: Bool = true) throws(RecordViolation) {
    do throws(JSONSyntaxError) { root = try JSONParser.parse(line) } catch {
      throw RecordViolation(
        .invalidJSON, field: nil, expected: "\(error.expected) at byte \(error.offset)", found: "something else",
        remedy: "write one JSON object a line")
    }
    guard root.members != nil else {
      throw RecordViolation(
        .notAnObject, field: nil, expected: "a JSON object", found: root.kindName, remedy: "write one record a line")
    }
    bytes = line
    id = Self.id(root["id"]) ?? "line \(number)"
    reference = try Self.reference(root["reference"])
    let isBare = !needsOutcomes && (root["outcomes"] ?? .null).isNull
    answers = isBare ? [] : try Self.answers(root)
  }

  private static func id(_ value: JSONNode?) -> String? {
    if case .number(let text) = value?.content { return text }
    return value?.string
  }

  private static func answers(_ root: JSONNode) throws(RecordViolation) -> [Answer] {
    guard let outcomes = root["outcomes"]?.members else {
      throw RecordViolation(
        .missingField, field: "outcomes", expected: "an object keyed by model or tier",
        found: root["outcomes"]?.kindName ?? "none", remedy: "write {\"MODEL\": {\"answer\": \"…\"}}")
    }
    try checkKeys(of: outcomes, field: "outcomes")
    var answers: [Answer] = []
    for (name, outcome) in outcomes.map({ ($0.key, $0.value) }) {
      let field = "outcomes[\(SafeText.label(name))]"
      guard let members = outcome.members else {
        if outcome.isNull { continue }
        throw RecordViolation(
          .wrongType, field: field, expected: "an object", found: outcome.kindName, remedy: "write {\"answer\": \"…\"}")
      }
      try checkKeys(of: members, field: field)
      guard let given = try GivenAnswer(logged: outcome["answer"], field: field + ".answer") else { continue }
      answers.append(
        Answer(
          name: name, given: given, costUSD: try number(outcome["cost_usd"], field: field + ".cost_usd"),
          quality: try quality(outcome["quality"], field: field + ".quality"), outcome: outcome))
    }
    return answers
  }

  private static func checkKeys(of members: [JSONMember], field: String) throws(RecordViolation) {
    guard Set(members.map(\.key)).count < members.count else { return }
    throw RecordViolation(
      .duplicateKey, field: field, expected: "each key once", found: "a key twice", remedy: "remove one")
  }

  /// Numbers, true and false are compared as they are written.
  private static func reference(_ value: JSONNode?) throws(RecordViolation) -> String? {
    guard let value, !value.isNull else { return nil }
    guard let text = value.referenceText else {
      throw RecordViolation(
        .wrongType, field: "reference", expected: "a string, a number, true or false", found: value.kindName,
        remedy: "write the one right answer as a string")
    }
    return text
  }

  private static func quality(_ value: JSONNode?, field: String) throws(RecordViolation) -> Double? {
    guard let number = try number(value, field: field) else { return nil }
    guard number <= 1 else {
      throw RecordViolation(
        .outOfRange, field: field, expected: "a number from 0 to 1", found: "\(number)",
        remedy: "fix the value or drop it")
    }
    return number
  }

  private static func number(_ value: JSONNode?, field: String) throws(RecordViolation) -> Double? {
    guard let value, !value.isNull else { return nil }
    guard let number = value.number, number.isFinite, number >= 0 else {
      throw RecordViolation(
        .wrongType, field: field, expected: "a number of at least 0", found: value.kindName,
        remedy: "write a JSON number")
    }
    return number
  }
}
