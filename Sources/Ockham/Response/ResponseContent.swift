/// What is read of a response, wherever its texts lie: ``Response`` owns them, ``BorrowedResponse`` points at them.
package protocol ResponseContent {
  /// What is known beside the text.
  var facts: ResponseFacts { get }

  /// The bytes of the text.
  var textByteCount: Int { get }

  /// The number of tool calls.
  var callCount: Int { get }

  /// The bytes of a call's arguments.
  func argumentByteCount(ofCall index: Int) -> Int

  /// Calls `body` with the text. The bytes are meant to be UTF-8, but may be any.
  func withText(_ body: (Span<UInt8>) -> Void)

  /// Calls `body` with the name of a call's tool.
  func withName(ofCall index: Int, _ body: (Span<UInt8>) -> Void)

  /// Calls `body` with a call's arguments.
  func withArguments(ofCall index: Int, _ body: (Span<UInt8>) -> Void)
}

extension Response: ResponseContent {
  package var textByteCount: Int { text.utf8.count }

  package var callCount: Int { toolCalls.count }

  package func argumentByteCount(ofCall index: Int) -> Int { toolCalls[index].arguments.utf8.count }

  @inline(__always) package func withText(_ body: (Span<UInt8>) -> Void) {
    let text = text
    body(text.utf8.span)
  }

  @inline(__always) package func withName(ofCall index: Int, _ body: (Span<UInt8>) -> Void) {
    let name = toolCalls[index].name
    body(name.utf8.span)
  }

  @inline(__always) package func withArguments(ofCall index: Int, _ body: (Span<UInt8>) -> Void) {
    let arguments = toolCalls[index].arguments
    body(arguments.utf8.span)
  }
}

/// A response whose texts belong to the caller, such as the buffers of a server: nothing is copied. The texts must outlive the
/// calls that read them.
public struct BorrowedResponse {
  /// What is known beside the text.
  public var facts = ResponseFacts()

  private var text: BorrowedText
  private var calls: [(name: BorrowedText, arguments: BorrowedText)] = []

  /// Creates a response without tool calls.
  @unsafe public init(text: UnsafeBufferPointer<UInt8>) { unsafe self.text = BorrowedText(text) }

  /// Takes another response and keeps the storage.
  @unsafe public mutating func reset(text: UnsafeBufferPointer<UInt8>) {
    unsafe self.text = BorrowedText(text)
    facts = ResponseFacts()
    calls.removeAll(keepingCapacity: true)
  }

  /// Adds a tool call.
  @unsafe public mutating func append(
    callName name: UnsafeBufferPointer<UInt8>, arguments: UnsafeBufferPointer<UInt8>
  ) {
    unsafe calls.append((BorrowedText(name), BorrowedText(arguments)))
  }
}

/// UTF-8 that lies elsewhere; the caller that hands it in answers for it.
@safe private struct BorrowedText {
  let bytes: UnsafeBufferPointer<UInt8>

  init(_ bytes: UnsafeBufferPointer<UInt8>) { unsafe self.bytes = bytes }

  var count: Int { unsafe bytes.count }

  @inline(__always) func read(_ body: (Span<UInt8>) -> Void) {
    let span = unsafe Span(_unsafeElements: bytes)
    body(span)
  }
}

extension BorrowedResponse: ResponseContent {
  package var textByteCount: Int { text.count }

  package var callCount: Int { calls.count }

  package func argumentByteCount(ofCall index: Int) -> Int { calls[index].arguments.count }

  @inline(__always) package func withText(_ body: (Span<UInt8>) -> Void) { text.read(body) }

  @inline(__always) package func withName(ofCall index: Int, _ body: (Span<UInt8>) -> Void) {
    calls[index].name.read(body)
  }

  @inline(__always) package func withArguments(ofCall index: Int, _ body: (Span<UInt8>) -> Void) {
    calls[index].arguments.read(body)
  }
}
