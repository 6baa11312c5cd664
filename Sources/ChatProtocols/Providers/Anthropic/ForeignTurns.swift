import TextKit

/// The turns of a client's own Messages request as Anthropic takes them back, of any provider. What another one said may have
/// thinking without a signature, texts of white space, ids and names with letters that Anthropic does not know, one id for
/// two calls, or inputs that are no objects. The client sends all of it again with every request: it cannot recover.
struct ForeignTurns {
  private var ids = CallIDs(maximumBytes: AnthropicConversation.idBytes)
  private var isInAnswer = false

  /// Changes what may not stand in the messages. An answer that says nothing goes, but for the last one, where Anthropic
  /// takes it.
  static func edit(_ edit: inout BodyEdit, _ messages: [JSONNode]) {
    var turns = ForeignTurns()
    var hasKept = false
    for (place, message) in messages.enumerated() {
      if turns.edit(&edit, message, isLast: place == messages.count - 1) {
        hasKept = true
      } else if hasKept {
        edit.replace(messages[place - 1].range.upperBound..<message.range.upperBound, with: [])
      } else {
        edit.replace(message.range.lowerBound..<messages[place + 1].range.lowerBound, with: [])
      }
    }
  }

  /// Changes what may not stand in a message; whether the message may stand at all.
  private mutating func edit(_ edit: inout BodyEdit, _ message: JSONNode, isLast: Bool) -> Bool {
    let isAnswer = message["role"]?.string == "assistant"
    defer { isInAnswer = isAnswer }
    guard isAnswer else {
      editResults(&edit, message["content"])
      return true
    }
    if !isInAnswer { ids.beginTurn() }
    guard let content = message["content"], let rest = mended(content) else { return true }
    guard isLast || !rest.isEmpty else { return false }
    // A text that is to be gone on with is the client's.
    if content.string == nil { edit.replace(content.range, with: JSONNode.array(rest).jsonBytes) }
    return true
  }

  private mutating func editResults(_ edit: inout BodyEdit, _ content: JSONNode?) {
    for block in content?.elements ?? [] where block["type"]?.string == "tool_result" {
      guard let node = block["tool_use_id"], let id = node.string else { continue }
      let wire = ids.result(id)
      if wire != id { edit.replace(node.range, with: JSONNode.string(wire).jsonBytes) }
    }
  }

  /// The blocks of an answer; `nil` where all of them may stand.
  private mutating func mended(_ content: JSONNode) -> [JSONNode]? {
    if let text = content.string { return Self.isBlank(text) ? [] : nil }
    guard let blocks = content.elements else { return nil }
    var isChanged = false
    var kept: [JSONNode] = []
    for block in blocks {
      guard let mended = mended(block, &isChanged) else {
        isChanged = true
        continue
      }
      kept.append(mended)
    }
    guard kept.isEmpty else { return isChanged ? kept : nil }
    return blocks.contains { $0["type"]?.string == "thinking" } ? [MessagesJSON.text("(thought)")] : []
  }

  /// A block that may stand; `nil` where it cannot.
  private mutating func mended(_ block: JSONNode, _ isChanged: inout Bool) -> JSONNode? {
    switch block["type"]?.string {
    case "thinking": return block["signature"]?.string?.isEmpty == false ? block : nil
    case "text": return block["text"]?.string.map(Self.isBlank) == true ? nil : block
    case "tool_use": return toolUse(block, &isChanged)
    default: return block
    }
  }

  private mutating func toolUse(_ block: JSONNode, _ isChanged: inout Bool) -> JSONNode {
    var result = block
    if let id = block["id"]?.string {
      let wire = ids.call(id)
      if wire != id { result = result.setting("id", to: .string(wire)) }
      isChanged = isChanged || wire != id
    }
    if let name = block["name"]?.string {
      let wire = WireName.of(name, maximumBytes: WireName.anthropicToolBytes)
      if wire != name { result = result.setting("name", to: .string(wire)) }
      isChanged = isChanged || wire != name
    }
    guard block["input"]?.members == nil else { return result }
    isChanged = true
    return result.setting("input", to: ChatReading.object(fromArguments: block["input"]?.string ?? ""))
  }

  private static func isBlank(_ text: String) -> Bool { text.allSatisfy(\.isWhitespace) }
}
