/// A request whose texts belong to someone else, such as a caller in C: nothing is copied.
///
/// Reuse one for many requests; once its array has grown, filling it allocates nothing. The texts must outlive the call
/// that reads them.
package struct BorrowedRequest {
  /// What comes with the messages.
  package var attributes = RequestAttributes()

  private var segments: [BorrowedSegment] = []

  /// Creates a request without messages.
  package init() {}

  /// Removes all messages and keeps their storage.
  package mutating func removeSegments() { segments.removeAll(keepingCapacity: true) }

  /// Adds a message.
  @unsafe package mutating func append(role: Role, text: UnsafeBufferPointer<UInt8>) {
    unsafe segments.append(BorrowedSegment(role: role, text: text))
  }
}

/// A message whose text lies elsewhere. Whoever appends it answers for the text: ``BorrowedRequest/append(role:text:)``.
@safe private struct BorrowedSegment {
  let role: Role
  let text: UnsafeBufferPointer<UInt8>
}

extension BorrowedRequest: RequestContent {
  package var segmentCount: Int { segments.count }

  package func role(ofSegment index: Int) -> Role { segments[index].role }

  package func byteCount(ofSegment index: Int) -> Int { unsafe segments[index].text.count }

  @inline(__always) package func withText(ofSegment index: Int, _ body: (Span<UInt8>) -> Void) {
    let text = unsafe Span(_unsafeElements: segments[index].text)
    body(text)
  }
}
