import TextKit

/// What of a client's own Messages request must be changed for one of Anthropic's models, for the client cannot know which
/// one it reaches, nor who answered before:
/// - what another provider said, and Anthropic refuses, is left out or mended: ``ForeignTurns``;
/// - thinking is off where the loop of tools that is in progress was begun by another provider: Anthropic wants each of its
///   turns to begin with a signed thought;
/// - adaptive thinking and an effort are left out where the model does not know them;
/// - edits of a context that clear thoughts are left out where thinking is off.
///
/// All else stays byte for byte.
enum AnthropicPassage {
  static func edit(_ edit: inout BodyEdit, _ root: JSONNode, model: String) {
    let model = ClaudeModel(name: model)
    let messages = root["messages"]?.elements ?? []
    ForeignTurns.edit(&edit, messages)
    let kind = root["thinking"]?["type"]?.string
    let isUnknown = kind == "adaptive" && !model.hasAdaptiveThinking
    if isUnknown || kind == "enabled" && !thinksThroughLoop(messages) { turnThinkingOff(&edit, root) }
    if !model.hasEffort, let output = root["output_config"], output["effort"] != nil {
      let rest = (output.members ?? []).filter { $0.key != "effort" }
      edit.replace(output.range, with: JSONNode.object(rest).jsonBytes)
    }
  }

  /// A body without any thinking, once Anthropic has said that it did not sign what stands there; `nil` where its refusal is
  /// about something else.
  static func mended(_ body: [UInt8], after failure: UpstreamFailure) -> [UInt8]? {
    guard failure.status == 400, let text = failure.clientMessage?.lowercased(), text.contains("thinking"),
      text.contains("signature") || text.contains("expected `thinking`") || text.contains("cannot be modified"),
      let root = try? JSONParser.parse(body)
    else { return nil }
    var edit = BodyEdit()
    let messages = root["messages"]?.elements ?? []
    for message in messages where message["role"]?.string == "assistant" {
      dropThinking(&edit, message["content"])
    }
    if root["thinking"]?["type"]?.string == "enabled" { turnThinkingOff(&edit, root) }
    let mended = edit.applied(to: body)
    return mended == body ? nil : mended
  }

  private static func isThinking(_ block: JSONNode) -> Bool {
    ["thinking", "redacted_thinking"].contains(block["type"]?.string)
  }

  /// Whether a block is no thought, or one that somebody signed.
  private static func isSigned(_ block: JSONNode) -> Bool {
    block["type"]?.string != "thinking" || block["signature"]?.string?.isEmpty == false
  }

  /// Whether each turn that calls a tool since the user last spoke begins with a signed thought.
  static func thinksThroughLoop(_ messages: [JSONNode]) -> Bool {
    for message in messages.reversed() {
      let blocks = message["content"]?.elements ?? []
      if message["role"]?.string == "assistant" {
        guard blocks.contains(where: { $0["type"]?.string == "tool_use" }) else { continue }
        guard let first = blocks.first(where: isSigned), isThinking(first) else { return false }
      } else if !blocks.contains(where: { $0["type"]?.string == "tool_result" }) {
        return true
      }
    }
    return true
  }

  private static func turnThinkingOff(_ edit: inout BodyEdit, _ root: JSONNode) {
    if let thinking = root["thinking"] { edit.replace(thinking.range, with: Array(#"{"type":"disabled"}"#.utf8)) }
    guard let edits = root["context_management"]?["edits"], let all = edits.elements else { return }
    let rest = all.filter { $0["type"]?.string?.hasPrefix("clear_thinking") != true }
    if rest.count < all.count { edit.replace(edits.range, with: JSONNode.array(rest).jsonBytes) }
  }

  private static func dropThinking(_ edit: inout BodyEdit, _ content: JSONNode?) {
    guard let content, let blocks = content.elements else { return }
    let kept = blocks.filter { !isThinking($0) }
    guard kept.count < blocks.count else { return }
    let rest = kept.isEmpty ? [MessagesJSON.text("(thought)")] : kept
    edit.replace(content.range, with: JSONNode.array(rest).jsonBytes)
  }
}
