import TextKit

/// Reads `instructions` and `input` into the messages of a chat.
struct ResponsesItems {
  private var messages: [JSONNode] = []
  /// The assistant's turn that is being put together of a text and calls.
  private var assistantText: JSONNode?
  private var calls: [JSONNode] = []

  static func messages(_ root: Field) throws(GatewayError) -> [JSONNode] {
    var items = ResponsesItems()
    if let instructions = root["instructions"] {
      items.messages.append(message("system", .string(try instructions.string())))
    }
    let input = try root.required("input", "a text or an array of items")
    if input.node.string != nil {
      items.messages.append(message("user", input.node))
    } else {
      for item in try input.someElements("a text or an array of items") { try items.append(item) }
      items.flush()
    }
    return items.messages
  }

  private static func message(_ role: String, _ content: JSONNode) -> JSONNode {
    .object(["role": .string(role), "content": content])
  }

  private mutating func append(_ item: Field) throws(GatewayError) {
    let type = try item.object("an item")["type"]?.string() ?? "message"
    switch type {
    case "message": try appendMessage(item)
    case "function_call": calls.append(try Self.call(item))
    case "function_call_output":
      flush()
      messages.append(try Self.result(item))
    case "reasoning": return
    default:
      throw item.unsupported("items of type \(SafeText.label(type, maximumBytes: 40)) cannot be given to a model here")
    }
  }

  private mutating func appendMessage(_ item: Field) throws(GatewayError) {
    let roles = ["user", "assistant", "system", "developer"]
    let role = try item.required("role", "the role of the message").word(of: roles)
    let content = try item.required("content", "a text or an array of parts")
    flush()
    if role == "assistant" {
      assistantText = .string(try Self.text(of: content))
    } else {
      messages.append(Self.message(role == "developer" ? "system" : role, try Self.parts(of: content)))
    }
  }

  /// Ends the assistant's turn: what was said, and the calls behind it.
  private mutating func flush() {
    if assistantText != nil || !calls.isEmpty {
      messages.append(
        .object([
          "role": .string("assistant"), "content": assistantText ?? .null,
          "tool_calls": calls.isEmpty ? nil : .array(calls),
        ]))
    }
    (assistantText, calls) = (nil, [])
  }

  private static func call(_ item: Field) throws(GatewayError) -> JSONNode {
    ChatCompletionJSON.call(
      ToolCall(
        id: try item.required("call_id", "the id of the tool call").string(),
        name: try item.required("name", "the name of the function").name("the name of the function"),
        arguments: try item.required("arguments", "the JSON of the arguments as a text").string()))
  }

  private static func result(_ item: Field) throws(GatewayError) -> JSONNode {
    let id = try item.required("call_id", "the id of the tool call").string()
    let output = try item.required("output", "a text or an array of parts")
    return .object([
      "role": .string("tool"), "tool_call_id": .string(id), "content": .string(try text(of: output)),
    ])
  }

  /// The text of a content that may hold nothing else.
  private static func text(of content: Field) throws(GatewayError) -> String {
    if let text = content.node.string { return text }
    var texts: [String] = []
    for part in try content.elements("a text or an array of parts") {
      switch try part.object("a part").required("type", "the type of the part").string() {
      case "output_text", "input_text", "text": texts.append(try part.required("text", "the text").string())
      case "refusal": texts.append(try part.required("refusal", "the refusal").string())
      default: throw part.unsupported("only text can stand here")
      }
    }
    return texts.joined(separator: "\n")
  }

  private static func parts(of content: Field) throws(GatewayError) -> JSONNode {
    if content.node.string != nil { return content.node }
    var parts: [JSONNode] = []
    for part in try content.someElements("a text or an array of parts") { parts.append(try self.part(part)) }
    return .array(parts)
  }

  private static func part(_ part: Field) throws(GatewayError) -> JSONNode {
    switch try part.object("a part").required("type", "the type of the part").string() {
    case "input_text", "output_text", "text":
      return .object(["type": .string("text"), "text": .string(try part.required("text", "the text").string())])
    case "input_image":
      guard let url = part["image_url"] else {
        throw part.unsupported("images need image_url: files are not kept here")
      }
      return .object([
        "type": .string("image_url"),
        "image_url": .object(["url": .string(try url.string()), "detail": part["detail"]?.node]),
      ])
    case "input_file":
      guard let data = part["file_data"] else { throw part.unsupported("files need file_data: they are not kept here") }
      return .object([
        "type": .string("file"),
        "file": .object(["filename": part["filename"]?.node, "file_data": .string(try data.string())]),
      ])
    default: throw part.unsupported("this part cannot be given to a model here")
    }
  }
}
