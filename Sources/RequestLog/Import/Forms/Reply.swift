import Ockham
import TextKit

/// A model's answer in any of the chat protocols: what it says and calls, who gave it, and the tokens that it counts.
struct Reply {
  var model: String?
  /// What was answered; `nil` where there is neither a text nor a call of a tool.
  var said: ModelAnswer?
  var inputTokens: Int?
  var outputTokens: Int?
  var created: JSONNode?

  /// Reads an OpenAI completion or response, an Anthropic message, a Gemini candidate, a message, messages or a text.
  init(_ value: JSONNode?) {
    guard let value, !value.isNull else { return }
    model = value.label("model")
    created = value.field("created", "created_at")
    let reason = value.label("choices.0.finish_reason", "stop_reason", "finish_reason", "candidates.0.finishReason")
    said = Self.said(Self.answer(in: value), reason: reason)
    guard let usage = value.field("usage", "usageMetadata") else { return }
    inputTokens = usage.count("prompt_tokens", "input_tokens", "promptTokenCount")
    if let cached = usage.count("cache_read_input_tokens") { inputTokens = inputTokens.map { $0 + cached } }
    if let written = usage.count("cache_creation_input_tokens") { inputTokens = inputTokens.map { $0 + written } }
    outputTokens = usage.count("completion_tokens", "output_tokens", "candidatesTokenCount")
  }

  private static func answer(in value: JSONNode) -> JSONNode? {
    if let choices = value.field("choices") {
      return choices.elements?.first.flatMap { $0.field("message") ?? $0["text"] }
    }
    if let output = value.field("output"), output.isListOfObjects { return output }
    if let candidates = value.field("candidates") { return candidates.field("0.content") }
    if value.elements != nil || value.string != nil { return value }
    return value["content"] != nil || value["parts"] != nil || value["tool_calls"] != nil ? value : nil
  }

  private static func said(_ answer: JSONNode?, reason: String?) -> ModelAnswer? {
    var dialogue = Dialogue()
    dialogue.keepsCallsApart = true
    guard let answer, (try? dialogue.add(answer, as: .assistant)) != nil else { return nil }
    let texts = dialogue.segments.filter { $0.role == .assistant && !$0.text.isEmpty }.map(\.text)
    if texts.isEmpty, dialogue.calls.isEmpty { return nil }
    let text = texts.joined(separator: "\n")
    if dialogue.calls.isEmpty, reason == nil { return .text(text) }
    return .message(AnswerMessage(text: text, toolCalls: dialogue.calls, finishReason: reason))
  }
}
