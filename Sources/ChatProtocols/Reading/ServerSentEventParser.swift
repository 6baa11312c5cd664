/// Reads server-sent events from bytes that come in any split. Source: WHATWG HTML, "Server-sent events", 9.2.6.
///
/// Lines end with LF, CR or CRLF; a byte order mark at the start, comments, `id` and `retry` are skipped. An event
/// without data is none, nor is one whose data is blank: some servers send that to keep a connection open.
package struct ServerSentEventParser: Sendable {
  /// The most bytes that one event may have: its lines together, before they are joined.
  package let maximumEventBytes: Int

  /// The line that has begun.
  private var line: [UInt8] = []
  private var name: String?
  private var data: [UInt8] = []
  private var hasData = false
  /// Bytes of the event so far.
  private var eventBytes = 0
  private var endsWithCR = false
  private var isAtStart = true

  package init(maximumEventBytes: Int = 16 << 20) { self.maximumEventBytes = maximumEventBytes }

  /// The events that `bytes` complete.
  /// - Throws: ``ServerSentEventTooLong``; the stream cannot be read on.
  /// - Complexity: O(bytes), whatever the split.
  package mutating func parse(_ bytes: [UInt8]) throws(ServerSentEventTooLong) -> [ServerSentEvent] {
    var events: [ServerSentEvent] = []
    var start = 0
    for index in bytes.indices {
      let byte = bytes[index]
      guard byte == 0x0A || byte == 0x0D else { continue }
      let isSecondOfPair = byte == 0x0A && (index > 0 ? bytes[index - 1] == 0x0D : endsWithCR)
      if !isSecondOfPair {
        try append(bytes[start..<index])
        if let event = endLine() { events.append(event) }
      }
      start = index + 1
    }
    if !bytes.isEmpty { endsWithCR = bytes[bytes.count - 1] == 0x0D }
    try append(bytes[start...])
    return events
  }

  /// The event that the end of the stream leaves without its blank line, from whole lines alone. Some servers forget
  /// that line after their last event.
  package mutating func finish() -> ServerSentEvent? { endEvent() }

  private mutating func append(_ bytes: ArraySlice<UInt8>) throws(ServerSentEventTooLong) {
    eventBytes += bytes.count
    guard eventBytes <= maximumEventBytes else { throw ServerSentEventTooLong(maximumBytes: maximumEventBytes) }
    line.append(contentsOf: bytes)
  }

  /// Takes a whole line; a blank one ends the event.
  private mutating func endLine() -> ServerSentEvent? {
    defer { line.removeAll(keepingCapacity: true) }
    if isAtStart {
      isAtStart = false
      if line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }
    }
    guard !line.isEmpty else { return endEvent() }
    let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.endIndex
    var value = line[colon...].dropFirst()
    if value.first == UInt8(ascii: " ") { value = value.dropFirst() }
    take(field: line[..<colon], value: value)
    return nil
  }

  private mutating func take(field: ArraySlice<UInt8>, value: ArraySlice<UInt8>) {
    if field.elementsEqual("data".utf8) {
      if hasData { data.append(0x0A) }
      data.append(contentsOf: value)
      hasData = true
    } else if field.elementsEqual("event".utf8) {
      name = String(decoding: value, as: UTF8.self)
    } else if field.isEmpty, !hasData, name == nil {
      // A comment between events: it must not count against an event that may follow much later.
      eventBytes = 0
    }
  }

  private mutating func endEvent() -> ServerSentEvent? {
    let isBlank = data.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A }
    let event = hasData && !isBlank ? ServerSentEvent(name: name?.isEmpty == true ? nil : name, data: data) : nil
    (name, data, hasData, eventBytes) = (nil, [], false, 0)
    return event
  }
}
