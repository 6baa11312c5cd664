import ChatProtocols

extension EndpointRoute {
  static let chatCompletions = chat(
    ChatCompletionsDialect(), "OpenAI chat completion, streamed or not", schema: "Chat")
  static let completions = chat(CompletionsDialect(), "OpenAI legacy completion, streamed or not")
  static let messages = chat(MessagesDialect(), "Anthropic message, streamed or not")

  private static func chat(_ dialect: any ClientDialect, _ summary: String, schema: String? = nil) -> EndpointRoute {
    EndpointRoute(
      method: "POST", template: dialect.dialect.route, summary: summary, schema: schema, recordsItself: true,
      dialect: dialect
    ) { call throws(GatewayError) in try await RequestPath.chat(call, in: dialect) }
  }
}
