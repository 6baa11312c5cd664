import TextKit

/// Writes a checked chat completion request as one of Messages.
enum AnthropicRequestWriter {
  /// - Parameter search: the search of the web that is to be made.
  static func body(of chat: Field, search: WebSearch? = nil, model: String) throws(GatewayError) -> JSONNode {
    try refuse(chat)
    let conversation = try AnthropicConversation(chat)
    let isOneTooMany = chat["temperature"] != nil && ClaudeModel(name: model).takesOneOfTemperatureAndTopP
    let needsJSONTool = chat["response_format"]?["type"]?.node.string == "json_object"
    return .object([
      "model": .string(model),
      "max_tokens": .integer(ChatReading.maximumTokens(chat) ?? ClaudeModel(name: model).defaultMaximumTokens),
      "system": conversation.system.isEmpty ? nil : .array(conversation.system),
      "messages": .array(conversation.messages),
      "tools": needsJSONTool ? .array([jsonTool]) : try tools(chat, search),
      "tool_choice": needsJSONTool ? forced(AnthropicCodec.jsonTool) : toolChoice(chat, search),
      "output_config": outputConfiguration(chat, ClaudeModel(name: model)),
      "stop_sequences": ChatReading.stops(chat).map(JSONNode.array),
      "temperature": temperature(chat["temperature"]?.node),
      "top_p": isOneTooMany ? nil : chat["top_p"]?.node, "top_k": chat["top_k"]?.node,
      "metadata": user(chat).map { .object(["user_id": $0]) },
      "stream": chat["stream"]?.node,
    ])
  }

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

  private static func tools(_ chat: Field, _ search: WebSearch?) throws(GatewayError) -> JSONNode? {
    var written: [JSONNode] = []
    for tool in try chat["tools"]?.elements("an array of tools") ?? [] {
      let function = try ChatReading.function(of: tool)
      written.append(
        .object([
          "name": function["name"]?.node, "description": function["description"]?.node,
          "input_schema": schema(function["parameters"]?.node),
          "strict": function["strict"]?.node,
        ]))
    }
    if let search { written.append(search.anthropicTool) }
    return written.isEmpty ? nil : .array(written)
  }

  /// A schema with the type that Anthropic demands.
  private static func schema(_ schema: JSONNode?) -> JSONNode {
    guard let schema, schema.members?.isEmpty == false else { return emptySchema }
    return schema["type"] == nil ? schema.setting("type", to: .string("object")) : schema
  }

  private static let emptySchema: JSONNode = .object(["type": .string("object"), "properties": .object([:])])

  private static let jsonTool: JSONNode = .object([
    "name": .string(AnthropicCodec.jsonTool), "description": .string("Answer with a JSON object."),
    "input_schema": .object(["type": .string("object"), "additionalProperties": .boolean(true)]),
  ])

  private static func forced(_ name: String) -> JSONNode {
    .object(["type": .string("tool"), "name": .string(name)])
  }

  private static func toolChoice(_ chat: Field, _ search: WebSearch?) -> JSONNode? {
    if search?.isDemanded == true { return forced(WebSearch.toolName) }
    guard chat["tools"]?.node.elements?.isEmpty == false else { return nil }
    let choice = chat["tool_choice"]
    let isSingle = chat["parallel_tool_calls"]?.node.boolean == false
    let single: JSONNode? = isSingle ? .boolean(true) : nil
    if let name = choice?["function"]?["name"] {
      return .object(["type": .string("tool"), "name": name.node, "disable_parallel_tool_use": single])
    }
    switch choice?.node.string {
    case "none": return .object(["type": .string("none")])
    case "required", "any": return .object(["type": .string("any"), "disable_parallel_tool_use": single])
    case nil where !isSingle: return nil
    default: return .object(["type": .string("auto"), "disable_parallel_tool_use": single])
    }
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
