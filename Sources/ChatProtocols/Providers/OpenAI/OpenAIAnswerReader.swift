import TextKit

/// Reads whole chat completions.
enum OpenAIAnswerReader {
  static func answer(from root: JSONNode) throws(ProviderFault) -> ChatAnswer {
    if let failure = OpenAIFailure.failure(in: root) { throw .failed(failure) }
    guard let choices = root["choices"]?.elements, !choices.isEmpty else {
      throw .malformed(expected: "an array of choices")
    }
    var read: [ChatChoice] = []
    for (place, choice) in choices.enumerated() { read.append(try self.choice(choice, place: place)) }
    return ChatAnswer(
      id: root["id"]?.string ?? "", created: root["created"]?.integer ?? 0, model: root["model"]?.string ?? "",
      choices: read.sorted { $0.index < $1.index }, usage: root["usage"].flatMap(usage))
  }

  private static func choice(_ node: JSONNode, place: Int) throws(ProviderFault) -> ChatChoice {
    guard let message = node["message"], message.members != nil else { throw .malformed(expected: "a message") }
    var calls: [ToolCall] = []
    for call in message["tool_calls"]?.elements ?? [] { calls.append(try self.call(call)) }
    let reason = node["finish_reason"]?.string.map(ChatCompletionJSON.finishReason) ?? .stop
    return ChatChoice(
      index: node["index"]?.smallIndex ?? place, content: text(of: message), refusal: said(message["refusal"]),
      reasoning: reasoning(of: message), toolCalls: calls,
      finishReason: reason == .stop && !calls.isEmpty ? .toolCalls : reason, logprobs: logprobs(of: node))
  }

  /// The text: a string, or the text parts of an array, which some servers send.
  private static func text(of message: JSONNode) -> String? {
    guard let parts = message["content"]?.elements else { return said(message["content"]) }
    let text = parts.compactMap { $0["text"]?.string }.joined()
    return text.isEmpty ? nil : text
  }

  /// A text that says something; nothing and an empty text are alike, as they are in a stream.
  static func said(_ node: JSONNode?) -> String? { node?.string.flatMap { $0.isEmpty ? nil : $0 } }

  private static func call(_ node: JSONNode) throws(ProviderFault) -> ToolCall {
    guard let function = node["function"] ?? node["custom"], let name = function["name"]?.string else {
      throw .malformed(expected: "the name of a tool call's function")
    }
    return ToolCall(
      id: node["id"]?.string ?? "", name: name, arguments: arguments(function["arguments"] ?? function["input"]))
  }

  /// The arguments as a text; some servers send the object itself.
  static func arguments(_ node: JSONNode?) -> String {
    guard let node, !node.isNull else { return "" }
    return node.string ?? String(decoding: node.jsonBytes, as: UTF8.self)
  }

  /// DeepSeek and older vLLM say `reasoning_content`, OpenRouter and newer vLLM `reasoning`.
  static func reasoning(of message: JSONNode) -> String? {
    said(message["reasoning_content"]) ?? said(message["reasoning"])
  }

  static func logprobs(of choice: JSONNode) -> JSONNode? {
    choice["logprobs"].flatMap { $0.members == nil ? nil : $0 }
  }

  /// The tokens; cached ones lie inside those of the prompt, reasoning inside those of the answer. DeepSeek tells hits
  /// of its cache by a name of its own.
  static func usage(_ node: JSONNode) -> TokenUsage? {
    guard let input = node["prompt_tokens"], let output = node["completion_tokens"] else { return nil }
    let prompt = node["prompt_tokens_details"]
    let cached = prompt?["cached_tokens"] ?? node["prompt_cache_hit_tokens"]
    return TokenUsage(
      inputTokens: input.tokenCount, outputTokens: output.tokenCount, cachedInputTokens: cached?.tokenCount ?? 0,
      cacheWriteTokens: prompt?["cache_write_tokens"]?.tokenCount ?? 0,
      reasoningTokens: node["completion_tokens_details"]?["reasoning_tokens"]?.tokenCount ?? 0)
  }
}
