import TextKit

/// The messages of a chat in Anthropic's form: instructions apart, tool results in the user's turn, neighbours of one
/// role as one message.
struct AnthropicConversation {
  /// Text blocks of all system and developer messages, wherever they stood.
  private(set) var system: [JSONNode] = []
  private(set) var messages: [JSONNode] = []
  private var role = ""
  private var blocks: [JSONNode] = []

  init(_ chat: Field) throws(GatewayError) {
    for message in try chat.required("messages", "messages").elements("messages") { try append(message) }
    flush()
    if messages.first?["role"]?.string == "assistant" {
      messages.insert(
        .object(["role": .string("user"), "content": .array([Self.text("(The conversation begins.)")])]), at: 0)
    }
    trimPrefill()
  }

  /// Anthropic refuses white space at the end of what the assistant is to go on with.
  private mutating func trimPrefill() {
    guard let last = messages.last, last["role"]?.string == "assistant", let blocks = last["content"]?.elements,
      let text = blocks.last?["text"]?.string
    else { return }
    let end = text.lastIndex { !$0.isWhitespace }.map { text.index(after: $0) } ?? text.startIndex
    let trimmed = String(text[..<end])
    guard trimmed != text else { return }
    let rest = Array(blocks.dropLast()) + (trimmed.isEmpty ? [] : [Self.text(trimmed)])
    messages[messages.count - 1] = last.setting("content", to: .array(rest))
  }

  private mutating func append(_ message: Field) throws(GatewayError) {
    let content = message["content"]
    switch message["role"]?.node.string {
    case "system", "developer":
      let text = try ChatReading.text(of: content)
      if !text.allSatisfy(\.isWhitespace) { system.append(Self.text(text)) }
    case "assistant":
      turn(to: "assistant")
      try appendContent(content)
      for call in message["tool_calls"]?.node.elements ?? [] { blocks.append(Self.toolUse(call)) }
    case "tool":
      turn(to: "user")
      blocks.append(try Self.toolResult(message))
    case "function": throw message.unsupported("Anthropic knows tool messages alone; use the role tool")
    default:
      turn(to: "user")
      try appendContent(content)
    }
  }

  private mutating func turn(to role: String) {
    guard role != self.role else { return }
    flush()
    self.role = role
  }

  private mutating func flush() {
    if !blocks.isEmpty, let last = messages.last, last["role"]?.string == role {
      // What stood between them said nothing.
      messages[messages.count - 1] = last.setting("content", to: .array((last["content"]?.elements ?? []) + blocks))
    } else if !blocks.isEmpty {
      messages.append(.object(["role": .string(role), "content": .array(blocks)]))
    }
    blocks = []
  }

  private mutating func appendContent(_ content: Field?) throws(GatewayError) {
    guard let content else { return }
    for part in ChatReading.parts(of: content) {
      if let block = try Self.block(part) { blocks.append(block) }
    }
  }

  /// The block of a part; `nil` for an empty text or one of white space, which Anthropic refuses.
  private static func block(_ part: Field) throws(GatewayError) -> JSONNode? {
    switch part["type"]?.node.string {
    case "text", "refusal":
      let text = part["text"]?.node.string ?? part["refusal"]?.node.string ?? ""
      return text.allSatisfy(\.isWhitespace) ? nil : self.text(text)
    case "image_url": return image(part["image_url"]?["url"]?.node.string ?? "")
    case "file": return try document(part)
    default: throw part.unsupported("this part cannot be given to Anthropic")
    }
  }

  private static func text(_ text: String) -> JSONNode {
    .object(["type": .string("text"), "text": .string(text)])
  }

  private static func image(_ url: String) -> JSONNode {
    guard let data = DataURL(url) else {
      return .object([
        "type": .string("image"), "source": .object(["type": .string("url"), "url": .string(url)]),
      ])
    }
    return .object(["type": .string("image"), "source": source(data)])
  }

  private static func document(_ part: Field) throws(GatewayError) -> JSONNode {
    guard let file = part["file"]?["file_data"]?.node.string, let data = DataURL(file) else {
      throw part.unsupported("only files with their data in base64 can be given to Anthropic")
    }
    return .object([
      "type": .string("document"), "source": source(data), "title": part["file"]?["filename"]?.node,
    ])
  }

  private static func source(_ data: DataURL) -> JSONNode {
    .object([
      "type": .string("base64"), "media_type": .string(data.mediaType), "data": .string(data.base64),
    ])
  }

  /// An id with letters that Anthropic takes: the same for a call and its result.
  private static func id(_ node: JSONNode?) -> JSONNode? {
    node?.string.map { .string($0.isEmpty ? "call" : WireName.of($0, maximumBytes: 256)) } ?? node
  }

  private static func toolUse(_ call: JSONNode) -> JSONNode {
    let function = call["function"]
    return .object([
      "type": .string("tool_use"), "id": id(call["id"]), "name": function?["name"],
      "input": ChatReading.object(fromArguments: function?["arguments"]?.string ?? ""),
    ])
  }

  private static func toolResult(_ message: Field) throws(GatewayError) -> JSONNode {
    .object([
      "type": .string("tool_result"), "tool_use_id": id(message["tool_call_id"]?.node),
      "content": .string(try ChatReading.text(of: message["content"])),
    ])
  }
}
