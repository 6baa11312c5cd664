import TextKit

/// A `tool_choice` that allows some of the tools: for providers without one, the others are left out. Source: OpenAI API
/// reference, "Function calling", allowed tools.
struct AllowedTools {
  private let isDemanded: Bool
  private let names: Set<String>
  /// Of hosted tools, which have no names.
  private let types: Set<String>

  /// - Returns: `nil` for another choice.
  init?(_ choice: JSONNode?) {
    guard let choice, choice["type"]?.string == "allowed_tools" else { return nil }
    let said = choice["allowed_tools"] ?? choice
    let tools = said["tools"]?.elements ?? []
    isDemanded = said["mode"]?.string == "required"
    names = Set(tools.compactMap(Self.name))
    types = Set(tools.filter { Self.name($0) == nil }.compactMap { $0["type"]?.string })
  }

  /// A chat with the tools that its choice allows.
  static func applied(to chat: JSONNode) -> JSONNode {
    guard let allowed = AllowedTools(chat["tool_choice"]) else { return chat }
    let tools = (chat["tools"]?.elements ?? []).filter(allowed.allows)
    guard !tools.isEmpty else {
      return .object((chat.members ?? []).filter { !["tools", "tool_choice"].contains($0.key) })
    }
    return chat.setting("tools", to: .array(tools))
      .setting("tool_choice", to: .string(allowed.isDemanded ? "required" : "auto"))
  }

  /// A choice in chat completions' form.
  static func chatChoice(mode: String, functions: [String]) -> JSONNode {
    let tools = functions.map { name -> JSONNode in
      .object(["type": .string("function"), "function": .object(["name": .string(name)])])
    }
    return .object([
      "type": .string("allowed_tools"),
      "allowed_tools": .object(["mode": .string(mode), "tools": .array(tools)]),
    ])
  }

  private func allows(_ tool: JSONNode) -> Bool {
    Self.name(tool).map(names.contains) ?? types.contains(tool["type"]?.string ?? "")
  }

  /// Chat completions have the name one level deeper than Responses.
  private static func name(_ tool: JSONNode) -> String? {
    ((tool["function"] ?? tool["custom"])?["name"] ?? tool["name"])?.string
  }
}
