import COckham
import Ockham

/// A request in C: texts of any bytes, counts of any size, and now and then a NULL where none may be.
struct CRequest {
  private var texts: [Exact<CChar>] = []
  private var messages: Exact<ockham_message>
  private var tools: Exact<ockham_tool>
  private(set) var value = ockham_request()

  init(_ input: inout FuzzInput) {
    let flags = input.byte()
    var (rows, names): ([ockham_message], [ockham_tool]) = ([], [])
    var texts: [Exact<CChar>] = []
    func text() -> Exact<CChar> {
      texts.append(Exact(input.bytes(Int(input.byte())).map(CChar.init(bitPattern:)), isNull: flags & 7 == 7))
      return texts[texts.count - 1]
    }
    for _ in 0..<input.index(below: 5) {
      let role = Int32(Int8(bitPattern: input.byte())) / (flags & 0x80 == 0 ? 40 : 1)
      let text = text()
      rows.append(ockham_message(text: text.pointer, text_bytes: text.count, role: role))
    }
    if flags & 8 != 0 {
      for _ in 0..<input.index(below: 4) {
        let name = text()
        names.append(ockham_tool(name: name.pointer, name_bytes: name.count))
      }
    }
    messages = Exact(rows, isNull: flags & 0x70 == 0x70)
    tools = Exact(names, isNull: flags & 0x70 == 0x60)
    self.texts = texts
    value.struct_bytes = flags & 0x70 == 0x50 ? Int(input.byte()) : MemoryLayout<ockham_request>.size
    (value.messages, value.message_count) = (UnsafePointer(messages.pointer), messages.count)
    (value.tools, value.tool_count) = (UnsafePointer(tools.pointer), tools.count)
    readCounts(flags, &input)
  }

  private mutating func readCounts(_ flags: UInt8, _ input: inout FuzzInput) {
    if flags & 0x70 == 0x40 { value.message_count = -1 - Int(input.byte()) }
    guard flags & 0x80 != 0 else { return }
    value.tool_schema_bytes = Int64(truncatingIfNeeded: input.word())
    value.response_schema_bytes = Int64(truncatingIfNeeded: input.word())
    value.image_count = Int64(truncatingIfNeeded: input.word())
    value.maximum_output_tokens = Int64(truncatingIfNeeded: input.word())
    value.response_format = Int32(Int8(bitPattern: input.byte()))
  }

  func free() {
    for text in texts { text.free() }
    messages.free()
    tools.free()
  }

  /// The same request in Swift; `nil` where a text is not UTF-8, which strings cannot hold.
  var plain: Request? {
    var request = Request(segments: [])
    for index in 0..<value.message_count {
      guard let message = value.messages?[index], let role = Role(rawValue: UInt8(message.role)) else { return nil }
      guard let text = Self.string(message.text, message.text_bytes) else { return nil }
      request.segments.append(Segment(role: role, text: text))
    }
    for index in 0..<value.tool_count {
      guard let tool = value.tools?[index], let name = Self.string(tool.name, tool.name_bytes) else { return nil }
      request.attributes.toolNames.append(name)
    }
    request.attributes.toolSchemaBytes = Int(value.tool_schema_bytes)
    request.attributes.responseFormat = ResponseFormat(rawValue: UInt8(value.response_format)) ?? .text
    request.attributes.responseSchemaBytes = Int(value.response_schema_bytes)
    request.attributes.imageCount = Int(value.image_count)
    let tokens = Int(value.maximum_output_tokens)
    request.attributes.maximumOutputTokens = tokens > 0 ? tokens : nil
    return request
  }

  private static func string(_ start: UnsafePointer<CChar>?, _ count: Int) -> String? {
    String(validating: UnsafeRawBufferPointer(start: start, count: count), as: UTF8.self)
  }
}
