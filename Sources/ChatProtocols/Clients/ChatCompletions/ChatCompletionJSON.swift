import TextKit

/// The parts of a chat completion that whole answers and chunks share.
enum ChatCompletionJSON {
  /// A whole answer.
  /// - Parameter customTools: the tools whose calls have a text in the place of arguments.
  static func completion(_ answer: ChatResponse, customTools: Set<String> = []) -> JSONNode {
    .object([
      "id": .string(answer.id), "object": .string("chat.completion"), "created": .integer(answer.created),
      "model": .string(answer.model), "choices": .array(answer.choices.map { choice($0, customTools) }),
      "usage": answer.usage.map(usage),
    ])
  }

  private static func choice(_ choice: ChatChoice, _ customTools: Set<String>) -> JSONNode {
    .object([
      "index": .integer(choice.index), "message": message(of: choice, customTools),
      "logprobs": choice.logprobs ?? .null,
      "finish_reason": .string(name(of: choice.finishReason)),
    ])
  }

  /// An answer that says nothing at all has an empty text: clients expect one where there is neither call nor refusal.
  private static func message(of choice: ChatChoice, _ customTools: Set<String>) -> JSONNode {
    let isSilent = choice.toolCalls.isEmpty && choice.refusal == nil
    let content = choice.content ?? (isSilent ? "" : nil)
    return .object([
      "role": .string("assistant"), "content": content.map(JSONNode.string) ?? .null,
      "refusal": choice.refusal.map(JSONNode.string) ?? .null,
      "reasoning_content": choice.reasoning.map(JSONNode.string),
      "tool_calls": choice.toolCalls.isEmpty
        ? nil
        : .array(
          choice.toolCalls.map { customTools.contains($0.name) ? customCall($0) : call($0) }),
    ])
  }

  static func call(_ call: ToolCall) -> JSONNode {
    .object([
      "id": .string(call.id), "type": .string("function"),
      "function": .object(["name": .string(call.name), "arguments": .string(call.arguments)]),
    ])
  }

  private static func customCall(_ call: ToolCall) -> JSONNode {
    .object([
      "id": .string(call.id), "type": .string("custom"),
      "custom": .object([
        "name": .string(call.name), "input": .string(CustomTool.input(inArguments: call.arguments)),
      ]),
    ])
  }

  /// OpenAI counts cached tokens inside those of the prompt, and reasoning inside those of the answer.
  static func usage(_ usage: TokenUsage) -> JSONNode {
    .object([
      "prompt_tokens": .integer(usage.inputTokens), "completion_tokens": .integer(usage.outputTokens),
      "total_tokens": .integer(usage.inputTokens + usage.outputTokens),
      "prompt_tokens_details": .object([
        "cached_tokens": .integer(usage.cachedInputTokens),
        "cache_write_tokens": usage.cacheWriteTokens > 0 ? .integer(usage.cacheWriteTokens) : nil,
      ]),
      "completion_tokens_details": .object(["reasoning_tokens": .integer(usage.reasoningTokens)]),
    ])
  }

  /// OpenAI's name; a reason that it does not know is an ordinary end.
  static func name(of reason: FinishReason) -> String {
    switch reason {
    case .stop, .other: "stop"
    case .length: "length"
    case .toolCalls: "tool_calls"
    case .contentFilter: "content_filter"
    }
  }

  /// Whether OpenAI itself has the name.
  static func isFinishReason(_ name: String) -> Bool {
    ["stop", "length", "tool_calls", "content_filter", "function_call"].contains(name)
  }
}
