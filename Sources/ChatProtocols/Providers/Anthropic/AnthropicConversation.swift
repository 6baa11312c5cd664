import TextKit

/// The messages of a chat in Anthropic's form: instructions apart, tool results in the user's turn, neighbours of one
/// role as one message.
struct AnthropicConversation {
  /// Text blocks of all system and developer messages, wherever they stood.
  private(set) var system: [JSONNode] = []
  private(set) var messages: [JSONNode] = []
  /// The longest id of a call that is written.
  static let idBytes = 256
  private var ids = CallIDs(maximumBytes: idBytes)
  private var role = ""
  private var blocks: [JSONNode] = []

  init(_ chat: Field) throws(GatewayError) {
    for message in try chat.required("messages", "messages").elements("messages") { try append(message) }
    flush()
    if messages.first?["role"]?.string != "user" {
      messages.insert(
        .object(["role": .string("user"), "content": .array([Self.text(ChatReading.opening)])]), at: 0)
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
    case "system", "developer": return try appendSystem(message)
    case "assistant":
      turn(to: "assistant")
      try appendContent(content)
      for call in message["tool_calls"]?.node.elements ?? [] { blocks.append(toolUse(call)) }
    case "tool":
      turn(to: "user")
      blocks.append(try toolResult(message))
    case "function": throw message.unsupported("Anthropic knows tool messages alone; use the role tool")
    default:
      turn(to: "user")
      try appendContent(content)
    }
    if let last = blocks.popLast() { blocks.append(CacheControl.marked(last, CacheControl.of(message))) }
  }

  /// Adds instructions: one block, or one for each part where the client marks parts for the cache.
  private mutating func appendSystem(_ message: Field) throws(GatewayError) {
    let parts = message["content"].map(ChatReading.parts) ?? []
    let isMarked = parts.contains { CacheControl.of($0) != nil }
    let whole = message["content"].map { [$0] } ?? []
    let fields = isMarked ? parts.map { Field(.array([$0.node]), path: $0.path) } : whole
    for (place, field) in fields.enumerated() {
      let text = try ChatReading.text(of: field)
      guard !text.allSatisfy(\.isWhitespace) else { continue }
      system.append(CacheControl.marked(Self.text(text), isMarked ? CacheControl.of(parts[place]) : nil))
    }
    guard let control = CacheControl.of(message), let last = system.popLast() else { return }
    system.append(CacheControl.marked(last, control))
  }

  private mutating func turn(to role: String) {
    guard role != self.role else { return }
    flush()
    self.role = role
    if role == "assistant" { ids.beginTurn() }
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
      if let block = try Self.block(part) { blocks.append(CacheControl.marked(block, CacheControl.of(part))) }
    }
  }

  /// The block of a part; `nil` for an empty text or one of white space, which Anthropic refuses.
  private static func block(_ part: Field) throws(GatewayError) -> JSONNode? {
    switch part["type"]?.node.string {
    case "text", "refusal":
      let text = part["text"]?.node.string ?? part["refusal"]?.node.string ?? ""
      return text.allSatisfy(\.isWhitespace) ? nil : self.text(text)
    case "image_url": return try image(part["image_url"]?["url"]?.node.string ?? "", part)
    case "file": return try file(part)
    default: throw part.unsupported("this part cannot be given to Anthropic")
    }
  }

  private static func text(_ text: String) -> JSONNode {
    .object(["type": .string("text"), "text": .string(text)])
  }

  private static func image(_ url: String, _ part: Field) throws(GatewayError) -> JSONNode {
    guard let data = DataURL(url) else {
      guard !DataURL.isData(url) else { throw part.unsupported("Anthropic takes the data of images in base64 alone") }
      return .object([
        "type": .string("image"), "source": .object(["type": .string("url"), "url": .string(url)]),
      ])
    }
    guard imageTypes.contains(data.mediaType) else {
      throw part.unsupported("Anthropic takes PNG, JPEG, GIF and WebP images")
    }
    return .object(["type": .string("image"), "source": source(data)])
  }

  private static let imageTypes: Set<String> = ["image/jpeg", "image/png", "image/gif", "image/webp"]

  /// A file as a document, or as the image that it is; `nil` for one without a text.
  private static func file(_ part: Field) throws(GatewayError) -> JSONNode? {
    guard let file = part["file"]?["file_data"]?.node.string, let data = DataURL(file) else {
      throw part.unsupported("only files with their data in base64 can be given to Anthropic")
    }
    if data.mediaType.hasPrefix("image/") { return try image(file, part) }
    let title = OpenAIAnswerReader.said(part["file"]?["filename"]?.node).map(JSONNode.string)
    guard data.mediaType != "application/pdf" else {
      return .object(["type": .string("document"), "source": source(data), "title": title])
    }
    // Base64 is for PDF alone.
    guard data.isText, let text = data.decodedText else {
      throw part.unsupported("Anthropic takes PDF, images and files of text in UTF-8")
    }
    guard !text.allSatisfy(\.isWhitespace) else { return nil }
    let plain: JSONNode = .object([
      "type": .string("text"), "media_type": .string("text/plain"), "data": .string(text),
    ])
    return .object(["type": .string("document"), "source": plain, "title": title])
  }

  private static func source(_ data: DataURL) -> JSONNode {
    .object([
      "type": .string("base64"), "media_type": .string(data.mediaType), "data": .string(data.base64),
    ])
  }

  private mutating func toolUse(_ call: JSONNode) -> JSONNode {
    let function = call["function"]
    return .object([
      "type": .string("tool_use"), "id": call["id"]?.string.map { .string(ids.call($0)) } ?? call["id"],
      "name": AnthropicTools.name(function?["name"]),
      "input": ChatReading.object(fromArguments: function?["arguments"]?.string ?? ""),
    ])
  }

  private mutating func toolResult(_ message: Field) throws(GatewayError) -> JSONNode {
    let id = message["tool_call_id"]?.node
    let block: JSONNode = .object([
      "type": .string("tool_result"), "tool_use_id": id?.string.map { .string(ids.result($0)) } ?? id,
      "content": .string(try ChatReading.text(of: message["content"])),
    ])
    let marks = (message["content"].map(ChatReading.parts) ?? []).compactMap { CacheControl.of($0) }
    return CacheControl.marked(block, marks.last)
  }
}
