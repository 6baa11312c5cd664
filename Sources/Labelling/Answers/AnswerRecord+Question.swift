import Judging
import RequestLog
import TextKit

extension AnswerRecord {
  /// What was asked, as one text: the prompt, or the messages with their roles, a blank line between.
  /// - Throws: a violation where the line asks nothing.
  func question() throws(RecordViolation) -> String {
    if let prompt = root["prompt"]?.string { return prompt }
    guard let messages = root["messages"]?.elements, !messages.isEmpty else {
      throw RecordViolation(
        .missingRequest, field: nil, expected: "prompt or messages", found: "neither", remedy: "add what was asked")
    }
    return ShownText.conversation(
      messages.map { (role: $0["role"]?.string ?? "user", text: Self.text(of: $0["content"])) })
  }

  /// A message's content: a text, or the texts of its parts.
  private static func text(of content: JSONNode?) -> String {
    if let text = content?.string { return text }
    return (content?.elements ?? []).compactMap { $0.string ?? $0["text"]?.string }.joined(separator: "\n")
  }

  /// The answer of a model or tier.
  func answer(of name: String) -> Answer? { answers.first { $0.name == name } }

  /// The text that answers are compared with: the reference, or the answer of the frontier.
  /// - Throws: a violation where there is neither.
  func yardstick(frontier: String) throws(RecordViolation) -> String {
    if let reference { return reference }
    if let answer = answer(of: frontier) { return answer.text }
    throw RecordViolation(
      .missingField, field: "reference", expected: "a reference, or an answer of \(SafeText.label(frontier))",
      found: "neither", remedy: "add a reference, or name the strongest tier with --frontier")
  }
}
