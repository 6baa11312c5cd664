/// OpenAI's `POST /v1/chat/completions`. Source: OpenAI API reference, "Create chat completion".
package struct ChatCompletionsFormat: ClientFormat {
  package var apiFormat: APIFormat { .chatCompletions }

  package init() {}

  package func request(from body: [UInt8], reading: RequestReader) throws(GatewayError) -> ChatRequest {
    let root = try RequestBody.root(of: body)
    let model = try RequestBody.model(of: root)
    try ChatCheck.check(root)
    var request = ChatRequest(
      apiFormat: .chatCompletions, body: body, root: root.node, chatBody: body, chat: root.node, model: model,
      isStream: root.node["stream"]?.boolean ?? false,
      wantsUsageChunk: root.node["stream_options"]?["include_usage"]?.boolean ?? false,
      request: try reading(body))
    request.hostedTools = try Self.hostedTools(in: root)
    return request
  }

  /// What runs at the provider: compatible servers get it as it came. What of it others cannot be asked is found
  /// where they are written for.
  private static func hostedTools(in root: Field) throws(GatewayError) -> HostedTools {
    var hosted = HostedTools()
    for tool in root["tools"]?.node.elements ?? [] {
      guard let type = tool["type"]?.string, !["function", "custom"].contains(type) else { continue }
      hosted.note(type, nil)
    }
    if let options = root["web_search_options"] {
      let problem = options.unsupported("only models whose providers search the web can be asked this; leave it out")
      hosted.noteSearch("web_search_options", search: try WebSearch(chat: options), problem: problem)
    }
    return hosted
  }

  package func body(of answer: ChatResponse, to request: ChatRequest) -> [UInt8] {
    ChatCompletionJSON.completion(answer, customTools: CustomTool.names(in: request.chat)).jsonBytes
  }

  package func body(of error: GatewayError) -> [UInt8] { ErrorEnvelope.openAI(error).jsonBytes }

  package func makeStreamEncoder(for request: ChatRequest) -> any StreamEncoder {
    ChatStreamEncoder(includesUsage: request.wantsUsageChunk, customTools: CustomTool.names(in: request.chat))
  }
}
