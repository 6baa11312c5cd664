import TextKit

/// A request of another API format as OpenAI's models take it. What a client of chat completions says itself goes out as it
/// came; this is for what was read from other API formats, whose clients cannot know what the model refuses:
///
/// - reasoning models get `max_completion_tokens` and no temperature, `top_p` or stops; models that are not known to
///   reason get no effort, and only GPT-5 a verbosity;
/// - at most four stops; a `user` of at most 64 bytes, else a hash of it;
/// - nothing about tools without tools; schemas of objects with `properties`; names and ids that may stand;
/// - empty system messages are left out.
struct OpenAIAdaptation {
  let model: String

  private var name: Substring { model.split(separator: "/").last ?? "" }
  private var isReasoning: Bool { OpenAICodec.isReasoningModel(model) }
  /// Whether the model searches the web before each answer. Such a model takes no temperature or `top_p`.
  var isSearchModel: Bool { ["-search-preview", "-search-api"].contains { name.contains($0) } }
  /// Whether the model is known to take an effort. An effort is a hint, and servers refuse it for models that do not reason.
  private var takesEffort: Bool {
    let families = [
      "gpt-oss", "grok-3-mini", "grok-4", "deepseek-r", "deepseek-reason", "qwq", "magistral", "gemini-2.5", "gemini-3",
      "claude", "thinking", "reasoning",
    ]
    return isReasoning || families.contains { name.lowercased().contains($0) }
  }

  func body(of chat: JSONNode) -> JSONNode {
    // Servers of others know no choice among several tools.
    let chat = ForeignThinking(model: model).isRefused ? chat : AllowedTools.applied(to: chat)
    let members = chat.members ?? []
    let hasTools = chat["tools"]?.elements?.isEmpty == false
    return .object(members.compactMap { member in self.member(member, hasTools: hasTools) })
  }

  private func member(_ member: JSONMember, hasTools: Bool) -> JSONMember? {
    let value: JSONNode?
    switch member.key {
    case "model": value = .string(model)
    case "top_k": value = nil
    case "max_tokens" where isReasoning: return JSONMember(key: "max_completion_tokens", value: member.value)
    case "temperature" where isReasoning || isSearchModel, "top_p" where isReasoning || isSearchModel: value = nil
    case "stop" where isReasoning: value = nil
    case "stop": value = member.value.elements.map { .array(Array($0.prefix(4))) } ?? member.value
    case "reasoning_effort": value = takesEffort ? member.value : nil
    case "verbosity": value = name.hasPrefix("gpt-5") ? member.value : nil
    case "user": value = member.value.string.map { .string(Self.user($0)) }
    case "tools": value = hasTools ? member.value.elements.map { .array($0.map(Self.tool)) } : nil
    case "tool_choice": value = hasTools ? Self.choice(member.value) : nil
    case "parallel_tool_calls": value = hasTools ? member.value : nil
    case "messages":
      let thinking = ForeignThinking(model: model)
      value = member.value.elements.map { .array(thinking.applied(to: $0).compactMap(Self.message)) }
    default: return member
    }
    return value.map { JSONMember(key: member.key, value: $0) }
  }

  private static func user(_ name: String) -> String {
    name.utf8.count <= 64 ? name : "user-" + WireName.of(name, maximumBytes: 24).suffix(8)
  }

  private static func tool(_ tool: JSONNode) -> JSONNode {
    var tool = renamed(tool, inside: "function")
    guard let function = tool["function"], let schema = function["parameters"] else { return tool }
    tool = tool.setting("function", to: function.setting("parameters", to: Self.schema(schema)))
    return tool
  }

  /// A schema of an object with `properties`, which OpenAI demands.
  private static func schema(_ schema: JSONNode) -> JSONNode {
    guard schema.members != nil else { return schema }
    let typed = schema["type"] == nil ? schema.setting("type", to: .string("object")) : schema
    guard typed["type"]?.string == "object", typed["properties"] == nil else { return typed }
    return typed.setting("properties", to: .object([:]))
  }

  private static func choice(_ choice: JSONNode) -> JSONNode {
    guard let allowed = choice["allowed_tools"], let tools = allowed["tools"]?.elements else {
      return renamed(choice, inside: "function")
    }
    let others = tools.map { renamed($0, inside: "function") }
    return choice.setting("allowed_tools", to: allowed.setting("tools", to: .array(others)))
  }

  private static func renamed(_ node: JSONNode, inside key: String) -> JSONNode {
    guard let inner = node[key], let name = inner["name"]?.string else { return node }
    let other = WireName.of(name, maximumBytes: WireName.toolBytes)
    return other == name ? node : node.setting(key, to: inner.setting("name", to: .string(other)))
  }

  private static func message(_ message: JSONNode) -> JSONNode? {
    switch message["role"]?.string {
    case "system" where message["content"]?.string == "": return nil
    case "assistant":
      guard let calls = message["tool_calls"]?.elements else { return message }
      return message.setting("tool_calls", to: .array(calls.map { id(renamed($0, inside: "function"), "id") }))
    case "tool": return id(message, "tool_call_id")
    default: return message
    }
  }

  private static func id(_ node: JSONNode, _ key: String) -> JSONNode {
    guard let id = node[key]?.string, id.utf8.count > WireName.callIDBytes else { return node }
    return node.setting(key, to: .string(WireName.of(id, maximumBytes: WireName.callIDBytes)))
  }
}
