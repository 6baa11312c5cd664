/// How a client, or a provider, speaks.
package enum APIFormat: String, Sendable, Hashable, CaseIterable {
  /// OpenAI's `POST /v1/chat/completions`: the form that the others are read into.
  case chatCompletions = "chat_completions"
  /// OpenAI's legacy `POST /v1/completions`; clients only.
  case completions
  /// OpenAI's `POST /v1/responses`.
  case responses
  /// Anthropic's `POST /v1/messages`.
  case messages
  /// Gemini's `generateContent`; providers only.
  case gemini
  /// Amazon Bedrock's `Converse`; providers only.
  case converse
}
