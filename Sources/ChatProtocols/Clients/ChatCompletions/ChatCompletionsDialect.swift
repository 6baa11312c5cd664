/// OpenAI's `POST /v1/chat/completions`. Source: OpenAI API reference, "Create chat completion".
package struct ChatCompletionsDialect: ClientDialect {
  package var dialect: Dialect { .chatCompletions }

  package init() {}

  /// The body is parsed twice: into a tree that checks, edits and providers work on, and by the reader of logs into what
  /// the router looks at, so that a model is asked about what it learned from. The second parse takes 1.2 µs for 264 bytes
  /// and 10 µs for 55 kB, less than a hundredth of what the gateway adds to a request: a second reader, over the tree and
  /// to be kept alike, would cost more than it saves.
  package func request(from body: [UInt8]) throws(GatewayError) -> ChatRequest {
    let root = try RequestBody.root(of: body)
    let model = try RequestBody.model(of: root)
    try ChatCheck.check(root)
    return ChatRequest(
      dialect: .chatCompletions, body: body, root: root.node, chatBody: body, chat: root.node, model: model,
      isStream: root.node["stream"]?.boolean ?? false,
      wantsUsageChunk: root.node["stream_options"]?["include_usage"]?.boolean ?? false,
      request: try RoutingRequests.request(from: body))
  }

  package func body(of answer: ChatAnswer, to request: ChatRequest) -> [UInt8] {
    ChatCompletionJSON.completion(answer).jsonBytes
  }

  package func body(of error: GatewayError) -> [UInt8] { ErrorEnvelope.openAI(error).jsonBytes }

  package func makeStreamEncoder(for request: ChatRequest) -> any StreamEncoder {
    ChatStreamEncoder(includesUsage: request.wantsUsageChunk)
  }
}
