import Ockham

/// Reads a request from the fields of a record or of a request's own JSON object.
///
/// Sizes of schemas are bytes of ``CanonicalJSON``. Logs that keep sizes instead of the content say them in
/// `tool_schema_bytes`, `response_schema_bytes` and `image_count`, which win over what is counted. A client may not say
/// them, nor `prompt`: there such keys mean something else, or nothing.
struct RequestDecoder {
  let fields: JSONFields<RecordField>
  var isFromClient = false

  /// The request.
  func decode() throws(RecordViolation) -> Request {
    var images = 0
    var request = Request(segments: try segments(countingImagesIn: &images))
    request.attributes.imageCount = try statedCount(.imageCount) ?? images
    if let tools = fields[.tools] { try decodeTools(tools, into: &request.attributes) }
    request.attributes.toolSchemaBytes = try statedCount(.toolSchemaBytes) ?? request.attributes.toolSchemaBytes
    if let format = fields[.responseFormat] { try decodeFormat(format, into: &request.attributes) }
    request.attributes.responseSchemaBytes =
      try statedCount(.responseSchemaBytes) ?? request.attributes.responseSchemaBytes
    let plainLimit = try count(.maximumTokens)
    request.attributes.maximumOutputTokens = try count(.maximumCompletionTokens) ?? plainLimit
    return request
  }

  private func segments(countingImagesIn images: inout Int) throws(RecordViolation) -> [Segment] {
    switch (isFromClient ? nil : fields[.prompt], fields[.messages]) {
    case (let prompt?, nil):
      return [Segment(role: .user, text: try at("prompt") { () throws(RecordViolation) in try prompt.string() })]
    case (nil, let messages?): return try MessageDecoder.segments(of: messages, images: &images)
    case (nil, nil): throw Self.missingRequest
    case (_?, _?): throw Self.ambiguousRequest
    }
  }

  private func count(_ field: RecordField) throws(RecordViolation) -> Int? {
    guard let value = fields[field] else { return nil }
    return try at("\(field.key)") { () throws(RecordViolation) in
      let count = try value.wholeNumber("an integer of at least 0")
      // Clients of local servers say so that there is no limit.
      if isFromClient, count == -1 { return nil }
      guard count >= 0 else { throw .belowZero(count) }
      return count
    }
  }

  private func statedCount(_ field: RecordField) throws(RecordViolation) -> Int? {
    isFromClient ? nil : try count(field)
  }

  private func decodeTools(_ value: JSONValue, into attributes: inout RequestAttributes) throws(RecordViolation) {
    let tools = try at("tools") { () throws(RecordViolation) in try ToolDecoder.tools(in: value) }
    attributes.toolNames = tools.map(\.name)
    attributes.toolSchemaBytes = tools.reduce(0) { $0 + $1.schemaBytes }
  }

  private func decodeFormat(_ value: JSONValue, into attributes: inout RequestAttributes) throws(RecordViolation) {
    (attributes.responseFormat, attributes.responseSchemaBytes) = try at("response_format") {
      () throws(RecordViolation) in try FormatDecoder.format(of: value)
    }
  }

  private static let missingRequest = RecordViolation(
    .missingRequest, field: nil, expected: "prompt or messages", found: "neither",
    remedy: "add what was asked, as \"prompt\" or as \"messages\"")

  private static let ambiguousRequest = RecordViolation(
    .ambiguousRequest, field: nil, expected: "prompt or messages", found: "both", remedy: "keep one of them")
}

extension RecordViolation {
  /// A count below zero.
  static func belowZero(_ count: Int) -> RecordViolation {
    RecordViolation(
      .outOfRange, field: nil, expected: "an integer of at least 0", found: String(count),
      remedy: "fix the number or leave it out")
  }
}
