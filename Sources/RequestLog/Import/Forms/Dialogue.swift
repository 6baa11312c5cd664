import Ockham
import TextKit

/// Messages of any dialect: OpenAI's chat and Responses items, Anthropic's blocks, OpenTelemetry's and Gemini's parts,
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
      for (index, message) in messages.enumerated() {
        do { try add(message: message, as: role) } catch { throw error.inside("messages[\(index)]") }
      }
    } else {
      try add(message: value, as: role)
    }
  }

  private mutating func add(message: JSONNode, as role: Role) throws(RecordViolation) {
    if let text = message.string { return segments.append(Segment(role: role, text: text)) }
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
    let speaker = try Self.role(of: message) ?? role
    var lines = text(of: message["content"] ?? message["value"] ?? message["parts"] ?? message["text"] ?? .null)
    for call in message["tool_calls"]?.elements ?? [] { lines += line(for: call) }
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
    if type.contains("image") || part["inline_data"] != nil || part["modality"]?.string == "image" { imageCount += 1 }
    return [part["text"]?.string ?? part["content"]?.string].compactMap { $0 }
  }

  /// The line of a call in a text; none where calls are kept apart.
  private mutating func line(for call: JSONNode) -> [String] {
    let function = call["function"] ?? call
    let name = function["name"]?.string ?? "tool"
    let arguments = function["arguments"] ?? function["input"]
    let text = arguments.map { $0.string ?? String(decoding: $0.jsonBytes, as: UTF8.self) }
    guard keepsCallsApart else { return [text.map { name + " " + $0 } ?? name] }
    calls.append(AnswerMessage.ToolCall(name: name, arguments: text))
    return []
  }

  private static func role(of message: JSONNode) throws(RecordViolation) -> Role? {
    guard let name = (message["role"] ?? message["from"])?.string else { return nil }
    switch name.lowercased() {
    case "user", "human", "prompter": return .user
    case "assistant", "gpt", "model", "ai", "bot", "chatgpt", "bard", "claude": return .assistant
    case "system", "developer": return .system
    case "tool", "function", "observation", "function_response", "ipython": return .tool
    default:
      throw RecordViolation(
        .unknownRole, field: "role", expected: "system, user, assistant or tool", found: SafeText.word(name),
        remedy: "use one of these roles")
    }
  }
}
