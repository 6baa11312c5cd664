import TextKit

extension MessagesTranslation {
  /// The chat's messages: the system's text, then each message, its tool results before what else it says.
  mutating func messages(_ root: Field) throws(GatewayError) -> [JSONNode] {
    let fields = try root.required("messages", "an array of messages").someElements("an array of messages")
    var messages: [JSONNode] = []
    if let system = root["system"] { messages.append(Self.message("system", .string(try text(of: system)))) }
    for field in fields {
      let roles = ["user", "assistant", "system"]
      let role = try field.object("a message").required("role", "the role of the message").word(of: roles)
      let content = try field.required("content", "a string or an array of blocks")
      if role == "assistant" {
        messages.append(try assistant(content))
      } else if role == "system" {
        messages.append(Self.message("system", .string(try text(of: content))))
      } else {
        messages += try user(content)
      }
    }
    return messages
  }

  private static func message(_ role: String, _ content: JSONNode) -> JSONNode {
    .object(["role": .string(role), "content": content])
  }

  /// The text of text blocks.
  private func text(of content: Field) throws(GatewayError) -> String {
    if let text = content.node.string { return text }
    var texts: [String] = []
    for block in try content.elements("a string or an array of text blocks") {
      _ = try block.object("a block").required("type", "text").word(of: ["text"])
      texts.append(try block.required("text", "the text of the block").string())
    }
    return texts.joined(separator: "\n")
  }

  private mutating func user(_ content: Field) throws(GatewayError) -> [JSONNode] {
    if content.node.string != nil { return [Self.message("user", content.node)] }
    var results: [JSONNode] = []
    var parts: [JSONNode] = []
    for block in try content.someElements("a string or an array of blocks") {
      if try Self.type(of: block) == "tool_result" {
        results.append(try toolResult(block, images: &parts))
      } else if let part = try part(block) {
        parts.append(part)
      }
    }
    guard parts.isEmpty else { return results + [Self.message("user", .array(parts))] }
    return results.isEmpty ? [Self.message("user", .string(""))] : results
  }

  private static func type(of block: Field) throws(GatewayError) -> String {
    try block.object("a block").required("type", "the type of the block").name("the type of the block")
  }

  /// The part of a block; `nil` where chat completions have none, which is then noted.
  private mutating func part(_ block: Field) throws(GatewayError) -> JSONNode? {
    switch try Self.type(of: block) {
    case "text":
      let text = try block.required("text", "the text of the block").string()
      return .object(["type": .string("text"), "text": .string(text)])
    case "image":
      let source = try block.required("source", "the image").object("the image")
      guard let url = try url(of: source) else { return nil }
      return .object(["type": .string("image_url"), "image_url": .object(["url": .string(url)])])
    case "document": return try document(block)
    // A tool that a search found: its declaration is among the tools.
    case "tool_reference":
      return .object(["type": .string("text"), "text": .string("Tool: " + (block["tool_name"]?.node.string ?? ""))])
    default:
      note(block)
      return nil
    }
  }

  /// The URL of a source, made of its data where it holds them.
  private mutating func url(of source: Field) throws(GatewayError) -> String? {
    switch try source.required("type", "base64 or url").string() {
    case "base64":
      let type = try source.required("media_type", "the type of the data").string()
      return DataURL.text(mediaType: type, base64: try source.required("data", "the data in base64").string())
    case "url": return try source.required("url", "the URL").string()
    default:
      note(source)
      return nil
    }
  }

  private mutating func document(_ block: Field) throws(GatewayError) -> JSONNode? {
    let source = try block.required("source", "the document").object("the document")
    switch try source.required("type", "base64, text or url").string() {
    case "text":
      return .object(["type": .string("text"), "text": .string(try source.required("data", "the text").string())])
    case "base64":
      guard let url = try url(of: source) else { return nil }
      let name = block["title"]?.node ?? .string("document.pdf")
      return .object(["type": .string("file"), "file": .object(["filename": name, "file_data": .string(url)])])
    default:
      note(source)
      return nil
    }
  }

  /// A tool's answer. Images in it go to the message of the user behind it: tool messages hold text alone.
  private mutating func toolResult(_ block: Field, images: inout [JSONNode]) throws(GatewayError) -> JSONNode {
    let id = try block.required("tool_use_id", "the id of the tool call").string()
    var texts: [String] = []
    if let content = block["content"] {
      if let text = content.node.string {
        texts = [text]
      } else {
        for inner in try content.elements("a string or an array of blocks") {
          guard let part = try part(inner) else { continue }
          if let text = part["text"]?.string { texts.append(text) } else { images.append(part) }
        }
      }
    }
    let text = texts.joined(separator: "\n")
    // Tool messages cannot say that the tool failed: the text does, unless it says so itself.
    let isTold = try block["is_error"]?.boolean() != true || text.lowercased().contains("error")
    return .object([
      "role": .string("tool"), "tool_call_id": .string(id), "content": .string(isTold ? text : "Error: " + text),
    ])
  }

  private mutating func assistant(_ content: Field) throws(GatewayError) -> JSONNode {
    if content.node.string != nil { return Self.message("assistant", content.node) }
    var texts: [String] = []
    var thoughts: [String] = []
    var calls: [JSONNode] = []
    for block in try content.elements("a string or an array of blocks") {
      switch try Self.type(of: block) {
      case "text": texts.append(try block.required("text", "the text of the block").string())
      case "tool_use": calls.append(try toolUse(block))
      case "thinking": thoughts.append(block["thinking"]?.node.string ?? "")
      case "redacted_thinking": continue
      // What ran at Anthropic: the text behind it states the result.
      case let type where Self.isSearch(type, block): noteSearch(type, block)
      case let type where Self.isHosted(type): noteHosted(type, block)
      default: note(block)
      }
    }
    let text: JSONNode = texts.isEmpty && !calls.isEmpty ? .null : .string(texts.joined(separator: "\n"))
    return .object([
      "role": .string("assistant"), "content": text, "reasoning_content": ChatReading.thought(thoughts),
      "tool_calls": calls.isEmpty ? nil : .array(calls),
    ])
  }

  private static func isSearch(_ type: String, _ block: Field) -> Bool {
    type == "web_search_tool_result"
      || type == "server_tool_use" && block["name"]?.node.string == WebSearch.toolName
  }

  private static func isHosted(_ type: String) -> Bool {
    ["server_tool_use", "mcp_tool_use", "container_upload"].contains(type) || type.hasSuffix("_tool_result")
  }

  private func toolUse(_ block: Field) throws(GatewayError) -> JSONNode {
    let id = try block.required("id", "the id of the tool call").string()
    let name = try block.required("name", "the name of the tool").name("the name of the tool")
    // Null is what a model may have said for a tool without parameters.
    let input = try block["input"]?.object("an object").node ?? .object([:])
    return ChatCompletionJSON.call(
      ToolCall(id: id, name: name, arguments: String(decoding: input.jsonBytes, as: UTF8.self)))
  }
}
