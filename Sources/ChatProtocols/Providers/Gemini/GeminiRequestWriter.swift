import TextKit

/// Writes a checked chat completion request as one of `generateContent`.
struct GeminiRequestWriter {
  let model: String

  /// - Parameter isSearching: whether the model is to search the web.
  func body(of chat: Field, isSearching: Bool = false) throws(GatewayError) -> JSONNode {
    try refuse(chat)
    let hasTools = !isJSONAlone(chat)
    let conversation = try GeminiConversation(chat, needsSignatures: isGemini3)
    return .object([
      "systemInstruction": conversation.system.isEmpty ? nil : .object(["parts": .array(conversation.system)]),
      "contents": .array(conversation.contents),
      "tools": isSearching ? .array([WebSearch.geminiTool]) : hasTools ? try Self.tools(chat) : nil,
      "toolConfig": hasTools ? Self.toolChoice(chat) : nil, "generationConfig": generation(chat),
    ])
  }

  private func refuse(_ chat: Field) throws(GatewayError) {
    try ChatReading.refuseForeign(chat, provider: "Gemini")
    guard !isJSONAlone(chat), !isCallAlone(chat), !takesJSONBesideTools,
      chat["tools"]?.node.elements?.isEmpty == false, let format = chat["response_format"], Self.isJSON(chat.node)
    else { return }
    throw format.unsupported("Gemini before 3 gives no JSON beside tools; leave one of them out")
  }

  /// Whether tools that must not be called are left out, for an answer in JSON that the model does not give beside them.
  private func isJSONAlone(_ chat: Field) -> Bool {
    chat["tool_choice"]?.node.string == "none" && Self.isJSON(chat.node) && !takesJSONBesideTools
  }

  /// Whether the form of the text is left out, for a model that does not take it beside tools: a call is demanded, so there is
  /// no text.
  private func isCallAlone(_ chat: Field) -> Bool {
    guard !takesJSONBesideTools, chat["tools"]?.node.elements?.isEmpty == false else { return false }
    let choice = chat["tool_choice"]
    return choice?["function"] != nil || ["required", "any"].contains(choice?.node.string)
  }

  private static func isJSON(_ chat: JSONNode) -> Bool {
    chat["response_format"].map { $0.members != nil && $0["type"]?.string != "text" } ?? false
  }

  /// Whether the model can search the web for a request: not beside functions, and not for an answer in JSON before
  /// Gemini 3.
  func canSearch(beside chat: JSONNode) -> Bool {
    let isJSON = Self.isJSON(chat)
    let hasTools = chat["tools"]?.elements?.isEmpty == false
    return name.hasPrefix("gemini-") && !name.hasPrefix("gemini-1") && !hasTools && (!isJSON || isGemini3)
  }

  /// Whether the model is of the generation that names levels of thought and demands signatures.
  private var isGemini3: Bool { name.hasPrefix("gemini-3") }

  /// Whether the model gives JSON beside tools; a name that says nothing counts as that of a new model.
  private var takesJSONBesideTools: Bool { !["gemini-1", "gemini-2", "gemma"].contains(where: name.hasPrefix) }

  private static let mostStops = 5
  private static let mostThinking = 24576

  private var name: Substring { model.split(separator: "/").last ?? "" }

  private func generation(_ chat: Field) -> JSONNode? {
    let format = chat["response_format"]
    let isJSON = Self.isJSON(chat.node) && !isCallAlone(chat)
    let logprobs = chat["logprobs"]?.node.boolean == true
    let node: JSONNode = .object([
      "temperature": chat["temperature"]?.node, "topP": chat["top_p"]?.node, "topK": chat["top_k"]?.node,
      "candidateCount": chat["n"]?.node, "seed": chat["seed"]?.node,
      "maxOutputTokens": ChatReading.maximumTokens(chat).map(JSONNode.integer),
      "stopSequences": ChatReading.stops(chat, atMost: Self.mostStops),
      "presencePenalty": chat["presence_penalty"]?.node, "frequencyPenalty": chat["frequency_penalty"]?.node,
      "responseMimeType": isJSON ? .string("application/json") : nil,
      "responseJsonSchema": isJSON ? format?["json_schema"]?["schema"]?.node : nil,
      "responseLogprobs": logprobs ? .boolean(true) : nil,
      "logprobs": logprobs ? chat["top_logprobs"]?.node : nil,
      "thinkingConfig": thinking(chat),
    ])
    return node.members?.isEmpty == true ? nil : node
  }

  /// Source: Gemini API, "OpenAI compatibility", the table of `reasoning_effort`.
  private func thinking(_ chat: Field) -> JSONNode? {
    guard let effort = ChatReading.effort(chat) else { return nil }
    if isGemini3 {
      let level = ["none": "low", "minimal": "low", "low": "low", "medium": "medium"][effort] ?? "high"
      return .object(["thinkingLevel": .string(level)])
    }
    guard !["gemini-1", "gemini-2.0", "gemma"].contains(where: name.hasPrefix) else { return nil }
    // Pro models always think: the least that they take.
    let least = name.hasPrefix("gemini-2.5-pro") ? 128 : 0
    if chat["reasoning_effort"] == nil, let budget = chat["thinking"]?["budget_tokens"]?.node.integer {
      return .object(["thinkingBudget": .integer(min(max(budget, least), Self.mostThinking))])
    }
    let budget = ["none": least, "minimal": 1024, "low": 1024, "medium": 8192][effort] ?? Self.mostThinking
    return .object(["thinkingBudget": .integer(budget)])
  }

  private static func tools(_ chat: Field) throws(GatewayError) -> JSONNode? {
    guard let tools = chat["tools"], tools.node.elements?.isEmpty == false else { return nil }
    var functions: [JSONNode] = []
    for tool in try tools.elements("an array of tools") {
      let function = try ChatReading.function(of: tool)
      functions.append(
        .object([
          "name": function["name"]?.node.string.map { .string(wireName($0)) },
          "description": function["description"]?.node,
          "parametersJsonSchema": function["parameters"]?.node,
        ]))
    }
    return .array([.object(["functionDeclarations": .array(functions)])])
  }

  private static func wireName(_ name: String) -> String { WireName.of(name, maximumBytes: WireName.toolBytes) }

  private static func toolChoice(_ chat: Field) -> JSONNode? {
    guard chat["tools"]?.node.elements?.isEmpty == false, let choice = chat["tool_choice"] else { return nil }
    if let name = choice["function"]?["name"] {
      return calling("ANY", only: name.node.string.map { .string(wireName($0)) } ?? name.node)
    }
    switch choice.node.string {
    case "none": return calling("NONE")
    case "required", "any": return calling("ANY")
    default: return nil
    }
  }

  private static func calling(_ mode: String, only name: JSONNode? = nil) -> JSONNode {
    .object([
      "functionCallingConfig": .object([
        "mode": .string(mode), "allowedFunctionNames": name.map { .array([$0]) },
      ])
    ])
  }
}
