/// What a model answered, where the log keeps it: the text, or a message that says more than its text.
///
/// The content is boxed: an outcome without an answer grows by one word.
package indirect enum ModelAnswer: Sendable, Hashable {
  /// A text and nothing else.
  case text(String)
  /// A text with what came with it.
  case message(AnswerMessage)

  /// The text; empty where the model only called tools.
  package var text: String {
    switch self {
    case .text(let text): text
    case .message(let message): message.text
    }
  }

  /// What came with the text; `nil` for a text alone.
  package var message: AnswerMessage? {
    guard case .message(let message) = self else { return nil }
    return message
  }
}

/// An answer with more than its text: tool calls, why it ended, how sure the model was of each token.
package struct AnswerMessage: Sendable, Hashable {
  /// A call of a tool that the request declared.
  package struct ToolCall: Sendable, Hashable {
    /// The function's name.
    package var name: String
    /// The arguments' text, which should be JSON; `nil` where there are none.
    package var arguments: String?

    package init(name: String, arguments: String? = nil) {
      self.name = name
      self.arguments = arguments
    }
  }

  /// The text; parts of a text are joined by line feeds.
  package var text: String
  /// The calls, in order.
  package var toolCalls: [ToolCall]
  /// Why the model stopped, in the provider's word: `stop`, `length`, `tool_calls`.
  package var finishReason: String?
  /// The natural logarithm of each token's probability, at most 0; `nil` where unknown.
  package var logprobs: [Double]?

  package init(
    text: String = "", toolCalls: [ToolCall] = [], finishReason: String? = nil, logprobs: [Double]? = nil
  ) {
    self.text = text
    self.toolCalls = toolCalls
    self.finishReason = finishReason
    self.logprobs = logprobs
  }
}
