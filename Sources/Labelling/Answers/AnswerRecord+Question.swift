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
      messages.map { (role: $0["role"]?.string ?? "user", text: GivenAnswer.text(of: $0["content"])) })
  }

  /// The answer of a model or tier.
  func answer(of name: String) -> Answer? { answers.first { $0.name == name } }

  /// The name under which the frontier answered: the first of its names with an answer, else the first of all.
  func frontier(_ options: LabelOptions) -> String {
    ([options.frontier] + options.frontierModels).first { answer(of: $0) != nil } ?? options.frontier
  }

  /// The first key that often holds a reference and is read by `ockham import` alone.
  var unreadReference: String? {
    ReferenceKeys.names.dropFirst().first { key in root[key].map { !$0.isNull } ?? false }
  }

  /// What answers are compared with: the reference, or the answer of the frontier.
  /// - Throws: a violation where there is neither.
  func referenceAnswer(frontier: String) throws(RecordViolation) -> GivenAnswer {
    if let reference { return GivenAnswer(text: reference) }
    if let answer = answer(of: frontier) { return answer.given }
    throw RecordViolation(
      .missingField, field: "reference", expected: "a reference, or an answer of \(SafeText.label(frontier))",
      found: "neither", remedy: "add a reference, or name the strongest tier with --frontier")
  }
}
