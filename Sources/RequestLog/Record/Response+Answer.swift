package import Ockham
import TextKit

extension Response {
  /// A logged answer as response heads read it, with all that answer and request tell of it.
  package init(_ answer: ModelAnswer, to request: Request) {
    let calls = answer.message?.toolCalls ?? []
    self.init(
      text: answer.text, toolCalls: calls.map { ToolCall(name: $0.name, arguments: $0.arguments ?? "") },
      facts: ResponseFacts(
        finishReason: answer.message?.finishReason.map(ResponseFacts.FinishReason.init(provider:))))
    facts.setLogprobs(answer.message?.logprobs ?? [])
    facts.check(self, against: request.attributes)
  }
}

extension ResponseFacts {
  /// Finds out what text and calls tell of themselves, given what the request asked for: whether the text is JSON where JSON
  /// was asked for, and whether the calls name declared tools and carry JSON objects. What a schema says is not looked at.
  package mutating func check(_ response: Response, against request: RequestAttributes) {
    if request.responseFormat != .text, response.toolCalls.isEmpty {
      let value = try? JSONParser.parse(Array(response.text.utf8))
      jsonIsValid = request.responseFormat == .jsonObject ? value?.members != nil : value != nil
    }
    if !response.toolCalls.isEmpty {
      toolCallsAreValid = response.toolCalls.allSatisfy { $0.isValid(among: request.toolNames) }
    }
  }
}

extension Response.ToolCall {
  /// Whether the call names one of the tools, any where none is declared, and its arguments are a JSON object. Some models write
  /// nothing for a tool without parameters.
  fileprivate func isValid(among tools: [String]) -> Bool {
    if !tools.isEmpty, !tools.contains(name) { return false }
    if arguments.utf8.allSatisfy({ $0 <= 0x20 }) { return true }
    return (try? JSONParser.parse(Array(arguments.utf8)))?.members != nil
  }
}

extension ResponseFacts.FinishReason {
  /// What a provider's word stands for.
  package init(provider word: String) {
    switch word {
    case "stop", "end_turn", "stop_sequence", "STOP", "COMPLETE": self = .stop
    case "length", "max_tokens", "MAX_TOKENS", "model_length": self = .length
    case "tool_calls", "tool_use", "function_call": self = .toolCalls
    case "content_filter", "refusal", "SAFETY", "content_filtered", "guardrail_intervened": self = .contentFilter
    default: self = .other
    }
  }
}
