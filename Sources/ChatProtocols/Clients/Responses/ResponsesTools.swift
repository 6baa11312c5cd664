import TextKit

/// The tools of a Responses request as functions, which is all that chat completions have, and the way back.
///
/// - A custom tool, whose input is a plain text, is a function with the one text `input`.
/// - The local shell, which the client runs, is a function too: ``LocalShell``.
/// - The functions of a namespace are called `NAMESPACE__NAME`.
/// - What runs at OpenAI is left out and noted. A search of the web is asked of providers that have one, and no problem
///   with others: agents send it along unasked.
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

  /// Whether a tool, or an item of one, runs at OpenAI.
  static func isHosted(_ type: String) -> Bool {
    hosted.contains { type == $0 || type.hasPrefix($0 + "_") }
  }

  /// Whether a tool, or an item of one, is a search of the web, which models of others may be asked without.
  static func isSearch(_ type: String) -> Bool { type.hasPrefix("web_search") }

  private static let hosted = [
    "web_search", "file_search", "code_interpreter", "computer", "computer_use", "image_generation", "mcp", "shell",
    "tool_search",
  ]
}

/// Writing.
extension ResponsesTools {
  static func functions(_ field: Field?, hosted: inout HostedTools) throws(GatewayError) -> JSONNode? {
    guard let field else { return nil }
    var tools: [JSONNode] = []
    for tool in try field.elements("an array of tools") { try append(tool, inside: nil, to: &tools, &hosted) }
    return tools.isEmpty ? nil : .array(tools)
  }

  private static func append(
    _ tool: Field, inside space: String?, to tools: inout [JSONNode], _ hosted: inout HostedTools
  ) throws(GatewayError) {
    let type = try tool.object("a tool").required("type", "function").string()
    switch type {
    case "function": tools.append(try function(tool, inside: space, parameters: tool["parameters"]))
    case "custom": tools.append(try function(tool, inside: space, parameters: nil))
    case LocalShell.name: tools.append(LocalShell.function)
    case "namespace" where space == nil:
      let name = try tool.required("name", "the name of the namespace").name("the name of the namespace")
      for inner in try tool.required("tools", "an array of tools").elements("an array of tools") {
        try append(inner, inside: name, to: &tools, &hosted)
      }
    case _ where isSearch(type): hosted.noteSearch(type, search: try WebSearch(responses: tool), problem: nil)
    default:
      let problem = tool.unsupported(
        "only function and custom tools can be used; \(SafeText.label(type, maximumBytes: 40)) runs at OpenAI")
      guard isHosted(type) else { throw problem }
      hosted.note(type, problem)
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
        "description": isCustom
          ? .string(CustomTool.description(tool.node)) : try ResponsesTranslation.string(tool["description"]),
        "parameters": isCustom ? CustomTool.inputSchema : try parameters?.object("a JSON Schema").node,
        "strict": isCustom ? nil : strict,
      ]),
    ])
  }
}
