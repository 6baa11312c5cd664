import Ockham
import TextKit

/// Reads what was asked from a request's body in any of the chat protocols.
struct RequestReading {
  private let parser: RequestParser

  init?() {
    guard let parser = RequestParser() else { return nil }
    self.parser = parser
  }

  /// The request in a body: `messages`, `input`, `prompt` or `contents`, after `system` or `instructions`.
  func request(_ body: JSONNode) throws(RecordViolation) -> Request {
    guard let turns = body.field("messages", "contents") ?? body["input"] ?? body["prompt"], !turns.isNull else {
      throw RecordViolation(
        .missingRequest, field: nil, expected: "prompt or messages", found: "none",
        remedy: "name the field with --messages-field or --prompt-field")
    }
    let system = body["system"] ?? body["instructions"] ?? body.field("system_instruction.parts") ?? .null
    return try request(system: system, turns: turns, settings: body)
  }

  /// The request that a list of messages, or a text, makes.
  /// - Parameter settings: where `tools`, `response_format` and limits stand.
  func request(
    system: JSONNode = .null, turns: JSONNode, settings: JSONNode = .null
  ) throws(RecordViolation) -> Request {
    var dialogue = Dialogue()
    if let text = system.string {
      try dialogue.add(.string(text), as: .system)
    } else if let blocks = system.elements, !blocks.isEmpty {
      try dialogue.add(.object(["role": .string("system"), "content": system]))
    }
    try dialogue.add(turns)
    var request = Request(segments: dialogue.segments)
    request.attributes = try attributes(settings)
    request.attributes.imageCount = dialogue.imageCount
    return request
  }

  private func attributes(_ settings: JSONNode) throws(RecordViolation) -> RequestAttributes {
    var tools = settings.field("tools")
    if tools?.elements?.isEmpty != false { tools = nil }
    let format = settings.field("response_format", "text.format")
    let limit = settings.count("max_completion_tokens", "max_output_tokens", "max_tokens")
    guard tools != nil || format?.members != nil || limit != nil else { return RequestAttributes() }
    let asked = JSONNode.array([.object(["role": .string("user"), "content": .string("")])])
    let body = JSONNode.object([
      "messages": asked, "tools": tools, "response_format": format?.members == nil ? nil : format,
      "max_tokens": limit.map { .integer($0) },
    ])
    return try parser.request(fromJSON: body.jsonBytes).attributes
  }
}
