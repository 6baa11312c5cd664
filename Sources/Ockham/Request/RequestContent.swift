/// What routing reads of a request, wherever its texts lie: ``Request`` owns them, ``BorrowedRequest`` points at them.
package protocol RequestContent {
  /// The number of messages.
  var segmentCount: Int { get }

  /// What comes with the messages.
  var attributes: RequestAttributes { get }

  /// Who speaks in a message.
  func role(ofSegment index: Int) -> Role

  /// The bytes of a message's text.
  func byteCount(ofSegment index: Int) -> Int

  /// Calls `body` with a message's text. The bytes are meant to be UTF-8, but may be any.
  func withText(ofSegment index: Int, _ body: (Span<UInt8>) -> Void)
}

extension RequestContent {
  /// The bytes of all messages' text, without what attributes add.
  package var textBytes: Int {
    var bytes = 0
    for index in 0..<segmentCount { bytes += byteCount(ofSegment: index) }
    return bytes
  }
}

extension Request: RequestContent {
  package var segmentCount: Int { segments.count }

  package func role(ofSegment index: Int) -> Role { segments[index].role }

  package func byteCount(ofSegment index: Int) -> Int { segments[index].text.utf8.count }

  @inline(__always) package func withText(ofSegment index: Int, _ body: (Span<UInt8>) -> Void) {
    let text = segments[index].text
    body(text.utf8.span)
  }
}
