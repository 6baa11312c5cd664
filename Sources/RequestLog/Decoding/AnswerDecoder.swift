/// Reads an answer: a text, or a message in OpenAI's form with the `finish_reason` and `logprobs` of its choice.
enum AnswerDecoder {
  /// The answer in a JSON value. Keys of a message that are not known are skipped.
  static func answer(_ value: JSONValue) throws(RecordViolation) -> ModelAnswer {
    switch value.kind {
    case .string: return .text(try value.string())
    case .object: return .message(try message(value))
    default:
      throw .wrongType(
        expected: "a string or a message object", found: value,
        remedy: "write the answer's text, or {\"content\": …, \"tool_calls\": …}")
    }
  }

  private static func message(_ value: JSONValue) throws(RecordViolation) -> AnswerMessage {
    let fields = try JSONFields<ModelAnswerField>(value, role: "a message")
    guard fields[.content] != nil || fields[.toolCalls] != nil || fields[.finishReason] != nil else { throw empty }
    var message = AnswerMessage()
    if let content = fields[.content] { message.text = try text(content) }
    if let calls = fields[.toolCalls] {
      message.toolCalls = try at("tool_calls") { () throws(RecordViolation) in try ToolDecoder.calls(in: calls) }
    }
    if let reason = fields[.finishReason] {
      message.finishReason = try at("finish_reason") { () throws(RecordViolation) in try reason.string() }
    }
    if let logprobs = fields[.logprobs] {
      message.logprobs = try at("logprobs") { () throws(RecordViolation) in try Self.logprobs(logprobs) }
    }
    return message
  }

  private static func text(_ content: JSONValue) throws(RecordViolation) -> String {
    var images = 0
    do { return try MessageDecoder.texts(of: content, images: &images).joined(separator: "\n") } catch {
      throw error.inside("content")
    }
  }

  /// An array of numbers or of objects with `logprob`, or such an array in `content`, which may be null.
  private static func logprobs(_ value: JSONValue) throws(RecordViolation) -> [Double]? {
    guard value.kind == .object else { return try tokens(value) }
    let fields = try JSONFields<LogprobField>(value, role: "log probabilities")
    guard let content = fields[.content] else { return nil }
    return try at("content") { () throws(RecordViolation) in try tokens(content) }
  }

  private static func tokens(_ value: JSONValue) throws(RecordViolation) -> [Double] {
    var logprobs: [Double] = []
    for element in try value.elements("an array of log probabilities") {
      do { logprobs.append(try logprob(element)) } catch { throw error.inside("[\(logprobs.count)]") }
    }
    return logprobs
  }

  private static func logprob(_ value: JSONValue) throws(RecordViolation) -> Double {
    guard value.kind == .object else { return try value.number("a number of at most 0") }
    guard let number = try JSONFields<LogprobField>(value, role: "a token")[.logprob] else {
      throw RecordViolation(
        .missingField, field: "logprob", expected: "the token's log probability", found: "none", remedy: "add it")
    }
    return try at("logprob") { () throws(RecordViolation) in try number.number("a number of at most 0") }
  }

  private static let empty = RecordViolation(
    .missingField, field: nil, expected: "content, tool_calls or finish_reason", found: "a message without any of them",
    remedy: "add what the model answered, or leave the answer out")
}
