import Ockham
import TextKit

/// Messages of any API format: OpenAI's chat and Responses items, Anthropic's blocks, OpenTelemetry's and Gemini's parts,
/// ShareGPT's turns.
///
/// The texts of parts are joined by line feeds; images are counted; calls of tools follow the text, a line each: name,
/// space, arguments. Results of tools are turns of their own. Reasoning is left out.
struct Dialogue {
  private(set) var segments: [Segment] = []
  private(set) var imageCount = 0
  /// Whether calls of tools are kept in ``calls`` instead of in the texts.
  var keepsCallsApart = false
  private(set) var calls: [AnswerMessage.ToolCall] = []

  /// Adds a text, or every message of a list.
  mutating func add(_ value: JSONNode, as role: Role = .user) throws(RecordViolation) {
    if let messages = value.elements {
      // A list of lists, as chains log it, holds the messages of one call in its first.
      if let first = messages.first, first.elements != nil { return try add(first, as: role) }
      if role == .user, let key = Self.unreadSpeaker(of: messages) { throw .unreadSpeaker(key) }
      for (index, message) in messages.enumerated() {
        do { try add(message: message, as: role) } catch { throw error.inside("messages[\(index)]") }
      }
    } else {
      try add(message: value, as: role)
    }
  }

  private mutating func add(message: JSONNode, as role: Role) throws(RecordViolation) {
    if let text = message.string { return segments.append(Segment(role: role, text: text)) }
    // LangChain's messages as it serialises them, and Phoenix's.
    if let inner = message["kwargs"], inner["content"] != nil {
      let kind = message.field("id")?.elements?.last?.string ?? ""
      return try add(message: inner, as: Self.role(named: kind) ?? Self.role(of: inner) ?? role)
    }
    if message.members?.count == 1, let inner = message["message"], inner.members != nil {
      return try add(message: inner, as: role)
    }
    if Self.speaker(of: message) == nil, message["content"] == nil,
      let turns = Self.namedTurns(message)
    {
      return segments += turns
    }
    guard message.members != nil else {
      throw RecordViolation(
        .wrongType, field: nil, expected: "a message", found: message.kindName, remedy: "fix or drop the row")
    }
    switch message["type"]?.string {
    case "reasoning"?: return
    case "function_call"?, "custom_tool_call"?:
      return segments.append(Segment(role: .assistant, text: line(for: message).joined()))
    case "function_call_output"?, "custom_tool_call_output"?:
      return segments.append(Segment(role: .tool, text: text(of: message["output"] ?? .null).joined(separator: "\n")))
    default: break
    }
    let speaker = try Self.checkedRole(of: message) ?? role
    let content = ["content", "value", "parts", "text", "refusal", "message"].lazy.compactMap { message[$0] }.first {
      !$0.isNull
    }
    var lines = text(of: content.map(Self.parts) ?? .null)
    for call in message.field("tool_calls")?.elements ?? [] { lines += line(for: call) }
    if let call = message.field("function_call"), call.members != nil { lines += line(for: call) }
    if lines.isEmpty, segments.last?.role == .tool, speaker != .assistant { return }
    segments.append(Segment(role: speaker, text: lines.joined(separator: "\n")))
  }

  private mutating func text(of content: JSONNode) -> [String] {
    switch content.content {
    case .string(let text): return [text]
    case .array(let parts): return parts.flatMap { text(ofPart: $0) }
    case .object: return text(ofPart: content)
    default: return []
    }
  }

  private mutating func text(ofPart part: JSONNode) -> [String] {
    if let text = part.string { return [text] }
    let type = part["type"]?.string ?? ""
    switch type {
    case "thinking", "redacted_thinking", "reasoning": return []
    case "tool_use", "tool_call", "function_call", "server_tool_use": return line(for: part)
    case "tool_result", "tool_call_response":
      let result = text(of: part["content"] ?? part["response"] ?? part["result"] ?? .null)
      segments.append(Segment(role: .tool, text: result.joined(separator: "\n")))
      return []
    default: break
    }
    if type.contains("image"), part["text"]?.string == nil {
      imageCount += 1
    } else if part["inline_data"] != nil || part["inlineData"] != nil
      || part["image"]?.members != nil || part["modality"]?.string == "image"
    {
      imageCount += 1
    }
    if let use = part["toolUse"] ?? part["functionCall"] { return line(for: use) }
    return [part["text"]?.string ?? part["content"]?.string].compactMap { $0 }
  }

  /// The line of a call in a text; none where calls are kept apart.
  private mutating func line(for call: JSONNode) -> [String] {
    let function = call["function"] ?? call
    let name = function["name"]?.string ?? "tool"
    let arguments = function["arguments"] ?? function["input"] ?? function["args"]
    let text = arguments.map { $0.string ?? String(decoding: $0.jsonBytes, as: UTF8.self) }
    guard keepsCallsApart else { return [text.map { name + " " + $0 } ?? name] }
    calls.append(AnswerMessage.ToolCall(name: name, arguments: text))
    return []
  }

  /// The parts of a content that was written as a string: JSON of parts, or Python's print of it.
  private static func parts(_ content: JSONNode) -> JSONNode {
    guard content.string != nil else { return content }
    let inner = content.unfolded
    let arePieces = inner.isListOfObjects && inner.elements?.allSatisfy { $0["type"]?.string != nil } == true
    return arePieces ? inner : content
  }

  /// The role that a message states, or a violation where it is none.
  private static func checkedRole(of message: JSONNode) throws(RecordViolation) -> Role? {
    if let role = role(of: message) { return role }
    guard let name = speaker(of: message) else { return nil }
    throw RecordViolation(
      .unknownRole, field: "role", expected: "system, user, assistant or tool", found: SafeText.word(name),
      remedy: "use one of these roles")
  }

  private static func role(of message: JSONNode) -> Role? {
    (speaker(of: message) ?? message["type"]?.string).flatMap { role(named: $0) }
  }

  /// The role of a message that says it, under whatever key: who speaks, or what type it has.
  static func statedRole(of message: JSONNode) -> Role? { role(of: message) }

  /// Who speaks by a message; `nil` where it does not say.
  static func speaker(of message: JSONNode) -> String? {
    for key in ["role", "from", "sender", "speaker", "author"] {
      guard let value = message[key] else { continue }
      if let name = value.string ?? value["role"]?.string ?? value["type"]?.string { return name }
    }
    return nil
  }

  /// The role of a name in any of the API formats.
  static func role(named name: String) -> Role? {
    switch name.lowercased().replacing("_", with: "").replacing("message", with: "").replacing("chunk", with: "") {
    case "user", "human", "prompter", "customer", "client", "visitor": .user
    case "assistant", "gpt", "model", "ai", "bot", "chatgpt", "bard", "claude", "bing", "agent", "chatbot": .assistant
    case "system", "developer", "context": .system
    case "tool", "function", "observation", "functionresponse", "ipython", "toolresult": .tool
    default: nil
    }
  }

  /// The key by which messages without a role name their speakers all the same; all of them would pass for the user's.
  private static func unreadSpeaker(of messages: [JSONNode]) -> String? {
    guard messages.count > 1, messages.allSatisfy({ $0.members != nil && role(of: $0) == nil }) else { return nil }
    return messages[0].members?.map(\.key).first { key in
      messages.allSatisfy { $0[key]?.string.flatMap { role(named: $0) } != nil }
        && Set(messages.compactMap { $0[key]?.string.flatMap { role(named: $0) } }).count > 1
    }
  }

  /// The turns of an object that names each by its speaker: `{"human": "…", "assistant": "…"}`.
  private static func namedTurns(_ message: JSONNode) -> [Segment]? {
    let members = message.members ?? []
    let turns = members.compactMap { member -> Segment? in
      guard let role = role(named: member.key), let text = member.value.string else { return nil }
      return Segment(role: role, text: text)
    }
    return !turns.isEmpty && turns.count == members.count ? turns : nil
  }
}

extension RecordViolation {
  fileprivate static func unreadSpeaker(_ key: String) -> RecordViolation {
    RecordViolation(
      .unknownRole, field: "messages", expected: "the speaker as role, from, sender, speaker or author",
      found: "the key \(SafeText.word(key))", remedy: "call that key role")
  }
}
