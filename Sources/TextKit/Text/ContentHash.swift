/// FNV-1a with 64 bits: h ← (h ⊕ byte) · 0x100000001b3, from 0xcbf29ce484222325.
///
/// Stable over runs and machines, so that a hash in one message can be found again in another. It distinguishes texts; it
/// does not protect them from someone who can guess them. Source: Fowler, Noll, Vo, draft-eastlake-fnv.
/// - Complexity: O(bytes), no allocation.
package struct ContentHash: Sendable, Hashable {
  /// The hash of the bytes so far.
  package private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

  /// The hash of no bytes.
  package init() {}

  /// The hash of a text's UTF-8.
  package init(_ text: some StringProtocol) {
    for byte in text.utf8 { append(byte) }
  }

  /// Adds one byte. For many at once there is ``append(_:)-(Span<UInt8>)``: a call per byte costs more than the byte.
  package mutating func append(_ byte: UInt8) {
    value = (value ^ UInt64(byte)) &* 0x100_0000_01b3
  }

  /// Adds bytes in order.
  package mutating func append(_ bytes: Span<UInt8>) {
    for index in bytes.indices { append(bytes[index]) }
  }

  /// The upper 32 bits folded into the lower, as 8 hexadecimal digits.
  package var short: String {
    let folded = String(UInt32(truncatingIfNeeded: value ^ (value >> 32)), radix: 16)
    return String(repeating: "0", count: 8 - folded.count) + folded
  }
}
