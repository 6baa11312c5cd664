import TextKit

/// The messages of a request in Converse's form: instructions apart, results of tools in the user's turn, neighbours of
/// one role as one message, the user first.
///
/// Filled from chat completions, or from Messages, which can say all of it.
struct BedrockConversation {
  let model: BedrockModel
  private(set) var system: [JSONNode] = []
  private(set) var messages: [JSONNode] = []
  /// The tools that were called, in the order of their first calls.
  private(set) var calledTools: [String] = []
  private var ids = CallIDs(maximumBytes: WireName.toolBytes)
  private var role = ""
  private var blocks: [JSONNode] = []
  private var documentCount = 0
  /// Whether the open turn has a document and no text: Bedrock wants one beside it.
  private var needsText = false

  init(_ request: ChatRequest, model: BedrockModel) throws(GatewayError) {
    self.model = model
    if request.apiFormat == .messages {
      try read(messages: Field(request.root))
    } else {
      try read(chat: Field(request.foreignChat))
    }
    flush()
    if messages.first?["role"]?.string != "user" {
      messages.insert(Self.message("user", [Self.text(ChatReading.opening)]), at: 0)
    }
    trimPrefill()
  }

  /// White space at the end of what the assistant is to go on with is refused.
  private mutating func trimPrefill() {
    guard let last = messages.last, last["role"]?.string == "assistant", let blocks = last["content"]?.elements,
      let text = blocks.last?["text"]?.string
    else { return }
    let end = text.lastIndex { !$0.isWhitespace }.map { text.index(after: $0) } ?? text.startIndex
    messages[messages.count - 1] = Self.message("assistant", blocks.dropLast() + [Self.text(String(text[..<end]))])
  }

  mutating func turn(to role: String) {
    guard role != self.role else { return }
    flush()
    self.role = role
    if role == "assistant" { ids.beginTurn() }
  }

  private mutating func flush() {
    if needsText { blocks.append(Self.text("(See the document.)")) }
    needsText = false
    guard !blocks.isEmpty else { return }
    if let last = messages.last, last["role"]?.string == role {
      // What stood between them said nothing.
      messages[messages.count - 1] = Self.message(role, (last["content"]?.elements ?? []) + blocks)
    } else {
      messages.append(Self.message(role, blocks))
    }
    blocks = []
  }

  private static func message(_ role: String, _ blocks: [JSONNode]) -> JSONNode {
    .object(["role": .string(role), "content": .array(blocks)])
  }

  static func text(_ text: String) -> JSONNode { .object(["text": .string(text)]) }
}

/// Blocks.
extension BedrockConversation {
  /// Adds a text, unless it is white space alone, which Bedrock refuses.
  mutating func append(text: String) {
    guard !text.allSatisfy(\.isWhitespace) else { return }
    blocks.append(Self.text(text))
    needsText = false
  }

  /// Adds to the instructions.
  mutating func append(system text: String, cache: JSONNode? = nil) {
    guard !text.allSatisfy(\.isWhitespace) else { return }
    system.append(Self.text(text))
    if let point = cachePoint(cache) { system.append(point) }
  }

  mutating func append(_ block: JSONNode) { blocks.append(block) }

  mutating func append(document block: JSONNode) {
    needsText = !blocks.contains { $0["text"] != nil }
    blocks.append(block)
  }

  mutating func append(call id: String, name: String, input: JSONNode) {
    let name = WireName.of(name, maximumBytes: WireName.toolBytes)
    if !calledTools.contains(name) { calledTools.append(name) }
    blocks.append(
      .object(["toolUse": .object(["toolUseId": .string(ids.call(id)), "name": .string(name), "input": input])]))
  }

  mutating func append(result id: String, _ content: [JSONNode], isError: Bool = false) {
    blocks.append(
      .object([
        "toolResult": .object([
          "toolUseId": .string(ids.result(id)),
          "content": .array(content.isEmpty ? [Self.text("(no output)")] : content),
          "status": isError ? .string("error") : nil,
        ])
      ]))
  }

  /// Adds a point of the cache for a `cache_control`, where the model has any and something stands before it.
  mutating func append(cache control: JSONNode?) {
    if !blocks.isEmpty, let point = cachePoint(control) { blocks.append(point) }
  }

  /// The point of the cache that a `cache_control` means.
  func cachePoint(_ control: JSONNode?) -> JSONNode? {
    guard model.hasCachePoints, let control, control.members != nil else { return nil }
    let isLong = control["ttl"]?.string == "1h" && model.hasLongCache
    return .object([
      "cachePoint": .object(["type": .string("default"), "ttl": isLong ? .string("1h") : nil])
    ])
  }

  /// The block of data that a part of a request holds: an image or a document by its media type.
  mutating func media(_ url: String, _ field: Field) throws(GatewayError) -> JSONNode {
    guard let data = DataURL(url) else {
      throw field.unsupported("Bedrock fetches no URLs; give the data in base64")
    }
    let source: JSONNode = .object(["bytes": .string(data.base64)])
    if let format = Self.images[data.mediaType] {
      return .object(["image": .object(["format": .string(format), "source": source])])
    }
    guard let format = Self.documents[data.mediaType] else {
      throw field.unsupported("Bedrock takes PNG, JPEG, GIF and WebP images, and PDF, text and office documents")
    }
    documentCount += 1
    // Names are read by the model: a neutral one cannot mislead it.
    let name = "document \(documentCount)"
    return .object([
      "document": .object(["format": .string(format), "name": .string(name), "source": source])
    ])
  }

  private static let images = [
    "image/png": "png", "image/jpeg": "jpeg", "image/gif": "gif", "image/webp": "webp",
  ]
  private static let documents = [
    "application/pdf": "pdf", "text/csv": "csv", "text/html": "html", "text/plain": "txt", "text/markdown": "md",
    "application/msword": "doc", "application/vnd.ms-excel": "xls",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
  ]
}
