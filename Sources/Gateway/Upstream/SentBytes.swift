import Synchronization

/// The bytes of a request, which show when they are read to be sent.
///
/// A call that was cancelled while it waited for a connection cost nothing; one whose bytes were in flight may have. The
/// client of HTTP says neither, but reads a body only once there is a connection for it.
struct SentBytes: Collection, Sendable {
  /// The client cuts longer ones into parts, and sends those otherwise than bytes at once.
  static let maximumBytes = 1 << 20

  private let bytes: [UInt8]
  private let onSent: (@Sendable () -> Void)?

  init(_ bytes: [UInt8], onSent: (@Sendable () -> Void)?) {
    self.bytes = bytes
    self.onSent = onSent
  }

  var startIndex: Int { bytes.startIndex }
  var endIndex: Int { bytes.endIndex }
  func index(after index: Int) -> Int { index + 1 }

  subscript(position: Int) -> UInt8 {
    onSent?()
    return bytes[position]
  }

  func withContiguousStorageIfAvailable<Result>(
    _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
  ) rethrows -> Result? {
    onSent?()
    return unsafe try bytes.withContiguousStorageIfAvailable(body)
  }
}

/// Whether a part of a request has left.
package final class SentMark: Sendable {
  private let isSet = Atomic<Bool>(false)

  package init() {}

  func set() { isSet.store(true, ordering: .relaxed) }

  var wasSent: Bool { isSet.load(ordering: .relaxed) }
}
