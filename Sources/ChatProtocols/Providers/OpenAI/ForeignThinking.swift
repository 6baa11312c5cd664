import TextKit

/// What becomes of thoughts of earlier turns, which every model but one did not think itself. In a chat they stand as
/// `reasoning_content` of the assistant's messages, where its client has them.
///
/// - Models that think between calls of tools and refuse to go on without (DeepSeek, Kimi, MiniMax, GLM, MiMo) get the thoughts
///   of the loop that is in progress, regardless of who thought them, and none of earlier turns.
/// - All others get none: OpenAI's own refuse the field, and a thought in the place of a text would be taken for an answer.
///
/// Signatures are never made: a thought that a provider must have signed goes nowhere without its signature.
struct ForeignThinking {
  let model: String

  private static let needy = ["deepseek", "kimi", "moonshot", "minimax", "glm-", "mimo"]
  private static let refusing = ["gpt-3", "gpt-4", "gpt-5", "chatgpt", "o1", "o3", "o4"]
  static let fields: Set<String> = ["reasoning_content", "reasoning"]

  private var name: String { String(model.split(separator: "/").last ?? "").lowercased() }

  /// Whether the model is to see the thoughts of a loop of tools.
  var isNeeded: Bool { Self.needy.contains { name.contains($0) } }

  /// Whether the model is known to refuse them.
  var isRefused: Bool { Self.refusing.contains { name.hasPrefix($0) } }

  /// The messages as a model takes them.
  func applied(to messages: [JSONNode]) -> [JSONNode] {
    let start = isNeeded ? Self.startOfLoop(messages) : messages.count
    return messages.enumerated().map { $0 >= start ? $1 : Self.without($1) }
  }

  /// Changes of a client's own chat, for a model that refuses what it did not think.
  func edit(_ edit: inout BodyEdit, _ root: JSONNode) {
    guard isRefused else { return }
    for message in root["messages"]?.elements ?? [] where Self.hasThoughts(message) {
      edit.replace(message.range, with: Self.without(message).jsonBytes)
    }
  }

  /// The place behind the last message that is no answer and no result of a tool.
  private static func startOfLoop(_ messages: [JSONNode]) -> Int {
    let roles: Set = ["assistant", "tool", "function"]
    let last = messages.lastIndex { !roles.contains($0["role"]?.string ?? "") }
    return last.map { $0 + 1 } ?? 0
  }

  static func hasThoughts(_ message: JSONNode) -> Bool {
    message["role"]?.string == "assistant" && fields.contains { message[$0] != nil }
  }

  static func without(_ message: JSONNode) -> JSONNode {
    guard hasThoughts(message) else { return message }
    return .object((message.members ?? []).filter { !fields.contains($0.key) })
  }
}

/// A second try, once a server has said what it minds.
extension ForeignThinking {
  /// The body with what a server missed, or without what it minded; `nil` where its refusal is about something else.
  static func mended(_ body: [UInt8], after failure: UpstreamFailure) -> [UInt8]? {
    guard [400, 422].contains(failure.status), let text = failure.clientMessage?.lowercased(),
      text.contains("reasoning_content") || text.contains("reasoning content"),
      let root = try? JSONParser.parse(body), let messages = root["messages"]?.elements
    else { return nil }
    let isMissing =
      ["missing", "must be", "required", "need", "pass"].contains(where: text.contains)
      && !["unexpected", "not permitted", "not support", "unrecognized", "unknown"].contains(where: text.contains)
    let mended = messages.map { isMissing ? withPlace($0) : without($0) }
    guard mended != messages else { return nil }
    return root.setting("messages", to: .array(mended)).jsonBytes
  }

  /// A call of another model's has no thought: a blank says that there was none.
  private static func withPlace(_ message: JSONNode) -> JSONNode {
    guard message["role"]?.string == "assistant", message["tool_calls"]?.elements?.isEmpty == false,
      message["reasoning_content"]?.string?.isEmpty != false
    else { return message }
    return message.setting("reasoning_content", to: .string(" "))
  }
}
