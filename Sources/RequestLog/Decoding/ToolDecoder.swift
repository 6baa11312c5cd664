/// Reads tools in OpenAI's forms (`function` with `parameters`, or both at the top level) and in Anthropic's (`name` and
/// `input_schema` at the top level). A tool without a name, such as a hosted one, goes by its type.
enum ToolDecoder {
  /// A tool's name, and the size of its parameters' schema.
  struct Tool {
    var name: String
    var schemaBytes: Int
  }

  /// The tools of a `tools` array, in order.
  static func tools(in value: JSONValue) throws(RecordViolation) -> [Tool] {
    var tools: [Tool] = []
    for element in try value.elements("an array of tools") {
      do { tools.append(try tool(element)) } catch { throw error.inside("[\(tools.count)]") }
    }
    return tools
  }

  /// The calls of a `tool_calls` array. Ids of calls, which tie a tool's result to its call, are not kept.
  static func calls(in value: JSONValue) throws(RecordViolation) -> [AnswerMessage.ToolCall] {
    var calls: [AnswerMessage.ToolCall] = []
    for element in try value.elements("an array of tool calls") {
      do { calls.append(try call(element)) } catch { throw error.inside("[\(calls.count)]") }
    }
    return calls
  }

  private static func tool(_ value: JSONValue) throws(RecordViolation) -> Tool {
    let outer = try JSONFields<ToolField>(value, role: "a tool")
    let inner = try function(in: outer)
    let schema = inner[.parameters] ?? inner[.inputSchema]
    let name = try name(in: inner, or: outer[.type])
    return Tool(name: name, schemaBytes: schema.map(CanonicalJSON.byteCount) ?? 0)
  }

  private static func call(_ value: JSONValue) throws(RecordViolation) -> AnswerMessage.ToolCall {
    let outer = try JSONFields<ToolField>(value, role: "a tool call")
    if let custom = outer[.custom] { return try at("custom") { () throws(RecordViolation) in try customCall(custom) } }
    let inner = try function(in: outer)
    let name = try name(in: inner, or: nil)
    guard let arguments = inner[.arguments] else { return AnswerMessage.ToolCall(name: name) }
    if arguments.kind == .string {
      let text = try at("arguments") { () throws(RecordViolation) in try arguments.string() }
      return AnswerMessage.ToolCall(name: name, arguments: text)
    }
    let text = String(decoding: CanonicalJSON(arguments).text.bytes, as: UTF8.self)
    return AnswerMessage.ToolCall(name: name, arguments: text)
  }

  /// A call of a custom tool: its input is a plain text.
  private static func customCall(_ value: JSONValue) throws(RecordViolation) -> AnswerMessage.ToolCall {
    let fields = try JSONFields<ToolField>(value, role: "a custom tool")
    let name = try name(in: fields, or: nil)
    guard let input = fields[.input] else { return AnswerMessage.ToolCall(name: name) }
    let text = try at("input") { () throws(RecordViolation) in try input.string() }
    return AnswerMessage.ToolCall(name: name, arguments: text)
  }

  private static func function(in outer: JSONFields<ToolField>) throws(RecordViolation) -> JSONFields<ToolField> {
    guard let function = outer[.function] else { return outer }
    return try at("function") { () throws(RecordViolation) in
      try JSONFields<ToolField>(function, role: "a function")
    }
  }

  private static func name(
    in fields: JSONFields<ToolField>, or fallback: JSONValue?
  ) throws(RecordViolation) -> String {
    guard let name = fields[.name] ?? fallback else {
      throw RecordViolation(
        .missingField, field: "name", expected: "the name of the tool", found: "none", remedy: "add it")
    }
    return try at("name") { () throws(RecordViolation) in try name.string() }
  }
}
