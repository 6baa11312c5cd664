import TextKit

/// The messages of a chat in Gemini's form: instructions apart, turns of `user` and `model`.
struct GeminiConversation {
  /// Parts of all system and developer messages, wherever they stood.
  private(set) var system: [JSONNode] = []
  private(set) var contents: [JSONNode] = []
  private let needsSignatures: Bool
  private var role = ""
  private var parts: [JSONNode] = []
  /// The functions called so far, by the id of the call: their names, and which of all calls they are.
  private var calls: [String: (name: String, number: Int)] = [:]
  private var callCount = 0
  /// Results of the turn, with the numbers of their calls.
  private var results: [(number: Int, part: JSONNode)] = []

  /// - Parameter needsSignatures: whether the model refuses its earlier calls without signatures of thought.
  init(_ chat: Field, needsSignatures: Bool) throws(GatewayError) {
    self.needsSignatures = needsSignatures
    for message in try chat.required("messages", "messages").elements("messages") { try append(message) }
    flush()
    guard contents.isEmpty else { return }
    contents = [.object(["role": .string("user"), "parts": .array([Self.text(ChatReading.opening)])])]
  }

  private mutating func append(_ message: Field) throws(GatewayError) {
    let content = message["content"]
    switch message["role"]?.node.string {
    case "system", "developer":
      let text = try ChatReading.text(of: content)
      if !text.isEmpty { system.append(Self.text(text)) }
    case "assistant":
      turn(to: "model")
      try appendContent(content)
      for call in message["tool_calls"]?.node.elements ?? [] { appendCall(call) }
    case "tool":
      turn(to: "user")
      try appendResult(message)
    case "function": throw message.unsupported("Gemini is given tool messages alone; use the role tool")
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
    // Gemini distinguishes results of one function by their places alone: they stand as their calls do.
    parts = results.sorted { $0.number < $1.number }.map(\.part) + parts
    results = []
    if !parts.isEmpty { contents.append(.object(["role": .string(role), "parts": .array(parts)])) }
    parts = []
  }

  private mutating func appendContent(_ content: Field?) throws(GatewayError) {
    guard let content else { return }
    for part in ChatReading.parts(of: content) where !Self.isEmpty(part) { parts.append(try Self.part(part)) }
  }

  /// An empty text, which Gemini may refuse.
  private static func isEmpty(_ part: Field) -> Bool {
    (part["text"]?.node.string ?? part["refusal"]?.node.string)?.isEmpty == true
  }

  private static func part(_ part: Field) throws(GatewayError) -> JSONNode {
    switch part["type"]?.node.string {
    case "text", "refusal": return text(part["text"]?.node.string ?? part["refusal"]?.node.string ?? "")
    case "image_url": return media(part["image_url"]?["url"]?.node.string ?? "")
    case "file":
      guard let file = part["file"]?["file_data"]?.node.string, DataURL(file) != nil else {
        throw part.unsupported("only files with their data in base64 can be given to Gemini")
      }
      return media(file)
    default: throw part.unsupported("this part cannot be given to Gemini")
    }
  }

  private static func text(_ text: String) -> JSONNode { .object(["text": .string(text)]) }

  private static func media(_ url: String) -> JSONNode {
    guard let data = DataURL(url) else {
      return .object([
        "fileData": .object(["fileUri": .string(url), "mimeType": mediaType(of: url).map(JSONNode.string)])
      ])
    }
    // Of texts, Gemini knows the types `text/…` alone.
    let type = data.isText && !data.mediaType.hasPrefix("text/") ? "text/plain" : data.mediaType
    return .object(["inlineData": .object(["mimeType": .string(type), "data": .string(data.base64)])])
  }

  private static func mediaType(of url: String) -> String? {
    let path = url.prefix { $0 != "?" && $0 != "#" }
    let types = [
      "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "webp": "image/webp", "gif": "image/gif",
      "heic": "image/heic",
    ]
    return path.split(separator: ".").last.flatMap { types[$0.lowercased()] }
  }

  /// A call that the model made. Signatures of thought come back where the client kept them, by the name that Google's
  /// own OpenAI form gives them; else the word with which Google lets foreign calls pass.
  private mutating func appendCall(_ call: JSONNode) {
    let function = call["function"]
    let name = WireName.of(function?["name"]?.string ?? "", maximumBytes: WireName.toolBytes)
    if let id = call["id"]?.string { calls[id] = (name, callCount) }
    callCount += 1
    let signature = call["extra_content"]?["google"]?["thought_signature"]
    parts.append(
      .object([
        "functionCall": .object([
          "name": .string(name), "args": ChatReading.object(fromArguments: function?["arguments"]?.string ?? ""),
        ]),
        "thoughtSignature": signature ?? (needsSignatures ? .string("skip_thought_signature_validator") : nil),
      ]))
  }

  private mutating func appendResult(_ message: Field) throws(GatewayError) {
    let id = message["tool_call_id"]?.node.string ?? ""
    guard let name = calls[id]?.name ?? message["name"]?.node.string else {
      throw message["tool_call_id"]?.invalid("the id of a tool call before it", found: "another")
        ?? .unsupported(
          "messages", "a tool message without its call")
    }
    let text = try ChatReading.text(of: message["content"])
    let parsed = try? JSONParser.parse(Array(text.utf8))
    let response = parsed?.members == nil ? JSONNode.object(["result": .string(text)]) : parsed
    let part: JSONNode = .object(["functionResponse": .object(["name": .string(name), "response": response])])
    results.append((calls[id]?.number ?? callCount, part))
  }
}
