internal import COckham
internal import Ockham

extension BorrowedRequest {
  /// Refers to the texts of a request in C.
  ///
  /// Tool names are copied, but only where they differ from those of the request before: conversations repeat their tools.
  mutating func refer(to pointer: UnsafePointer<ockham_request>?) throws(Refusal) {
    removeSegments()
    guard let pointer = unsafe pointer else { throw .nullArgument("request") }
    try unsafe checkSize("request", pointer.pointee.struct_bytes, of: ockham_request.self)
    let request = unsafe pointer.pointee
    try unsafe readMessages(request)
    try unsafe readTools(request)
    try unsafe readCounts(request)
  }

  private mutating func readMessages(_ request: ockham_request) throws(Refusal) {
    guard unsafe Limits.messages.contains(request.message_count) else { throw .request }
    guard unsafe request.message_count > 0 else { return }
    guard let messages = unsafe request.messages else { throw .nullArgument("messages") }
    for index in 0..<(unsafe request.message_count) {
      let message = unsafe messages[index]
      guard let role = unsafe UInt8(exactly: message.role).flatMap(Role.init(rawValue:)) else { throw .request }
      unsafe append(role, try borrowedText(message.text, message.text_bytes))
    }
  }

  private mutating func readTools(_ request: ockham_request) throws(Refusal) {
    let count = unsafe request.tool_count
    guard Limits.tools.contains(count) else { throw .request }
    if attributes.toolNames.count > count { attributes.toolNames.removeSubrange(count...) }
    guard count > 0 else { return }
    guard let tools = unsafe request.tools else { throw .nullArgument("tools") }
    for index in 0..<count {
      let name = try unsafe borrowedText(tools[index].name, tools[index].name_bytes)
      unsafe setTool(index, UnsafeBufferPointer(rebasing: name.prefix(Limits.toolNameBytes)))
    }
  }

  private mutating func setTool(_ index: Int, _ name: UnsafeBufferPointer<UInt8>) {
    if index == attributes.toolNames.count {
      unsafe attributes.toolNames.append(String(decoding: name, as: UTF8.self))
    } else if unsafe !attributes.toolNames[index].utf8.elementsEqual(name) {
      unsafe attributes.toolNames[index] = String(decoding: name, as: UTF8.self)
    }
  }

  private mutating func readCounts(_ request: ockham_request) throws(Refusal) {
    let format = unsafe UInt8(exactly: request.response_format).flatMap(ResponseFormat.init(rawValue:))
    guard let format else { throw .request }
    attributes.responseFormat = format
    unsafe attributes.toolSchemaBytes = max(0, Int(request.tool_schema_bytes))
    unsafe attributes.responseSchemaBytes = max(0, Int(request.response_schema_bytes))
    unsafe attributes.imageCount = max(0, Int(request.image_count))
    let tokens = unsafe Int(request.maximum_output_tokens)
    attributes.maximumOutputTokens = tokens > 0 ? tokens : nil
  }
}

/// A caller's text as bytes; empty for NULL of no bytes.
func borrowedText(
  _ start: UnsafePointer<CChar>?, _ count: Int
) throws(Refusal) -> UnsafeBufferPointer<UInt8> {
  guard Limits.textBytes.contains(count), unsafe start != nil || count == 0 else { throw .request }
  let bytes = unsafe UnsafeRawPointer(start)?.assumingMemoryBound(to: UInt8.self)
  return unsafe UnsafeBufferPointer(start: bytes, count: count)
}

/// Bounds of a request. Within them no sum of counts overflows. A `size_t` from 2^63 up comes as a negative number.
private enum Limits {
  static let messages = 0...1 << 20
  static let tools = 0...1 << 16
  static let textBytes = 0...1 << 40
  /// What is kept of a tool's name: as much as is ever read.
  static let toolNameBytes = 4_096
}
