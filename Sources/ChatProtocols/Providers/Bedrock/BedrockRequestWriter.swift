import TextKit

/// Writes a checked request as one of Converse.
struct BedrockRequestWriter {
  let model: BedrockModel

  func body(of request: ChatRequest) throws(GatewayError) -> JSONNode {
    let chat = Field(request.foreignChat)
    try refuse(chat)
    let conversation = try BedrockConversation(request, model: model)
    let messages = request.apiFormat == .messages ? Field(request.root) : nil
    return .object([
      "system": conversation.system.isEmpty ? nil : .array(conversation.system),
      "messages": .array(conversation.messages), "inferenceConfig": inference(chat),
      "toolConfig": try toolConfiguration(chat, messages, conversation),
      "outputConfig": try outputConfiguration(chat, messages),
      "additionalModelRequestFields": ownFields(chat, messages, betas: request.betas),
    ])
  }

  private func refuse(_ chat: Field) throws(GatewayError) {
    try ChatReading.refuseForeign(chat, provider: "Bedrock")
    if let n = chat["n"], n.node.integer != 1 { throw n.unsupported("Bedrock gives one answer a request; ask for 1") }
    if let logprobs = chat["logprobs"], logprobs.node.boolean != false {
      throw logprobs.unsupported("Bedrock gives no log probabilities; leave it out")
    }
    guard let format = chat["response_format"], format["type"]?.node.string == "json_object" else { return }
    if chat["tools"]?.node.elements?.isEmpty == false {
      throw format.unsupported("Bedrock cannot give json_object beside tools; use json_schema")
    }
    guard model.canDemandTool else { throw format.unsupported("this model of Bedrock cannot give json_object") }
  }

  private func inference(_ chat: Field) -> JSONNode? {
    let isOneTooMany =
      model.isClaude && chat["temperature"] != nil && ClaudeModel(name: model.id).takesOneOfTemperatureAndTopP
    let temperature = chat["temperature"]?.node
    return Self.some([
      "maxTokens": ChatReading.maximumTokens(chat).map(JSONNode.integer),
      // Bedrock's scale ends at 1, OpenAI's at 2.
      "temperature": (temperature?.number ?? 0) > 1 ? .integer(1) : temperature,
      "topP": isOneTooMany ? nil : chat["top_p"]?.node,
      "stopSequences": ChatReading.stops(chat, butBlank: model.isClaude),
    ])
  }

  /// An object with members, or none at all.
  private static func some(_ members: KeyValuePairs<String, JSONNode?>) -> JSONNode? {
    let there = members.compactMap { key, value in value.map { JSONMember(key: key, value: $0) } }
    return there.isEmpty ? nil : .object(there)
  }
}

/// Tools.
extension BedrockRequestWriter {
  private func toolConfiguration(
    _ chat: Field, _ messages: Field?, _ conversation: BedrockConversation
  ) throws(GatewayError) -> JSONNode? {
    if chat["response_format"]?["type"]?.node.string == "json_object" {
      let tool = Self.tool(
        AnthropicCodec.jsonTool, "Answer with a JSON object.",
        .object(["type": .string("object"), "additionalProperties": .boolean(true)]))
      let choice: JSONNode = .object(["tool": .object(["name": .string(AnthropicCodec.jsonTool)])])
      return .object(["tools": .array([tool] + history(conversation)), "toolChoice": choice])
    }
    let isNone = chat["tool_choice"]?.node.string == "none"
    var tools = isNone && conversation.calledTools.isEmpty ? [] : try self.tools(chat, messages, conversation)
    if tools.isEmpty { tools = history(conversation) }
    guard !tools.isEmpty else { return nil }
    return .object(["tools": .array(tools), "toolChoice": try choice(chat["tool_choice"])])
  }

  private func tools(
    _ chat: Field, _ messages: Field?, _ conversation: BedrockConversation
  ) throws(GatewayError) -> [JSONNode] {
    var tools: [JSONNode] = []
    for tool in try chat["tools"]?.elements("an array of tools") ?? [] {
      let function = try ChatReading.function(of: tool)
      let name = WireName.of(function["name"]?.node.string ?? "", maximumBytes: WireName.toolBytes)
      let own = messages?["tools"]?.node.elements?.first { $0["name"]?.string == function["name"]?.node.string }
      let strict = own?["strict"] ?? function["strict"]?.node
      tools.append(
        Self.tool(
          name, function["description"]?.node.string, function["parameters"]?.node,
          isStrict: model.hasSchemas && strict?.boolean == true))
      let control = own?["cache_control"] ?? tool["cache_control"]?.node
      if let point = conversation.cachePoint(control) { tools.append(point) }
    }
    return tools
  }

  /// Tools that were called before: without any, Bedrock refuses a history with calls.
  private func history(_ conversation: BedrockConversation) -> [JSONNode] {
    conversation.calledTools.filter { $0 != AnthropicCodec.jsonTool }.map { Self.tool($0, nil, nil) }
  }

  private static func tool(
    _ name: String, _ description: String?, _ schema: JSONNode?, isStrict: Bool = false
  ) -> JSONNode {
    let plain = ToolSchema.object(schema)
    let whole = isStrict ? AnthropicSchema.closed(plain) : plain
    return .object([
      "toolSpec": .object([
        "name": .string(name), "description": description.flatMap { $0.isEmpty ? nil : .string($0) },
        "inputSchema": .object(["json": whole]), "strict": isStrict ? .boolean(true) : nil,
      ])
    ])
  }

  private func choice(_ choice: Field?) throws(GatewayError) -> JSONNode? {
    if let choice, let name = choice["function"]?["name"]?.node.string {
      guard model.canDemandTool else { throw choice.unsupported("this model of Bedrock cannot be made to call a tool") }
      let wireName = WireName.of(name, maximumBytes: WireName.toolBytes)
      return .object(["tool": .object(["name": .string(wireName)])])
    }
    guard let choice, ["required", "any"].contains(choice.node.string) else { return nil }
    guard model.canDemandAnyTool else {
      throw choice.unsupported("this model of Bedrock cannot be made to call a tool")
    }
    return .object(["any": .object([:])])
  }
}

/// What depends on the model.
extension BedrockRequestWriter {
  private func outputConfiguration(_ chat: Field, _ messages: Field?) throws(GatewayError) -> JSONNode? {
    var format: JSONNode?
    if let schema = chat["response_format"]?["json_schema"] {
      guard model.hasSchemas else {
        throw .unsupported("response_format", "this model of Bedrock gives no answers by a JSON Schema")
      }
      let text = String(
        decoding: AnthropicSchema.closed(schema["schema"]?.node ?? .object([:])).jsonBytes, as: UTF8.self)
      let name = WireName.of(schema["name"]?.node.string ?? "answer", maximumBytes: WireName.toolBytes)
      let structure: JSONNode = .object([
        "jsonSchema": .object([
          "schema": .string(text), "name": .string(name), "description": schema["description"]?.node,
        ])
      ])
      format = .object(["type": .string("json_schema"), "structure": structure])
    }
    return Self.some(["textFormat": format, "effort": effort(chat, messages).map(JSONNode.string)])
  }

  private func effort(_ chat: Field, _ messages: Field?) -> String? {
    guard model.isClaude, ClaudeModel(name: model.id).hasEffort else { return nil }
    if let effort = messages?["output_config"]?["effort"]?.node.string { return effort }
    guard messages == nil, let effort = chat["reasoning_effort"]?.node.string else { return nil }
    return ["minimal": "low", "low": "low", "medium": "medium", "high": "high", "xhigh": "high"][effort]
  }

  /// Fields of the model's own.
  private func ownFields(_ chat: Field, _ messages: Field?, betas: String?) -> JSONNode? {
    let topK = chat["top_k"]?.node
    guard model.isClaude else {
      let isOpen = model.id.contains("gpt-oss")
      let effort = chat["reasoning_effort"]?.node.string.flatMap { ["low", "medium", "high"].contains($0) ? $0 : nil }
      return Self.some([
        "inferenceConfig": model.isNova ? topK.map { .object(["topK": $0]) } : nil,
        "reasoning_effort": isOpen ? effort.map(JSONNode.string) : nil,
      ])
    }
    return Self.some([
      "top_k": topK, "thinking": thinking(messages?["thinking"]?.node),
      "anthropic_beta": messages.flatMap { _ in Self.betas(betas) },
    ])
  }

  /// Thinking as the client of Messages wants it, where the model knows that kind.
  private func thinking(_ thinking: JSONNode?) -> JSONNode? {
    guard let thinking, thinking["type"]?.string != "disabled" else { return nil }
    return thinking["type"]?.string != "adaptive" || ClaudeModel(name: model.id).hasAdaptiveThinking ? thinking : nil
  }

  /// Of a client's betas, those that Bedrock knows: it refuses all others. Source: Amazon Bedrock User Guide, "Anthropic
  /// Claude Messages API", beta headers.
  private static func betas(_ names: String?) -> JSONNode? {
    let known: Set<Substring> = [
      "interleaved-thinking-2025-05-14", "dev-full-thinking-2025-05-14", "output-128k-2025-02-19",
      "token-efficient-tools-2025-02-19", "context-1m-2025-08-07",
    ]
    let asked = (names ?? "").split { $0 == "," || $0 == " " }.filter(known.contains)
    return asked.isEmpty ? nil : .array(asked.map { .string(String($0)) })
  }
}
