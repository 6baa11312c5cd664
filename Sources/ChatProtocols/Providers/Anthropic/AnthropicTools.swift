import TextKit

/// The tools of a chat, and which of them must be called, in Anthropic's form.
enum AnthropicTools {
  static func tools(_ chat: Field, _ search: WebSearch?) throws(GatewayError) -> JSONNode? {
    var written: [JSONNode] = []
    for tool in try chat["tools"]?.elements("an array of tools") ?? [] { written.append(try self.tool(tool)) }
    if let search { written.append(search.anthropicTool) }
    return written.isEmpty ? nil : .array(written)
  }

  private static func tool(_ tool: Field) throws(GatewayError) -> JSONNode {
    let function = try ChatReading.function(of: tool)
    let strict = function["strict"]?.node
    let schema = ToolSchema.object(function["parameters"]?.node)
    let written: JSONNode = .object([
      "name": name(function["name"]?.node), "description": function["description"]?.node,
      "input_schema": strict?.boolean == true ? AnthropicSchema.closed(schema) : schema, "strict": strict,
    ])
    return CacheControl.marked(written, CacheControl.of(tool) ?? CacheControl.of(function))
  }

  /// A name with letters that Anthropic takes.
  static func name(_ node: JSONNode?) -> JSONNode? {
    node?.string.map { .string(WireName.of($0, maximumBytes: WireName.anthropicToolBytes)) } ?? node
  }

  static let jsonTool: JSONNode = .object([
    "name": .string(AnthropicCodec.jsonTool), "description": .string("Answer with a JSON object."),
    "input_schema": .object(["type": .string("object"), "additionalProperties": .boolean(true)]),
  ])

  static func forced(_ name: String) -> JSONNode {
    .object(["type": .string("tool"), "name": .string(name)])
  }

  static func choice(_ chat: Field, _ search: WebSearch?) -> JSONNode? {
    if search?.isDemanded == true { return forced(WebSearch.toolName) }
    guard chat["tools"]?.node.elements?.isEmpty == false else { return nil }
    let choice = chat["tool_choice"]
    let isSingle = chat["parallel_tool_calls"]?.node.boolean == false
    let single: JSONNode? = isSingle ? .boolean(true) : nil
    if let name = choice?["function"]?["name"] {
      return .object(["type": .string("tool"), "name": self.name(name.node), "disable_parallel_tool_use": single])
    }
    switch choice?.node.string {
    case "none": return .object(["type": .string("none")])
    case "required", "any": return .object(["type": .string("any"), "disable_parallel_tool_use": single])
    case nil where !isSingle: return nil
    default: return .object(["type": .string("auto"), "disable_parallel_tool_use": single])
    }
  }
}
