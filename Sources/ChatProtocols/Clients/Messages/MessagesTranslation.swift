import TextKit

/// Reads a request of Messages into a chat completion request.
struct MessagesTranslation {
  /// The first thing that chat completions cannot say.
  private(set) var untranslatable: GatewayError?

  /// What runs at Anthropic, and is left out.
  private(set) var hostedTools = HostedTools()

  mutating func chat(_ root: Field) throws(GatewayError) -> JSONNode {
    let messages = try messages(root)
    let limit = try root.required("max_tokens", "the most tokens of the answer").integer(in: 1...Int.max)
    let isStream = try root["stream"]?.boolean() ?? false
    note(root["prefill"])
    for key in ["container", "mcp_servers"] { if let field = root[key] { noteHosted(key, field) } }
    let tools = try tools(root["tools"])
    let choice = try toolChoice(root["tool_choice"], among: tools)
    return .object([
      "model": root["model"]?.node, "messages": .array(messages), "max_tokens": .integer(limit),
      "stream": isStream ? .boolean(true) : nil,
      "stream_options": isStream ? .object(["include_usage": .boolean(true)]) : nil,
      "temperature": try root["temperature"].map { (field) throws(GatewayError) in .number(try field.number(in: 0...1))
      },
      "top_p": try root["top_p"].map { (field) throws(GatewayError) in .number(try field.number(in: 0...1)) },
      "top_k": try root["top_k"].map { (field) throws(GatewayError) in .integer(try field.integer(in: 0...Int.max)) },
      "stop": try stops(root["stop_sequences"]), "tools": tools, "tool_choice": choice.node,
      "parallel_tool_calls": choice.isSingle ? .boolean(false) : nil,
      "response_format": try format(root), "reasoning_effort": try effort(root),
      "user": try root["metadata"]?.object("an object")["user_id"].map { (field) throws(GatewayError) in
        .string(try field.string())
      },
    ])
  }

  /// Remembers a field that chat completions cannot say; `nil` is none.
  mutating func note(_ field: Field?, _ reason: String = "only Anthropic's own models can be asked this") {
    guard let field, untranslatable == nil else { return }
    untranslatable = field.unsupported(reason)
  }

  /// Remembers what runs at Anthropic.
  mutating func noteHosted(_ name: String, _ field: Field) {
    hostedTools.note(name, field.unsupported("this runs at Anthropic: only its own models can be asked it"))
  }

  /// Remembers what belongs to a search of the web.
  mutating func noteSearch(_ name: String, _ field: Field, search: WebSearch? = nil) {
    hostedTools.noteSearch(
      name, search: search,
      problem: field.unsupported("the provider searches the web here: only models whose providers do can be asked it"))
  }

  private func stops(_ field: Field?) throws(GatewayError) -> JSONNode? {
    guard let field else { return nil }
    var texts: [JSONNode] = []
    for text in try field.elements("an array of texts") { texts.append(.string(try text.string())) }
    return texts.isEmpty ? nil : .array(texts)
  }

  private mutating func tools(_ field: Field?) throws(GatewayError) -> JSONNode? {
    guard let field else { return nil }
    var tools: [JSONNode] = []
    for tool in try field.elements("an array of tools") {
      let type = try tool.object("a tool")["type"]?.string() ?? "custom"
      if let own = ClientTool(type: type) {
        tools.append(try own.function(tool))
        continue
      }
      if type.hasPrefix("web_search_") {
        noteSearch(type, tool, search: try WebSearch(messages: tool))
        continue
      }
      guard type == "custom" else {
        noteHosted(type, tool)
        continue
      }
      let name = try tool.required("name", "the name of the tool").name("the name of the tool")
      let schema = try tool.required("input_schema", "a JSON Schema").object("a JSON Schema")
      let function: JSONNode = .object([
        "name": .string(name), "description": tool["description"]?.node, "parameters": schema.node,
        // Anthropic takes optional properties in a strict tool, OpenAI does not.
        "strict": tool["strict"].map { .boolean($0.node.boolean == true && StrictSchema.isStrict(schema.node)) },
      ])
      tools.append(.object(["type": .string("function"), "function": function]))
    }
    return tools.isEmpty ? nil : .array(tools)
  }

  /// - Parameter tools: those that are left: a choice of another says nothing, but for a search.
  private mutating func toolChoice(
    _ field: Field?, among tools: JSONNode?
  ) throws(GatewayError) -> (node: JSONNode?, isSingle: Bool) {
    guard let field else { return (nil, false) }
    let types = ["auto", "any", "tool", "none"]
    let type = try field.object("an object").required("type", "auto, any, tool or none").word(of: types)
    let isSingle = try field["disable_parallel_tool_use"]?.boolean() ?? false
    switch type {
    case "any": return (.string("required"), isSingle)
    case "tool":
      let name = try field.required("name", "the name of the tool").name("the name of the tool")
      let isLeft = tools?.elements?.contains { $0["function"]?["name"]?.string == name } ?? false
      guard isLeft || hostedTools.names.isEmpty else {
        if name == WebSearch.toolName, hostedTools.search != nil { hostedTools.demandSearch() }
        return (nil, isSingle)
      }
      return (.object(["type": .string("function"), "function": .object(["name": .string(name)])]), isSingle)
    default: return (.string(type), isSingle)
    }
  }

  /// The schema of the answer, by its present name or the one of its trial.
  private func format(_ root: Field) throws(GatewayError) -> JSONNode? {
    let format = try root["output_config"]?.object("an object")["format"] ?? root["output_format"]
    guard let format else { return nil }
    _ = try format.object("an object").required("type", "json_schema").word(of: ["json_schema"])
    let schema = try format.required("schema", "a JSON Schema").object("a JSON Schema")
    return .object([
      "type": .string("json_schema"),
      "json_schema": .object([
        "name": .string("answer"), "schema": schema.node, "strict": .boolean(StrictSchema.isStrict(schema.node)),
      ]),
    ])
  }

  /// The effort, said outright or by the budget for thinking.
  private func effort(_ root: Field) throws(GatewayError) -> JSONNode? {
    if let effort = root["output_config"]?["effort"] {
      let word = try effort.word(of: ["low", "medium", "high", "xhigh", "max"])
      return .string(word == "max" ? "xhigh" : word)
    }
    guard let budget = try root["thinking"]?.object("an object")["budget_tokens"] else { return nil }
    return .string(ChatReading.effort(ofBudget: try budget.integer(in: 0...Int.max)))
  }
}
