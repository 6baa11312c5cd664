import TextKit

/// Reads whole chat completions.
enum OpenAIAnswerReader {
  /// - Parameter salt: what names are made from where the server gives none: another for every answer.
  static func answer(
    from root: JSONNode, salt: UInt64 = .random(in: .min ... .max)
  ) throws(ProviderFault) -> ChatResponse {
    if let failure = OpenAIFailure.failure(in: root) { throw .failed(failure) }
    guard let choices = root["choices"]?.elements, !choices.isEmpty else {
      throw .malformed(expected: "an array of choices")
    }
    var answer = ChatResponse(
      id: said(root["id"]) ?? madeID(salt), created: root["created"]?.integer ?? 0,
      model: root["model"]?.string ?? "", choices: [], usage: usage(in: root))
    for (place, choice) in choices.enumerated() {
      answer.choices.append(try self.choice(choice, place: place, salt: salt, &answer.isMended))
    }
    answer.choices.sort { $0.index < $1.index }
    return answer
  }

  /// What a choice means that says itself that it failed.
  static let gaveUp = UpstreamFailure(.serverError, reason: "finish_reason_error")

  private static func choice(
    _ node: JSONNode, place: Int, salt: UInt64, _ isMended: inout Bool
  ) throws(ProviderFault) -> ChatChoice {
    if let failure = OpenAIFailure.failure(of: node) { throw .failed(failure) }
    guard let message = node["message"], message.members != nil else { throw .malformed(expected: "a message") }
    let name = node["finish_reason"]?.string
    if let name, FinishReason.isFailure(name) { throw .failed(gaveUp) }
    if let name, !ChatCompletionJSON.isFinishReason(name) { isMended = true }
    let index = node["index"]?.smallIndex ?? place
    let calls = try calls(of: message, choice: index, salt: salt, &isMended)
    let reason = name.flatMap(FinishReason.init(named:)) ?? .stop
    return ChatChoice(
      index: index, content: text(of: message), refusal: said(message["refusal"]),
      reasoning: reasoning(of: message), toolCalls: calls,
      finishReason: reason == .stop && !calls.isEmpty ? .toolCalls : reason, logprobs: logprobs(of: node))
  }

  private static func calls(
    of message: JSONNode, choice: Int, salt: UInt64, _ isMended: inout Bool
  ) throws(ProviderFault) -> [ToolCall] {
    var calls: [ToolCall] = []
    var ids: Set<String> = []
    let nodes = message["tool_calls"]?.elements ?? []
    // The former form has no id, and a client that asked by the former name gets it as it came.
    if nodes.isEmpty, let call = legacyCall(of: message)?["function"], let name = said(call["name"]) {
      return [
        ToolCall(id: madeCallID(salt, choice: choice, 0), name: name, arguments: arguments(call["arguments"]))
      ]
    }
    for (number, node) in nodes.enumerated() {
      guard let function = node["function"] ?? node["custom"], let name = function["name"]?.string else {
        throw .malformed(expected: "the name of a tool call's function")
      }
      var id = said(node["id"]) ?? ""
      let text = function["arguments"] ?? function["input"]
      if id.isEmpty || ids.contains(id) {
        id = madeCallID(salt, choice: choice, number)
        isMended = true
      }
      if text?.members != nil { isMended = true }
      ids.insert(id)
      calls.append(ToolCall(id: id, name: name, arguments: arguments(text)))
    }
    return calls
  }

  /// The one call of `function_call`, as an element of `tool_calls` would say it. Source: OpenAI API reference, "Chat
  /// Completions", deprecated fields.
  static func legacyCall(of message: JSONNode) -> JSONNode? {
    guard let call = message["function_call"], call.members != nil else { return nil }
    return .object([JSONMember(key: "function", value: call)])
  }

  /// A name for an answer that has none.
  static func madeID(_ salt: UInt64) -> String { "chatcmpl-" + salt.hexadecimal }

  /// A name for a call that has none.
  static func madeCallID(_ salt: UInt64, choice: Int, _ number: Int) -> String {
    "call_\(salt.hexadecimal)_\(choice)_\(number)"
  }

  /// The text of a message or a delta: a string, or the text parts of an array, which some servers send.
  static func text(of message: JSONNode) -> String? {
    guard let parts = message["content"]?.elements else { return said(message["content"]) }
    let text = parts.compactMap { $0["text"]?.string }.joined()
    return text.isEmpty ? nil : text
  }

  /// A text that says something; nothing and an empty text are alike, as they are in a stream.
  static func said(_ node: JSONNode?) -> String? { node?.string.flatMap { $0.isEmpty ? nil : $0 } }

  /// The arguments as a string; some servers send the object itself.
  static func arguments(_ node: JSONNode?) -> String {
    guard let node, !node.isNull else { return "" }
    return node.string ?? String(decoding: node.jsonBytes, as: UTF8.self)
  }

  /// DeepSeek and older vLLM say `reasoning_content`, OpenRouter and newer vLLM `reasoning`; Mistral has parts of the
  /// content for it.
  static func reasoning(of message: JSONNode) -> String? {
    if let text = said(message["reasoning_content"]) ?? said(message["reasoning"]) { return text }
    guard let parts = message["content"]?.elements else { return nil }
    let text = parts.flatMap { part -> [String] in
      guard let thinking = part["thinking"] else { return [] }
      return thinking.elements?.compactMap { $0["text"]?.string } ?? [thinking.string ?? ""]
    }.joined()
    return text.isEmpty ? nil : text
  }

  static func logprobs(of choice: JSONNode) -> JSONNode? {
    choice["logprobs"].flatMap { $0.members == nil ? nil : $0 }
  }

  /// The tokens of an answer or a chunk, wherever they stand: some servers put them into a choice, Groq also beside its own
  /// name.
  static func usage(in root: JSONNode) -> TokenUsage? {
    let places = [root["usage"], root["x_groq"]?["usage"]] + (root["choices"]?.elements ?? []).map { $0["usage"] }
    var found = places.lazy.compactMap { $0.flatMap { usage($0) } }.first
    found?.serviceTier = root["service_tier"]?.string.flatMap { ServiceTier(rawValue: $0) }
    return found
  }

  /// The tokens; cached ones lie inside those of the prompt, reasoning inside those of the answer. DeepSeek shows hits
  /// of its cache by a name of its own, Perplexity its reasoning. xAI counts reasoning beside the answer, which its total
  /// shows; Gemini's counts it in the total alone.
  static func usage(_ node: JSONNode) -> TokenUsage? {
    var counts = TokenCounts()
    guard let input = counts.count(node["prompt_tokens"] ?? node["input_tokens"]),
      var output = counts.count(node["completion_tokens"] ?? node["output_tokens"])
    else { return nil }
    let prompt = node["prompt_tokens_details"] ?? node["input_tokens_details"]
    let details = node["completion_tokens_details"] ?? node["output_tokens_details"]
    let cached = counts.part(prompt?["cached_tokens"] ?? node["prompt_cache_hit_tokens"])
    let written = counts.part(prompt?["cache_write_tokens"])
    var reasoning = counts.part(details?["reasoning_tokens"] ?? node["reasoning_tokens"])
    let total = counts.part(node["total_tokens"])
    if reasoning > 0, total == input + output + reasoning {
      output += reasoning
    } else if reasoning == 0, total > input + output, input > 0, output > 0 {
      reasoning = total - input - output
      output += reasoning
    }
    var usage = TokenUsage(
      inputTokens: input, outputTokens: output, cachedInputTokens: cached, cacheWriteTokens: written,
      reasoningTokens: reasoning)
    usage.audioInputTokens = counts.part(prompt?["audio_tokens"])
    usage.audioOutputTokens = counts.part(details?["audio_tokens"])
    usage.isFlagged = counts.isOdd
    return usage
  }
}
