import TextKit

@testable import ChatProtocols

/// What a body for a provider means, read with the eyes of that provider: what it would refuse is thrown.
extension Conversation {
  /// A chat completion request.
  static func chat(_ root: JSONNode) throws -> Conversation {
    var builder = ConversationBuilder()
    for tool in root["tools"]?.elements ?? [] {
      let function = tool["function"] ?? .null
      builder.declare(
        function["name"]?.string ?? "", description: function["description"]?.string, schema: function["parameters"])
    }
    builder.choose(root["tool_choice"].map { choice(word: $0.string, tool: $0["function"]?["name"]?.string) } ?? .auto)
    for message in root["messages"]?.elements ?? [] { try builder.chat(message) }
    guard builder.pending.isEmpty else { throw Refusal("calls without results") }
    return builder.built()
  }

  /// A request of Messages.
  static func messages(_ root: JSONNode) throws -> Conversation {
    var builder = ConversationBuilder()
    for tool in root["tools"]?.elements ?? [] {
      guard tool["input_schema"]?["type"]?.string == "object" else { throw Refusal("a schema without its type") }
      builder.declare(
        tool["name"]?.string ?? "", description: tool["description"]?.string, schema: tool["input_schema"])
    }
    let type = root["tool_choice"]?["type"]?.string
    builder.choose(choice(word: type == "any" ? "required" : type, tool: root["tool_choice"]?["name"]?.string))
    for block in root["system"]?.elements ?? [] { builder.system(try nonblank(block["text"])) }
    let messages = root["messages"]?.elements ?? []
    guard messages.first?["role"]?.string == "user" else { throw Refusal("the first message is not the user's") }
    for message in messages { try builder.message(message) }
    guard builder.pending.isEmpty else { throw Refusal("calls without results") }
    return builder.built()
  }

  /// A request of Gemini. Results belong to calls by their places.
  static func gemini(_ root: JSONNode) throws -> Conversation {
    var builder = ConversationBuilder()
    for tool in root["tools"]?.elements ?? [] {
      for function in tool["functionDeclarations"]?.elements ?? [] {
        builder.declare(
          function["name"]?.string ?? "", description: function["description"]?.string,
          schema: function["parametersJsonSchema"])
      }
    }
    let calling = root["toolConfig"]?["functionCallingConfig"]
    let only = calling?["allowedFunctionNames"]?.elements?.first?.string
    let word = ["NONE": "none", "ANY": "required"][calling?["mode"]?.string ?? ""]
    builder.choose(choice(word: word, tool: only))
    for part in root["systemInstruction"]?["parts"]?.elements ?? [] { builder.system(part["text"]?.string ?? "") }
    for content in root["contents"]?.elements ?? [] { try builder.gemini(content) }
    return builder.built()
  }

  private static func choice(word: String?, tool: String?) -> Choice {
    if let tool { return .tool(tool) }
    return switch word {
    case "none": .none
    case "required": .required
    default: .auto
    }
  }

  fileprivate static func nonblank(_ text: JSONNode?) throws -> String {
    guard let text = text?.string, !ConversationBuilder.isBlank(text) else { throw Refusal("a blank text") }
    return text
  }
}

extension ConversationBuilder {
  fileprivate mutating func chat(_ message: JSONNode) throws {
    let role = message["role"]?.string
    guard role == "tool" || pending.isEmpty else { throw Refusal("a message between calls and their results") }
    let content = message["content"]
    switch role {
    case "system", "developer": system(Self.text(content))
    case "tool":
      guard content?.string != nil else { throw Refusal("a result that is no text") }
      try result(message["tool_call_id"]?.string ?? "", Self.text(content))
    case "user": try parts(content, isUser: true)
    default:
      let calls = message["tool_calls"]?.elements
      guard calls?.isEmpty != true else { throw Refusal("an empty list of calls") }
      guard content?.isNull == false || calls != nil else { throw Refusal("neither text nor calls") }
      try parts(content, isUser: false)
      for made in calls ?? [] {
        let function = made["function"]
        call(
          made["id"]?.string ?? "", function?["name"]?.string ?? "",
          Self.arguments(function?["arguments"]?.string ?? ""))
      }
    }
  }

  private static func text(_ content: JSONNode?) -> String {
    content?.string ?? (content?.elements ?? []).compactMap { $0["text"]?.string }.joined(separator: "\n")
  }

  private mutating func parts(_ content: JSONNode?, isUser: Bool) throws {
    if let text = content?.string { return self.text(text, isUser: isUser) }
    for part in content?.elements ?? [] {
      if let url = part["image_url"]?["url"]?.string ?? part["file"]?["file_data"]?.string {
        media(url)
      } else if let text = part["text"]?.string {
        self.text(text, isUser: isUser)
      } else {
        throw Refusal("a part that is neither text nor picture")
      }
    }
  }

  fileprivate mutating func message(_ message: JSONNode) throws {
    let isUser = message["role"]?.string == "user"
    guard isUser || message["role"]?.string == "assistant" else { throw Refusal("another role") }
    let blocks =
      message["content"]?.elements
      ?? [.object(["type": .string("text"), "text": message["content"] ?? .null])]
    guard !blocks.isEmpty else { throw Refusal("a message without content") }
    var isAfterResults = false
    for block in blocks {
      let isResult = block["type"]?.string == "tool_result"
      guard !isResult || !isAfterResults else { throw Refusal("a result behind other blocks") }
      isAfterResults = !isResult
      if isAfterResults, isUser, !pending.isEmpty { throw Refusal("calls without results") }
      try self.block(block, isUser: isUser)
    }
    guard !isUser || pending.isEmpty else { throw Refusal("calls without results") }
  }

  private mutating func block(_ block: JSONNode, isUser: Bool) throws {
    switch block["type"]?.string {
    case "text": text(try Conversation.nonblank(block["text"]), isUser: isUser)
    case "image", "document": media(try Self.url(block))
    case "tool_use":
      let id = block["id"]?.string ?? ""
      let isPlain = id.utf8.allSatisfy { $0 < 0x80 && Character(UnicodeScalar($0)).isPlain }
      guard isPlain, !id.isEmpty, !pending.contains(where: { $0.id == id }) else { throw Refusal("the id \(id)") }
      call(id, block["name"]?.string ?? "", block["input"] ?? .null)
    case "tool_result":
      let content = block["content"]
      try result(block["tool_use_id"]?.string ?? "", Self.text(content))
      // A picture in a result follows the results.
      for inner in content?.elements ?? [] where inner["source"] != nil { media(try Self.url(inner)) }
    case "thinking", "redacted_thinking": break
    default: throw Refusal("another block")
    }
  }

  private static func url(_ block: JSONNode) throws -> String {
    let source = block["source"]
    if let url = source?["url"]?.string { return url }
    guard let type = source?["media_type"]?.string, let data = source?["data"]?.string else {
      throw Refusal("a picture without data")
    }
    return DataURL.text(mediaType: type, base64: data)
  }

  fileprivate mutating func gemini(_ content: JSONNode) throws {
    let parts = content["parts"]?.elements ?? []
    let isUser = content["role"]?.string == "user"
    guard !parts.isEmpty else { throw Refusal("contents without parts") }
    let results = parts.filter { $0["functionResponse"] != nil }
    guard results.count == pending.count else { throw Refusal("\(results.count) results for \(pending.count) calls") }
    for part in parts {
      if let text = part["text"]?.string {
        guard !text.isEmpty else { throw Refusal("an empty string") }
        if part["thought"]?.boolean != true { self.text(text, isUser: isUser) }
      } else if let data = part["inlineData"] {
        media(DataURL.text(mediaType: data["mimeType"]?.string ?? "", base64: data["data"]?.string ?? ""))
      } else if let file = part["fileData"] {
        media(file["fileUri"]?.string ?? "")
      } else if let made = part["functionCall"] {
        // By the name, so that a result in another call's place is seen.
        call(made["name"]?.string ?? "", made["name"]?.string ?? "", made["args"] ?? .null)
      } else if let made = part["functionResponse"] {
        let response = made["response"] ?? .null
        guard pending.first?.id == made["name"]?.string else { throw Refusal("a result in another's place") }
        try result(
          made["name"]?.string ?? "",
          response["result"]?.string ?? Self.canonical(response))
      } else {
        throw Refusal("another part")
      }
    }
  }
}

extension Character {
  fileprivate var isPlain: Bool { isLetter || isNumber || self == "_" || self == "-" }
}
