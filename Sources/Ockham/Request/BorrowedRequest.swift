/// A request whose texts belong to the caller, such as the buffers of a server: nothing is copied, and nothing becomes a `String`.
///
///     var request = BorrowedRequest()
///     let decision = request.with(.system, instructions) { request in
///       request.with(.user, question) { router.route($0) }
///     }
///
/// ``with(_:_:body:)`` takes spans and is safe. ``append(_:_:)`` takes pointers, for callers whose messages come one after the other:
/// their texts must outlive the calls that read the request.
///
/// Reuse one for many requests; once its array has grown, filling it allocates nothing. Texts are meant to be UTF-8; damaged UTF-8
/// is read as it is, and scores as the same bytes do everywhere else.
public struct BorrowedRequest {
  /// What comes with the messages.
  public var attributes = RequestAttributes()

  private var segments: [BorrowedSegment] = []

  /// Creates a request without messages, which scores like an empty prompt.
  public init() {}

  /// Removes all messages and keeps their storage.
  public mutating func removeSegments() { segments.removeAll(keepingCapacity: true) }

  /// Adds a message.
  ///
  /// The text must outlive the calls that read the request; ``removeSegments()`` ends that.
  @unsafe public mutating func append(_ role: Role, _ text: UnsafeBufferPointer<UInt8>) {
    unsafe segments.append(BorrowedSegment(role: role, text: text))
  }

  /// Adds a message behind the others for the time of a call.
  ///
  /// - Parameter body: is handed the request with the message, and may add more.
  public mutating func with<Result, Failure: Error>(
    _ role: Role, _ text: Span<UInt8>, body: (inout BorrowedRequest) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let count = segments.count
    return try unsafe text.withUnsafeBufferPointer { (bytes) throws(Failure) in
      unsafe append(role, bytes)
      defer { segments.removeSubrange(min(count, segments.count)...) }
      return try body(&self)
    }
  }
}

/// A message whose text lies elsewhere. The caller that appends it answers for the text: ``BorrowedRequest/append(_:_:)``.
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

/// A single user message that lies elsewhere; the caller that creates it answers for the text.
@safe struct BorrowedPrompt: RequestContent {
  private let text: UnsafeBufferPointer<UInt8>

  @unsafe init(_ text: UnsafeBufferPointer<UInt8>) { unsafe self.text = text }

  var segmentCount: Int { 1 }

  var attributes: RequestAttributes { RequestAttributes() }

  func role(ofSegment index: Int) -> Role { .user }

  func byteCount(ofSegment index: Int) -> Int { unsafe text.count }

  @inline(__always) func withText(ofSegment index: Int, _ body: (Span<UInt8>) -> Void) {
    let text = unsafe Span(_unsafeElements: text)
    body(text)
  }
}
