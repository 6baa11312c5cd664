import TextKit

/// Cuts AWS's binary framing into events: `application/vnd.amazon.eventstream`. Source: Smithy 2.0, "Amazon Event Stream
/// Specification".
///
/// A message is the length of all (4 bytes, big-endian), that of its headers (4), the CRC-32 of these eight (4), the headers,
/// the payload, and the CRC-32 of all before it (4). Nothing is believed before its checksum was seen right: a length that
/// is not makes nothing wait.
///
/// An event is named by its `:event-type`; an exception by ``exceptionPrefix`` and its `:exception-type`, which an error
/// that is in no model has in `:error-code`.
struct EventStreamReader: FrameReader {
  static let exceptionPrefix = "exception:"
  private static let preludeBytes = 12
  private static let checksumBytes = 4

  /// The longest message. Source: as above; AWS sends at most 24 MiB of payload and 128 KiB of headers.
  let maximumMessageBytes: Int

  /// What came and is no whole message yet, from `start` on.
  private var buffer: [UInt8] = []
  private var start = 0

  init(maximumMessageBytes: Int = 16 << 20) { self.maximumMessageBytes = maximumMessageBytes }

  var mediaType: String { "application/vnd.amazon.eventstream" }

  mutating func events(in bytes: [UInt8]) throws(FrameFault) -> [ServerSentEvent] {
    buffer.append(contentsOf: bytes)
    var events: [ServerSentEvent] = []
    while let message = try nextMessage() {
      if let event = try Self.event(of: message) { events.append(event) }
    }
    // What was read is dropped once it is the larger part, so that no byte is moved twice on average.
    if start > buffer.count / 2 {
      buffer.removeFirst(start)
      start = 0
    }
    return events
  }

  /// Half a message is none: the decoder knows whether the answer was whole.
  mutating func finish() -> ServerSentEvent? { nil }

  /// The next whole message's headers and payload; `nil` where more must come first.
  private mutating func nextMessage() throws(FrameFault) -> (headers: ArraySlice<UInt8>, payload: ArraySlice<UInt8>)? {
    let rest = buffer[start...]
    guard rest.count >= Self.preludeBytes else { return nil }
    let total = Int(Self.word(rest, at: 0))
    let headerBytes = Int(Self.word(rest, at: 4))
    guard CRC32.of(rest.prefix(8)) == Self.word(rest, at: 8) else {
      throw FrameFault(reason: "a message whose prelude does not match its checksum")
    }
    guard total <= maximumMessageBytes else {
      throw FrameFault(reason: "a message longer than \(maximumMessageBytes) bytes")
    }
    guard total >= Self.preludeBytes + Self.checksumBytes,
      headerBytes <= total - Self.preludeBytes - Self.checksumBytes
    else { throw FrameFault(reason: "a message with lengths that cannot be") }
    guard rest.count >= total else { return nil }
    let message = rest.prefix(total)
    guard CRC32.of(message.dropLast(Self.checksumBytes)) == Self.word(message, at: total - Self.checksumBytes) else {
      throw FrameFault(reason: "a message that does not match its checksum")
    }
    start += total
    let body = message.dropFirst(Self.preludeBytes).dropLast(Self.checksumBytes)
    return (body.prefix(headerBytes), body.dropFirst(headerBytes))
  }

  private static func event(
    of message: (headers: ArraySlice<UInt8>, payload: ArraySlice<UInt8>)
  ) throws(FrameFault) -> ServerSentEvent? {
    let headers = try EventStreamHeaders(message.headers)
    switch headers[":message-type"] {
    case "event":
      guard let name = headers[":event-type"] else { throw FrameFault(reason: "an event without a type") }
      return ServerSentEvent(name: name, data: Array(message.payload))
    case "exception":
      guard let name = headers[":exception-type"] else { throw FrameFault(reason: "an exception without a type") }
      return ServerSentEvent(name: exceptionPrefix + name, data: Array(message.payload))
    case "error":
      let text = JSONNode.object(["message": headers[":error-message"].map(JSONNode.string)])
      return ServerSentEvent(name: exceptionPrefix + (headers[":error-code"] ?? ""), data: text.jsonBytes)
    default: throw FrameFault(reason: "a message of a type that is none")
    }
  }

  fileprivate static func word(_ bytes: ArraySlice<UInt8>, at offset: Int) -> UInt32 {
    bytes.dropFirst(offset).prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
  }
}

/// The headers of a message: texts by name. Those of other types are skipped.
private struct EventStreamHeaders {
  private var texts: [String: String] = [:]

  subscript(name: String) -> String? { texts[name] }

  /// - Throws: ``FrameFault`` for headers that do not fill their place, or of types that are none.
  init(_ bytes: ArraySlice<UInt8>) throws(FrameFault) {
    var rest = bytes
    while let length = rest.popFirst() {
      let name = try Self.text(&rest, bytes: Int(length))
      guard length > 0, let type = rest.popFirst() else { throw Self.cut }
      switch type {
      case 0, 1: continue
      case 2: _ = try Self.take(&rest, 1)
      case 3: _ = try Self.take(&rest, 2)
      case 4: _ = try Self.take(&rest, 4)
      case 5, 8: _ = try Self.take(&rest, 8)
      case 6:
        let length = try Self.length(&rest)
        _ = try Self.take(&rest, length)
      case 7:
        let length = try Self.length(&rest)
        let text = try Self.text(&rest, bytes: length)
        guard texts.updateValue(text, forKey: name) == nil else {
          throw FrameFault(reason: "a header that comes twice")
        }
      case 9: _ = try Self.take(&rest, 16)
      default: throw FrameFault(reason: "a header of a type that is none")
      }
    }
  }

  private static let cut = FrameFault(reason: "a header that is cut")

  private static func length(_ rest: inout ArraySlice<UInt8>) throws(FrameFault) -> Int {
    try take(&rest, 2).reduce(0) { $0 << 8 | Int($1) }
  }

  private static func take(_ rest: inout ArraySlice<UInt8>, _ count: Int) throws(FrameFault) -> ArraySlice<UInt8> {
    guard rest.count >= count else { throw cut }
    defer { rest = rest.dropFirst(count) }
    return rest.prefix(count)
  }

  private static func text(_ rest: inout ArraySlice<UInt8>, bytes count: Int) throws(FrameFault) -> String {
    guard let text = String(validating: try take(&rest, count), as: UTF8.self) else {
      throw FrameFault(reason: "a header that is no UTF-8")
    }
    return text
  }
}

/// The checksum of Ethernet and zlib. Source: ISO 3309, reflected polynomial 0xEDB88320.
enum CRC32 {
  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ value >> 1 : value >> 1 }
  }

  static func of(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    ~bytes.reduce(UInt32.max) { crc, byte in table[Int((crc ^ UInt32(byte)) & 0xFF)] ^ crc >> 8 }
  }
}
