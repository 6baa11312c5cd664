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
  /// How many answers there are; only the first is kept.
  var choices = 1

  /// Reads an OpenAI completion or response, an Anthropic message, a Gemini candidate, a message, messages or a text.
  /// - Parameter isAnswer: whether nothing else can be meant: JSON of no known kind is then the answer's text.
  init(_ value: JSONNode?, isAnswer: Bool = false) {
    guard let given = value, !given.isNull else { return }
    let joined = StreamedReply.joined(given)
    let (value, body) = (joined ?? given, joined ?? given.unfolded)
    model = body.label("model", "modelVersion", "model_name", "response_metadata.model_name", "llm_output.model_name")
    created = body.raw("created", "created_at", "createdAt", "createTime")
    choices = max(1, body["choices"]?.elements?.count ?? 1)
    said = Self.said(Self.answer(in: body), reason: Self.reason(in: body), logprobs: Self.logprobs(in: body))
    if said == nil { said = Self.plain(value, body, isAnswer: isAnswer) }
    countTokens(body)
  }

  private mutating func countTokens(_ body: JSONNode) {
    let usage =
      body.field(
        "usage", "usageMetadata", "usage_metadata", "llm_output.token_usage", "response_metadata.token_usage",
        "meta.billed_units") ?? body
    inputTokens = usage.count(
      "prompt_tokens", "input_tokens", "promptTokenCount", "inputTokens", "promptTokens", "prompt_eval_count")
    outputTokens = usage.count(
      "completion_tokens", "output_tokens", "candidatesTokenCount", "outputTokens", "completionTokens", "eval_count")
    for cached in ["cache_read_input_tokens", "cache_creation_input_tokens"] {
      if let count = usage.count(cached) { inputTokens = inputTokens.map { $0 + count } }
    }
  }

  /// Where a body has its answer.
  private static func answer(in body: JSONNode) -> JSONNode? {
    if let choices = body.field("choices") {
      return choices.elements?.first.flatMap { $0.field("message") ?? $0["delta"] ?? $0["text"] }
    }
    if let output = body.field("output") {
      if output.isListOfObjects { return output }
      if let message = output.field("message"), message.isMessage { return message }
    }
    if let candidates = body.field("candidates") { return candidates.field("0.content") }
    if let message = body.field("message"), message.isMessage { return message }
    if let generation = body.field("generations.0.0", "generations.0") {
      return generation.field("message") ?? generation.raw("text") ?? generation
    }
    if body.isMessages || body.string != nil { return body }
    if let list = body.elements {
      // The choices by themselves.
      if let message = list.first?.field("message"), message.isMessage { return message }
      if let text = list.first?.raw("generated_text"), text.string != nil { return text }
      if list.isEmpty || list.contains(where: { $0.members == nil && $0.string == nil }) { return nil }
      // Blocks of one message, as Anthropic's content has them.
      let areBlocks = list.allSatisfy { $0["type"]?.string != nil && $0["content"] == nil }
      return areBlocks ? .object(["role": .string("assistant"), "content": body]) : body
    }
    let isMessage =
      body["content"] != nil || body["parts"] != nil || body["tool_calls"] != nil || body["kwargs"] != nil
    return isMessage ? body : nil
  }

  /// An answer that is no protocol's: a text that happens to be JSON, or the text in an object.
  private static func plain(_ value: JSONNode, _ body: JSONNode, isAnswer: Bool) -> ModelAnswer? {
    if let text = value.string, !text.trimmingSpaces.isEmpty, body.field("choices", "error") == nil {
      return .text(text)
    }
    guard isAnswer, let members = body.members, !members.isEmpty, body.field("error") == nil else { return nil }
    let names = [
      "text", "answer", "output_text", "output", "response", "completion", "generated_text", "result", "outputs.0.text",
    ]
    if let text = names.lazy.compactMap({ body.raw($0)?.string }).first(where: { !$0.isEmpty }) { return .text(text) }
    return body["choices"] == nil && body["role"] == nil ? .text(body.jsonText) : nil
  }

  private static func reason(in body: JSONNode) -> String? {
    body.label(
      "choices.0.finish_reason", "stop_reason", "finish_reason", "candidates.0.finishReason", "stopReason",
      "done_reason", "0.finish_reason", "response_metadata.finish_reason")
  }

  /// The log probability of each token, as chat completions, text completions, Responses and Gemini list them.
  private static func logprobs(in body: JSONNode) -> [Double]? {
    let lists = [
      "choices.0.logprobs.content", "choices.0.logprobs.token_logprobs", "logprobs.content", "logprobs",
      "candidates.0.logprobsResult.chosenCandidates", "output.0.content.0.logprobs", "output.1.content.0.logprobs",
      "response_metadata.logprobs.content",
    ]
    for list in lists {
      guard let tokens = body.field(list)?.elements, !tokens.isEmpty else { continue }
      let numbers = tokens.compactMap { ($0.field("logprob", "logProbability") ?? $0).number }
      // Rounding may lift a certain token a little above 0; the first of a text completion has none.
      if numbers.count >= tokens.count - 1 { return numbers.map { min($0, 0) } }
    }
    return nil
  }

  private static func said(_ answer: JSONNode?, reason: String?, logprobs: [Double]?) -> ModelAnswer? {
    var dialogue = Dialogue()
    dialogue.keepsCallsApart = true
    guard let answer, (try? dialogue.add(answer, as: .assistant)) != nil else { return nil }
    let texts = dialogue.segments.filter { $0.role == .assistant && !$0.text.isEmpty }.map(\.text)
    if texts.isEmpty, dialogue.calls.isEmpty { return nil }
    let text = texts.joined(separator: "\n")
    if dialogue.calls.isEmpty, reason == nil, logprobs == nil { return .text(text) }
    return .message(
      AnswerMessage(text: text, toolCalls: dialogue.calls, finishReason: reason, logprobs: logprobs))
  }
}
