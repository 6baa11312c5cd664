import TextKit

/// Writes a checked chat completion request as one of Messages.
enum AnthropicRequestWriter {
  /// - Parameter search: the search of the web that is to be made.
  static func body(of chat: Field, search: WebSearch? = nil, model: String) throws(GatewayError) -> JSONNode {
    try refuse(chat)
    let conversation = try AnthropicConversation(chat)
    let claude = ClaudeModel(name: model)
    let limit = maximumTokens(chat, claude)
    let needsJSONTool = chat["response_format"]?["type"]?.node.string == "json_object"
    let choice =
      needsJSONTool ? AnthropicTools.forced(AnthropicCodec.jsonTool) : AnthropicTools.choice(chat, search)
    let thinking = AnthropicThinking(
      chat, messages: conversation.messages, choice: choice, limit: limit, model: claude)
    let isOneTooMany = chat["temperature"] != nil && thinking.node == nil && claude.takesOneOfTemperatureAndTopP
    return CacheControl.limited(
      .object([
        "model": .string(model), "max_tokens": .integer(limit),
        "system": conversation.system.isEmpty ? nil : .array(conversation.system),
        "messages": .array(conversation.messages),
        "tools": needsJSONTool ? .array([AnthropicTools.jsonTool]) : try AnthropicTools.tools(chat, search),
        "tool_choice": choice, "thinking": thinking.node, "output_config": outputConfiguration(chat, claude),
        "stop_sequences": ChatReading.stops(chat, butBlank: true),
        "temperature": thinking.beside(temperature(chat["temperature"]?.node)),
        "top_p": isOneTooMany ? nil : thinking.topP(chat["top_p"]?.node),
        "top_k": thinking.beside(chat["top_k"]?.node),
        "metadata": user(chat).map { .object(["user_id": $0]) },
        "stream": chat["stream"]?.node, "cache_control": CacheControl.of(chat),
      ]))
  }

  /// The most tokens of the answer, which Anthropic demands: room beside a budget for thinking where none is named.
  private static func maximumTokens(_ chat: Field, _ model: ClaudeModel) -> Int {
    if let limit = ChatReading.maximumTokens(chat) { return limit }
    let budget = chat["thinking"]?["budget_tokens"]?.node.integer ?? 0
    let usual = model.defaultMaximumTokens
    guard model.thinks, budget >= usual else { return usual }
    return min(budget, 1 << 20) + answerBesideThinking
  }

  private static let answerBesideThinking = 4096

  private static func refuse(_ chat: Field) throws(GatewayError) {
    try ChatReading.refuseForeign(chat, provider: "Anthropic")
    if let n = chat["n"], n.node.integer != 1 { throw n.unsupported("Anthropic gives one answer a request; ask for 1") }
    if let logprobs = chat["logprobs"], logprobs.node.boolean != false {
      throw logprobs.unsupported("Anthropic gives no log probabilities; leave it out")
    }
    let hasTools = chat["tools"]?.node.elements?.isEmpty == false
    if hasTools, let format = chat["response_format"], format["type"]?.node.string == "json_object" {
      throw format.unsupported("Anthropic cannot give json_object beside tools; use json_schema")
    }
  }

  /// The user, unless it is an e-mail address, which Anthropic refuses.
  private static func user(_ chat: Field) -> JSONNode? {
    guard let user = chat["user"]?.node, user.string?.contains("@") != true else { return nil }
    return user
  }

  /// Anthropic's scale ends at 1, OpenAI's at 2.
  private static func temperature(_ node: JSONNode?) -> JSONNode? {
    (node?.number ?? 0) > 1 ? .integer(1) : node
  }

  private static func outputConfiguration(_ chat: Field, _ model: ClaudeModel) -> JSONNode? {
    let schema = chat["response_format"]?["json_schema"]?["schema"]?.node
    let format: JSONNode? = schema.map {
      .object(["type": .string("json_schema"), "schema": AnthropicSchema.closed($0)])
    }
    let effort: JSONNode? =
      model.hasEffort ? effort(chat["reasoning_effort"]?.node.string).map(JSONNode.string) : nil
    guard format != nil || effort != nil else { return nil }
    return .object(["effort": effort, "format": format])
  }

  private static func effort(_ name: String?) -> String? {
    switch name {
    case "minimal", "low": "low"
    case "medium", "high", "xhigh", "max": name
    default: nil
    }
  }
}
