import Ockham

/// Reads chat messages in OpenAI's form.
///
/// Content is a string, an array of parts, or null. The texts of parts are joined by line feeds; images are counted; parts
/// of other types are skipped. An assistant's tool calls follow its text, a line each: name, space, arguments.
enum MessageDecoder {
  /// The segments of a `messages` array, one per message. `images` grows by the image parts found.
  static func segments(of value: JSONValue, images: inout Int) throws(RecordViolation) -> [Segment] {
    var segments: [Segment] = []
    let messages = try at("messages") { () throws(RecordViolation) in try value.elements("an array of messages") }
    for message in messages {
      do { segments.append(try segment(of: message, images: &images)) } catch {
        throw error.inside("messages[\(segments.count)]")
      }
    }
    guard segments.isEmpty else { return segments }
    throw RecordViolation(
      .emptyArray, field: "messages", expected: "at least one message", found: "an empty array",
      remedy: "add the messages or drop the record")
  }

  private static func segment(of message: JSONValue, images: inout Int) throws(RecordViolation) -> Segment {
    let fields = try JSONFields<MessageField>(message, role: "a message")
    let role = try role(of: fields)
    var lines: [String] = []
    if let content = fields[.content] {
      do { lines = try texts(of: content, images: &images) } catch { throw error.inside("content") }
    }
    if let calls = fields[.toolCalls] {
      lines += try at("tool_calls") { () throws(RecordViolation) in try ToolDecoder.calls(in: calls) }
        .map { call in call.arguments.map { call.name + " " + $0 } ?? call.name }
    }
    return Segment(role: role, text: lines.count == 1 ? lines[0] : lines.joined(separator: "\n"))
  }

  private static func role(of fields: JSONFields<MessageField>) throws(RecordViolation) -> Role {
    guard let value = fields[.role] else {
      throw RecordViolation(
        .missingField, field: "role", expected: Self.roles, found: "none", remedy: "say who speaks")
    }
    if value.equals("user") { return .user }
    if value.equals("assistant") { return .assistant }
    if value.equals("system") || value.equals("developer") { return .system }
    if value.equals("tool") || value.equals("function") { return .tool }
    throw RecordViolation(
      value.kind == .string ? .unknownRole : .wrongType, field: "role", expected: Self.roles,
      found: value.wordSummary, remedy: "use one of these roles")
  }

  private static let roles = "system, developer, user, assistant, tool or function"

  /// The texts of a message's content. `images` grows by the image parts found.
  static func texts(of content: JSONValue, images: inout Int) throws(RecordViolation) -> [String] {
    if content.kind == .string { return [try content.string()] }
    var texts: [String] = []
    var index = 0
    for part in try content.elements("a string, an array of parts or null") {
      do { if let text = try text(of: part, images: &images) { texts.append(text) } } catch {
        throw error.inside("[\(index)]")
      }
      index += 1
    }
    return texts
  }

  private static func text(of part: JSONValue, images: inout Int) throws(RecordViolation) -> String? {
    if part.kind == .string { return try part.string() }
    let fields = try JSONFields<PartField>(part, role: "a part of a message")
    guard let type = fields[.type] else {
      throw RecordViolation(
        .missingField, field: "type", expected: "the type of the part", found: "none", remedy: "say text or image_url")
    }
    if type.equals("image_url") || type.equals("input_image") || type.equals("image") { images += 1 }
    guard type.equals("text") || type.equals("input_text") || type.equals("output_text") else { return nil }
    return try at("text") { () throws(RecordViolation) in try fields[.text]?.string() ?? "" }
  }
}
