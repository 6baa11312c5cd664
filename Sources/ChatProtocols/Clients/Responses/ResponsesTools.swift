import TextKit

/// The tools of a Responses request as functions, which is all that chat completions have, and the way back.
///
/// - A custom tool, whose input is a plain text, is a function with the one text `input`.
/// - The local shell, which the client runs, is a function too: ``LocalShell``.
/// - The functions of a namespace are called `NAMESPACE__NAME`.
/// - A search of the web is left out: it runs at OpenAI, and agents send it along unasked.
struct ResponsesTools {
  private var custom: Set<String> = []
  private var spaces: [String: (space: String, name: String)] = [:]
  private var hasLocalShell = false

  /// What comes back for a call.
  enum Form {
    case function(name: String, space: String?)
    case custom(name: String)
    case localShell
  }

  init(_ root: JSONNode) {
    for tool in root["tools"]?.elements ?? [] {
      if tool["type"]?.string == LocalShell.name { hasLocalShell = true }
      guard let name = tool["name"]?.string else { continue }
      if tool["type"]?.string == "custom" { custom.insert(name) }
      guard tool["type"]?.string == "namespace" else { continue }
      for inner in tool["tools"]?.elements ?? [] {
        guard let function = inner["name"]?.string else { continue }
        let flat = Self.flat(name, function)
        spaces[flat] = (name, function)
        if inner["type"]?.string == "custom" { custom.insert(flat) }
      }
    }
  }

  func form(of name: String) -> Form {
    if hasLocalShell, name == LocalShell.name { return .localShell }
    if custom.contains(name) { return .custom(name: spaces[name]?.name ?? name) }
    return .function(name: spaces[name]?.name ?? name, space: spaces[name]?.space)
  }

  static func flat(_ space: String, _ name: String) -> String { "\(space)__\(name)" }

  /// The input of a custom tool in the arguments that stand for it.
  static func input(inArguments text: String) -> String {
    guard let node = try? JSONParser.parse(Array(text.utf8)), node.members != nil else { return text }
    return node["input"]?.string ?? text
  }

  /// The arguments that stand for the input of a custom tool.
  static func arguments(forInput text: String) -> String {
    String(decoding: JSONNode.object(["input": .string(text)]).jsonBytes, as: UTF8.self)
  }
}

/// Writing.
extension ResponsesTools {
  static func functions(_ field: Field?) throws(GatewayError) -> JSONNode? {
    guard let field else { return nil }
    var tools: [JSONNode] = []
    for tool in try field.elements("an array of tools") { try append(tool, inside: nil, to: &tools) }
    return tools.isEmpty ? nil : .array(tools)
  }

  private static func append(_ tool: Field, inside space: String?, to tools: inout [JSONNode]) throws(GatewayError) {
    let type = try tool.object("a tool").required("type", "function").string()
    switch type {
    case "function": tools.append(try function(tool, inside: space, parameters: tool["parameters"]))
    case "custom": tools.append(try function(tool, inside: space, parameters: nil))
    case LocalShell.name: tools.append(LocalShell.function)
    case "namespace" where space == nil:
      let name = try tool.required("name", "the name of the namespace").name("the name of the namespace")
      for inner in try tool.required("tools", "an array of tools").elements("an array of tools") {
        try append(inner, inside: name, to: &tools)
      }
    case _ where type.hasPrefix("web_search"): return
    default:
      throw tool.unsupported(
        "only function and custom tools can be used; \(SafeText.label(type, maximumBytes: 40)) runs at OpenAI")
    }
  }

  private static func function(
    _ tool: Field, inside space: String?, parameters: Field?
  ) throws(GatewayError) -> JSONNode {
    let name = try tool.required("name", "the name of the function").name("the name of the function")
    let isCustom = tool["type"]?.node.string == "custom"
    let strict = try tool["strict"].map { (field) throws(GatewayError) in JSONNode.boolean(try field.boolean()) }
    return .object([
      "type": .string("function"),
      "function": .object([
        "name": .string(space.map { flat($0, name) } ?? name),
        "description": isCustom ? .string(try description(tool)) : try ResponsesTranslation.string(tool["description"]),
        "parameters": isCustom ? inputSchema : try parameters?.object("a JSON Schema").node,
        "strict": isCustom ? nil : strict,
      ]),
    ])
  }

  /// What a model must know of a custom tool: its grammar, where it has one.
  private static func description(_ tool: Field) throws(GatewayError) -> String {
    let text = try tool["description"]?.string() ?? ""
    guard let grammar = tool["format"]?.node["definition"]?.string else { return text }
    return text + "\n\nThe input must follow this grammar:\n" + grammar
  }

  private static let inputSchema: JSONNode = .object([
    "type": .string("object"), "properties": .object(["input": .object(["type": .string("string")])]),
    "required": .array([.string("input")]), "additionalProperties": .boolean(false),
  ])
}
