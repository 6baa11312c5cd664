import ChatProtocols

extension EndpointRoute {
  static let chatCompletions = chat(
    ChatCompletionsFormat(), "OpenAI chat completion, streamed or not", schema: "Chat")
  static let completions = chat(CompletionsFormat(), "OpenAI legacy completion, streamed or not")
  static let messages = chat(MessagesFormat(), "Anthropic message, streamed or not")

  private static func chat(_ apiFormat: any ClientFormat, _ summary: String, schema: String? = nil) -> EndpointRoute {
    EndpointRoute(
      method: "POST", template: apiFormat.apiFormat.route, summary: summary, schema: schema, recordsItself: true,
      apiFormat: apiFormat
    ) { call throws(GatewayError) in try await RequestPath.chat(call, in: apiFormat) }
  }
}
