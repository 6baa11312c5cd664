import TextKit

/// From Messages, which were checked: all blocks have their types.
extension BedrockConversation {
  mutating func read(messages root: Field) throws(GatewayError) {
    if let system = root["system"] { appendSystem(system) }
    for message in try root.required("messages", "messages").elements("messages") {
      let content = message["content"]
      switch message["role"]?.node.string {
      case "system": if let content { appendSystem(content) }
      case "assistant":
        turn(to: "assistant")
        for block in content.map(ChatReading.parts) ?? [] { appendAssistant(block) }
      default:
        turn(to: "user")
        for block in content.map(ChatReading.parts) ?? [] { try appendUser(block) }
      }
    }
  }

  private mutating func appendSystem(_ content: Field) {
    for block in ChatReading.parts(of: content) {
      append(system: block["text"]?.node.string ?? "", cache: block["cache_control"]?.node)
    }
  }

  /// Thinking without a signature is left out: another provider wrote it, and Claude refuses what it did not sign.
  private mutating func appendAssistant(_ block: Field) {
    switch block["type"]?.node.string {
    case "text": append(text: block["text"]?.node.string ?? "")
    case "thinking":
      guard model.isClaude, let signature = OpenAIAnswerReader.said(block["signature"]?.node) else { return }
      let text: JSONNode = .object(["text": block["thinking"]?.node ?? .string(""), "signature": .string(signature)])
      append(.object(["reasoningContent": .object(["reasoningText": text])]))
    case "redacted_thinking":
      guard model.isClaude, let data = OpenAIAnswerReader.said(block["data"]?.node) else { return }
      append(.object(["reasoningContent": .object(["redactedContent": .string(data)])]))
    case "tool_use":
      append(
        call: block["id"]?.node.string ?? "", name: block["name"]?.node.string ?? "",
        input: block["input"]?.node ?? .object([:]))
    default: return
    }
    append(cache: block["cache_control"]?.node)
  }

  private mutating func appendUser(_ block: Field) throws(GatewayError) {
    if block["type"]?.node.string == "tool_result" {
      var content: [JSONNode] = []
      for part in block["content"].map(ChatReading.parts) ?? [] {
        if let part = try self.part(part) { content.append(part) }
      }
      append(
        result: block["tool_use_id"]?.node.string ?? "", content,
        isError: block["is_error"]?.node.boolean == true)
    } else if let part = try part(block) {
      if let text = part["text"]?.string {
        append(text: text)
      } else if part["document"] != nil {
        append(document: part)
      } else {
        append(part)
      }
    }
    append(cache: block["cache_control"]?.node)
  }

  /// The block of a text, an image or a document; `nil` for white space.
  private mutating func part(_ block: Field) throws(GatewayError) -> JSONNode? {
    switch block["type"]?.node.string {
    case "text": return Self.written(block["text"]?.node.string)
    case "tool_reference": return Self.written("Tool: " + (block["tool_name"]?.node.string ?? ""))
    case "image", "document":
      let source = block["source"]
      let data = source?["data"]?.node.string ?? ""
      switch source?["type"]?.node.string {
      case "text": return Self.written(data)
      case "base64":
        let type = source?["media_type"]?.node.string ?? ""
        return try media(DataURL.text(mediaType: type, base64: data), block)
      default: return try media(source?["url"]?.node.string ?? "", block)
      }
    default: throw block.unsupported("this block cannot be given to Bedrock")
    }
  }

  private static func written(_ text: String?) -> JSONNode? {
    guard let text, !text.allSatisfy(\.isWhitespace) else { return nil }
    return Self.text(text)
  }
}
