import TextKit

/// The parts of an answer of Messages that whole answers and events share.
enum MessagesJSON {
  /// A whole answer: the first choice, for Messages know one.
  static func message(_ answer: ChatResponse) -> JSONNode {
    let choice = answer.choices.first
    return .object([
      "id": .string(answer.id), "type": .string("message"), "role": .string("assistant"),
      "model": .string(answer.model), "content": .array(choice.map(blocks) ?? []),
      "stop_reason": .string(choice.map { stopReason($0.finishReason) } ?? "end_turn"), "stop_sequence": .null,
      "usage": usage(answer.usage),
    ])
  }

  private static func blocks(of choice: ChatChoice) -> [JSONNode] {
    var blocks: [JSONNode] = []
    for part in choice.reasoningParts { blocks.append(thinking(part)) }
    let text = (choice.content ?? "") + (choice.refusal ?? "")
    if !text.isEmpty { blocks.append(self.text(text)) }
    return blocks
      + choice.toolCalls.map {
        toolUse(id: $0.id, name: $0.name, input: ChatReading.object(fromArguments: $0.arguments))
      }
  }

  static func text(_ text: String) -> JSONNode { .object(["type": .string("text"), "text": .string(text)]) }

  /// Thinking with the signature that the provider gave it, if any.
  static func thinking(_ part: ReasoningPart) -> JSONNode {
    if case .redacted(let data) = part.seal { return redactedThinking(data) }
    var signature = ""
    if case .signature(let text) = part.seal { signature = text }
    return .object(["type": .string("thinking"), "thinking": .string(part.text), "signature": .string(signature)])
  }

  static func redactedThinking(_ data: String) -> JSONNode {
    .object(["type": .string("redacted_thinking"), "data": .string(data)])
  }

  static func toolUse(id: String, name: String, input: JSONNode) -> JSONNode {
    .object(["type": .string("tool_use"), "id": .string(id), "name": .string(name), "input": input])
  }

  /// Anthropic counts tokens of the cache beside those of the input.
  static func usage(_ usage: TokenUsage?) -> JSONNode {
    let usage = usage ?? TokenUsage(inputTokens: 0, outputTokens: 0)
    return .object([
      "input_tokens": .integer(max(0, usage.inputTokens - usage.cachedInputTokens - usage.cacheWriteTokens)),
      "cache_read_input_tokens": .integer(usage.cachedInputTokens),
      "cache_creation_input_tokens": .integer(usage.cacheWriteTokens), "output_tokens": .integer(usage.outputTokens),
    ])
  }

  static func stopReason(_ reason: FinishReason) -> String {
    switch reason {
    case .stop, .other: "end_turn"
    case .length: "max_tokens"
    case .toolCalls: "tool_use"
    case .contentFilter: "refusal"
    }
  }
}
