/// How a judge is reached. The closure knows the model, the address and the key; it asks at temperature 0 where the
/// provider has one, and makes one call: whether to make another is not for it to say.
package typealias JudgeTransport = @Sendable (JudgeRequest) async throws(JudgeFailure) -> JudgeReply

/// What is sent to a judge.
package struct JudgeRequest: Sendable, Hashable {
  package var system: String
  package var user: String
  /// The most tokens that the reply may have; `nil` is no limit.
  package var maximumReplyTokens: Int?

  package init(_ prompt: JudgePrompt, maximumReplyTokens: Int? = nil) {
    system = prompt.system
    user = prompt.user
    self.maximumReplyTokens = maximumReplyTokens
  }
}

/// What came back.
package struct JudgeReply: Sendable, Hashable {
  package var text: String
  /// As the provider counts them, where it does.
  package var inputTokens: Int?
  package var outputTokens: Int?

  package init(text: String, inputTokens: Int? = nil, outputTokens: Int? = nil) {
    self.text = text
    self.inputTokens = inputTokens
    self.outputTokens = outputTokens
  }
}

/// Why no reply came.
package enum JudgeFailure: Error, Sendable, Hashable {
  /// Another status than 200, and the pause that the server asks for.
  case status(Int, retryAfterSeconds: Double?)
  /// No answer in time.
  case timeout
  /// No connection, or one that broke.
  case connection
  /// An answer that is none of a chat.
  case malformed
}
