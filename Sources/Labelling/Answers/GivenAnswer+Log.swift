import Judging
import RequestLog
import TextKit

extension GivenAnswer {
  /// Reads `outcomes.X.answer`: a text, or a message with `content`, `tool_calls` and `finish_reason`. `nil` where there is
  /// none.
  /// - Throws: a violation that names the field.
  init?(logged value: JSONNode?, field: String) throws(RecordViolation) {
    guard let value, !value.isNull else { return nil }
    if let text = value.string {
      self.init(text: text)
      return
    }
    guard value.members != nil else {
      throw Self.wrong(field, expected: "a string or a message object", value)
    }
    let (content, calls) = (value["content"], value["tool_calls"])
    let ending = value["finish_reason"]?.string
    guard content?.isNull == false || calls?.isNull == false || ending != nil || value["refusal"]?.string != nil else {
      throw RecordViolation(
        .missingField, field: field, expected: "content, tool_calls or finish_reason",
        found: "a message without any of them", remedy: "add what the model answered, or leave the answer out")
    }
    if let content, !content.isNull, content.string == nil, content.elements == nil {
      throw Self.wrong(field + ".content", expected: "a string, an array of parts or null", content)
    }
    if let calls, !calls.isNull, calls.elements == nil {
      throw Self.wrong(field + ".tool_calls", expected: "an array", calls)
    }
    self.init(
      text: content.flatMap { $0.isNull ? nil : Self.text(of: $0) }, refusal: value["refusal"]?.string,
      calls: (calls?.elements ?? []).map(Self.call), ending: Self.ending(ending))
  }

  /// A message's content: a text, or the texts of its parts.
  static func text(of content: JSONNode?) -> String {
    if let text = content?.string { return text }
    return (content?.elements ?? []).compactMap { $0.string ?? $0["text"]?.string }.joined(separator: "\n")
  }

  /// A call as a provider sends it, or with name and arguments at the top.
  static func call(_ node: JSONNode) -> Call {
    let function = node["function"] ?? node
    let arguments = function["arguments"]
    return Call(
      name: function["name"]?.string ?? "",
      arguments: arguments?.string ?? arguments.flatMap { $0.isNull ? nil : $0.jsonText } ?? "")
  }

  static func ending(_ reason: String?) -> Ending {
    switch reason {
    case "length", "max_tokens": .cutOff
    case "content_filter": .contentFiltered
    default: .finished
    }
  }

  private static func wrong(_ field: String, expected: String, _ value: JSONNode) -> RecordViolation {
    RecordViolation(
      .wrongType, field: field, expected: expected, found: value.kindName,
      remedy: "write the answer's text, or {\"content\": …, \"tool_calls\": …}")
  }
}
