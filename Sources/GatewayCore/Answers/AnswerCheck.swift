package import ChatProtocols
package import TextKit

/// Whether an answer is good enough to be sent, or the cascade moves up. Asks no model: for that see ``Judge``.
package struct AnswerCheck: Sendable {
  private let configuration: CascadeConfiguration
  private let form: AnswerForm
  private let toolNames: Set<String>
  private let hasOwnLimit: Bool

  /// - Parameter request: what was asked: its response format, tools and limits are what an answer is held to.
  package init(for request: ChatRequest, _ configuration: CascadeConfiguration) {
    self.configuration = configuration
    form = AnswerForm(request.chat["response_format"])
    toolNames = Set(request.request.attributes.toolNames)
    hasOwnLimit = request.request.attributes.maximumOutputTokens != nil
  }

  /// The first flaw of an answer; `nil` for one that passes. Where the client asked for several, all must pass.
  package func flaw(of answer: ChatAnswer) -> AnswerFlaw? {
    if answer.choices.isEmpty { return .empty }
    for choice in answer.choices {
      if let flaw = flaw(of: choice) { return flaw }
    }
    return nil
  }

  private func flaw(of choice: ChatChoice) -> AnswerFlaw? {
    if choice.finishReason == .contentFilter { return .contentFiltered }
    // A limit that the client set cuts the next tier's answer as well.
    if choice.finishReason == .length, !hasOwnLimit { return .cutOff }
    if choice.refusal?.isEmpty == false { return .refusal }
    if !choice.toolCalls.isEmpty { return choice.toolCalls.contains(where: isBad) ? .invalidToolCall : nil }
    let text = choice.content ?? ""
    if text.allSatisfy(\.isWhitespace) { return .empty }
    if Refusal.begins(text) { return .refusal }
    // What was cut at the client's own limit is no whole JSON in any tier.
    if choice.finishReason != .length, let flaw = form.flaw(of: text) { return flaw }
    if let least = configuration.minimumMeanLogprob, let mean = Self.meanLogprob(choice.logprobs), mean < least {
      return .lowLogprob
    }
    return nil
  }

  private func isBad(_ call: ToolCall) -> Bool {
    if !toolNames.isEmpty, !toolNames.contains(call.name) { return true }
    // Some models write nothing for a tool without parameters.
    if call.arguments.allSatisfy(\.isWhitespace) { return false }
    return (try? JSONParser.parse(Array(call.arguments.utf8)))?.members == nil
  }

  /// The mean of `content[].logprob`; `nil` where the provider gave none. -9999 and the like, which stand for minus
  /// infinity, are cut to -100.
  package static func meanLogprob(_ logprobs: JSONNode?) -> Double? {
    let values = (logprobs?["content"]?.elements ?? []).compactMap { $0["logprob"]?.number }
    guard !values.isEmpty else { return nil }
    return values.reduce(0) { $0 + min(0, max(-100, $1)) } / Double(values.count)
  }
}
