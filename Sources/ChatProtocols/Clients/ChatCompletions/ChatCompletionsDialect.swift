/// OpenAI's `POST /v1/chat/completions`. Source: OpenAI API reference, "Create chat completion".
package struct ChatCompletionsDialect: ClientDialect {
  package var dialect: Dialect { .chatCompletions }

  package init() {}

  package func request(from body: [UInt8], reading: RequestReader) throws(GatewayError) -> ChatRequest {
    let root = try RequestBody.root(of: body)
    let model = try RequestBody.model(of: root)
    try ChatCheck.check(root)
    return ChatRequest(
      dialect: .chatCompletions, body: body, root: root.node, chatBody: body, chat: root.node, model: model,
      isStream: root.node["stream"]?.boolean ?? false,
      wantsUsageChunk: root.node["stream_options"]?["include_usage"]?.boolean ?? false,
      request: try reading(body))
  }

  package func body(of answer: ChatAnswer, to request: ChatRequest) -> [UInt8] {
    ChatCompletionJSON.completion(answer).jsonBytes
  }

  package func body(of error: GatewayError) -> [UInt8] { ErrorEnvelope.openAI(error).jsonBytes }

  package func makeStreamEncoder(for request: ChatRequest) -> any StreamEncoder {
    ChatStreamEncoder(includesUsage: request.wantsUsageChunk)
  }
}
