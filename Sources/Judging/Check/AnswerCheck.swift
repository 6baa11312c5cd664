package import TextKit

/// Whether an answer is good enough as far as that shows without asking a model; for that see ``JudgePrompt``.
package struct AnswerCheck: Sendable {
  private let form: FormCheck
  private let toolNames: Set<String>
  private let hasOwnLimit: Bool
  private let minimumMeanLogprob: Double?

  /// - Parameters:
  ///   - form: what the request asks of texts.
  ///   - toolNames: the tools that it offers; an empty set allows all.
  ///   - hasOwnLimit: whether it sets a limit of tokens: that would cut another model's answer as well.
  ///   - minimumMeanLogprob: the least mean log probability that passes, where it is known.
  package init(form: FormCheck, toolNames: Set<String>, hasOwnLimit: Bool, minimumMeanLogprob: Double?) {
    self.form = form
    self.toolNames = toolNames
    self.hasOwnLimit = hasOwnLimit
    self.minimumMeanLogprob = minimumMeanLogprob
  }

  /// The first validation failure of the answers to one request; `nil` where all pass. None at all is ``ValidationFailure/empty``.
  package func failure(of answers: [GivenAnswer]) -> ValidationFailure? {
    if answers.isEmpty { return .empty }
    for answer in answers {
      if let failure = failure(of: answer) { return failure }
    }
    return nil
  }

  private func failure(of answer: GivenAnswer) -> ValidationFailure? {
    if answer.ending == .contentFiltered { return .contentFiltered }
    if answer.ending == .cutOff, !hasOwnLimit { return .cutOff }
    if answer.refusal?.isEmpty == false { return .refusal }
    if !answer.calls.isEmpty { return answer.calls.contains(where: isBad) ? .invalidToolCall : nil }
    let text = answer.text ?? ""
    if text.allSatisfy(\.isWhitespace) { return .empty }
    if Refusal.begins(text) { return .refusal }
    // What was cut at the client's own limit is no whole JSON from any model.
    if answer.ending != .cutOff, let failure = form.failure(of: text) { return failure }
    if let least = minimumMeanLogprob, let mean = answer.meanLogprob, mean < least { return .lowLogprob }
    return nil
  }

  private func isBad(_ call: GivenAnswer.Call) -> Bool {
    if !toolNames.isEmpty, !toolNames.contains(call.name) { return true }
    // Some models write nothing for a tool without parameters.
    if call.arguments.allSatisfy(\.isWhitespace) { return false }
    return (try? JSONParser.parse(Array(call.arguments.utf8)))?.members == nil
  }

  /// The mean of `content[].logprob` in the `logprobs` of a chat completion; `nil` where there is none. -9999 and the
  /// like, which stand for minus infinity, are cut to -100.
  package static func meanLogprob(_ logprobs: JSONNode?) -> Double? {
    let values = (logprobs?["content"]?.elements ?? []).compactMap { $0["logprob"]?.number }
    guard !values.isEmpty else { return nil }
    return values.reduce(0) { $0 + min(0, max(-100, $1)) } / Double(values.count)
  }
}
