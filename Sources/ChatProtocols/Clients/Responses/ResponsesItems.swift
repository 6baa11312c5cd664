import TextKit

/// Reads `instructions` and `input` into the messages of a chat.
struct ResponsesItems {
  private var messages: [JSONNode] = []
  /// The assistant's turn that is being put together of a text and calls.
  private var assistantText: JSONNode?
  private var calls: [JSONNode] = []
  private var thoughts: [String] = []
  /// Images of tools' results: tool messages hold text alone, so they follow as a message of the user.
  private var images: [JSONNode] = []

  static func messages(_ root: Field, hosted: inout HostedTools) throws(GatewayError) -> [JSONNode] {
    var items = ResponsesItems()
    if let instructions = root["instructions"] {
      items.messages.append(message("system", .string(try instructions.string())))
    }
    let input = try root.required("input", "a string or an array of items")
    if input.node.string != nil {
      items.messages.append(message("user", input.node))
    } else {
      for item in try input.someElements("a string or an array of items") {
        try items.append(item, &hosted)
      }
      items.flush()
    }
    return ToolOrder.arranged(items.messages)
  }

  private static func message(_ role: String, _ content: JSONNode) -> JSONNode {
    .object(["role": .string(role), "content": content])
  }

  private mutating func append(_ item: Field, _ hosted: inout HostedTools) throws(GatewayError) {
    let type = try item.object("an item")["type"]?.string() ?? "message"
    switch type {
    case "message": try appendMessage(item)
    case "function_call", "custom_tool_call", "local_shell_call":
      flushImages()
      calls.append(try Self.call(item, type))
    case "function_call_output", "custom_tool_call_output", "local_shell_call_output":
      flushTurn()
      messages.append(try result(item))
    case "reasoning":
      // A thought begins a turn, unless calls before it are still to be answered.
      if calls.isEmpty { flushTurn() }
      thoughts += (item["content"]?.node.elements ?? []).compactMap { $0["text"]?.string }
    // What OpenAI's servers did by themselves: the answer that followed states the result.
    case "web_search_call": return
    case _ where ResponsesTools.isHosted(type):
      hosted.note(type, item.unsupported("this item is of a tool that runs at OpenAI; leave it out"))
    default:
      throw item.unsupported("items of type \(SafeText.label(type, maximumBytes: 40)) cannot be given to a model here")
    }
  }

  private mutating func appendMessage(_ item: Field) throws(GatewayError) {
    let roles = ["user", "assistant", "system", "developer"]
    let role = try item.required("role", "the role of the message").word(of: roles)
    let content = try item.required("content", "a string or an array of parts")
    flushImages()
    if role == "assistant" {
      // A text beside calls that are not answered yet belongs to their turn.
      let text = try Self.text(of: content)
      if calls.isEmpty, assistantText != nil { flushTurn() }
      assistantText = .string((assistantText?.string).map { $0 + "\n" + text } ?? text)
    } else {
      flushTurn()
      messages.append(Self.message(role == "developer" ? "system" : role, try Self.parts(of: content)))
    }
  }

  private mutating func flush() {
    flushTurn()
    flushImages()
  }

  private mutating func flushImages() {
    if !images.isEmpty { messages.append(Self.message("user", .array(images))) }
    images = []
  }

  /// Ends the assistant's turn: what was said, and the calls behind it.
  private mutating func flushTurn() {
    if assistantText != nil || !calls.isEmpty {
      messages.append(
        .object([
          "role": .string("assistant"), "content": assistantText ?? .null,
          "reasoning_content": ChatReading.thought(thoughts),
          "tool_calls": calls.isEmpty ? nil : .array(calls),
        ]))
    }
    (assistantText, calls, thoughts) = (nil, [], [])
  }

  private static func id(of item: Field) throws(GatewayError) -> String {
    if item["call_id"] == nil, let id = item["id"] { return try id.string() }
    return try item.required("call_id", "the id of the call").string()
  }

  private static func call(_ item: Field, _ type: String) throws(GatewayError) -> JSONNode {
    let id = try id(of: item)
    if type == "local_shell_call" {
      let action = try item.required("action", "what the shell is to do").object("what the shell is to do").node
      return ChatCompletionJSON.call(
        ToolCall(id: id, name: "local_shell", arguments: String(decoding: action.jsonBytes, as: UTF8.self)))
    }
    let name = try item.required("name", "the name of the function").name("the name of the function")
    let flat = try item["namespace"].map { (space) throws(GatewayError) in
      ResponsesTools.flat(try space.string(), name)
    }
    let arguments =
      type == "custom_tool_call"
      ? CustomTool.arguments(forInput: try item.required("input", "the input as a string").string())
      : try item.required("arguments", "the JSON of the arguments as a string").string()
    return ChatCompletionJSON.call(ToolCall(id: id, name: flat ?? name, arguments: arguments))
  }

  /// A tool's result, its images apart.
  private mutating func result(_ item: Field) throws(GatewayError) -> JSONNode {
    let id = try Self.id(of: item)
    let output = try item.required("output", "a string or an array of parts")
    var texts: [String] = []
    if let text = output.node.string {
      texts = [text]
    } else {
      for part in try output.elements("a string or an array of parts") {
        let part = try Self.part(part)
        if let text = part["text"]?.string { texts.append(text) } else { images.append(part) }
      }
    }
    return .object([
      "role": .string("tool"), "tool_call_id": .string(id), "content": .string(texts.joined(separator: "\n")),
    ])
  }

  /// The text of a content that may hold nothing else.
  private static func text(of content: Field) throws(GatewayError) -> String {
    if let text = content.node.string { return text }
    var texts: [String] = []
    for part in try content.elements("a string or an array of parts") {
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
    for part in try content.someElements("a string or an array of parts") { parts.append(try self.part(part)) }
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
