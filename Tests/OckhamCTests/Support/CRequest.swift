import COckham
import Ockham

/// A request in C: copies of the texts of a request in Swift, freed with this object.
final class CRequest {
  private var texts: [UnsafeMutableBufferPointer<CChar>] = []
  private var messages: [ockham_message] = []
  private var tools: [ockham_tool] = []
  private let attributes: RequestAttributes

  init(_ request: Request) {
    attributes = request.attributes
    for segment in request.segments {
      let text = copy(Array(segment.text.utf8))
      messages.append(
        ockham_message(text: text.baseAddress, text_bytes: text.count, role: Int32(segment.role.rawValue)))
    }
    for name in request.attributes.toolNames {
      let text = copy(Array(name.utf8))
      tools.append(ockham_tool(name: text.baseAddress, name_bytes: text.count))
    }
  }

  /// A single user message of any bytes.
  init(bytes: [UInt8]) {
    attributes = RequestAttributes()
    let text = copy(bytes)
    messages.append(ockham_message(text: text.baseAddress, text_bytes: text.count, role: 1))
  }

  deinit {
    for text in texts { text.deallocate() }
  }

  /// Exactly as much memory as there are bytes, so that a read beyond the end can be noticed.
  private func copy(_ bytes: [UInt8]) -> UnsafeMutableBufferPointer<CChar> {
    let text = UnsafeMutableBufferPointer<CChar>.allocate(capacity: bytes.count)
    _ = text.initialize(from: bytes.map { CChar(bitPattern: $0) })
    texts.append(text)
    return text
  }

  /// Calls `body` with the request.
  func withRequest<Result>(_ body: (ockham_request) throws -> Result) rethrows -> Result {
    try messages.withUnsafeBufferPointer { messages in
      try tools.withUnsafeBufferPointer { tools in
        try body(
          ockham_request(
            struct_bytes: MemoryLayout<ockham_request>.size, messages: messages.baseAddress,
            message_count: messages.count, tools: tools.baseAddress, tool_count: tools.count,
            tool_schema_bytes: Int64(attributes.toolSchemaBytes),
            response_schema_bytes: Int64(attributes.responseSchemaBytes), image_count: Int64(attributes.imageCount),
            maximum_output_tokens: Int64(attributes.maximumOutputTokens ?? 0),
            response_format: Int32(attributes.responseFormat.rawValue)))
      }
    }
  }
}
