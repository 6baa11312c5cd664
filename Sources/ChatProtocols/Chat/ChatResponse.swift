package import TextKit

/// A whole answer, in terms that every API format and provider share.
package struct ChatResponse: Sendable, Equatable {
  /// The answer's name, as the provider gave it.
  package var id: String

  /// Seconds since 1970; 0 where the provider does not say.
  package var created: Int

  /// The model that answered, as the provider names it.
  package var model: String

  /// One per `n`, in the order of their indices.
  package var choices: [ChatChoice]

  /// The tokens, where the provider says.
  package var usage: TokenUsage?

  /// Whether the provider's body said it otherwise than its format has it, such as calls without ids: then that body is
  /// not passed on.
  package var isMended = false

  package init(id: String, created: Int, model: String, choices: [ChatChoice], usage: TokenUsage?) {
    self.id = id
    self.created = created
    self.model = model
    self.choices = choices
    self.usage = usage
  }
}

/// One of the answers to a request.
package struct ChatChoice: Sendable, Equatable {
  package var index: Int

  /// The text; `nil` where there is none, as with tool calls.
  package var content: String?

  /// The text of a refusal, where the provider sets it apart.
  package var refusal: String?

  /// The model's reasoning, where the provider shows it.
  package var reasoning: String?

  /// The same in its parts, with their seals.
  package var reasoningParts: [ReasoningPart] = []

  /// The tools that the model wants to call, in order.
  package var toolCalls: [ToolCall]

  /// Why the model stopped.
  package var finishReason: FinishReason

  /// The `logprobs` object of a chat completion, as it came.
  package var logprobs: JSONNode?

  package init(
    index: Int, content: String? = nil, refusal: String? = nil, reasoning: String? = nil, toolCalls: [ToolCall] = [],
    finishReason: FinishReason, logprobs: JSONNode? = nil
  ) {
    self.index = index
    self.content = content
    self.refusal = refusal
    self.reasoning = reasoning
    if let reasoning, !reasoning.isEmpty { reasoningParts = [ReasoningPart(text: reasoning)] }
    self.toolCalls = toolCalls
    self.finishReason = finishReason
    self.logprobs = logprobs
  }
}

/// A call of a function that the model asks for.
package struct ToolCall: Sendable, Equatable {
  package var id: String
  package var name: String

  /// The arguments: the text of a JSON object, as the model wrote it. Not always well-formed.
  package var arguments: String

  package init(id: String, name: String, arguments: String) {
    self.id = id
    self.name = name
    self.arguments = arguments
  }
}
