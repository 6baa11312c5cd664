import TextKit

/// Remembers short strings that come again on every line, such as model names, so that each is made once.
///
/// A direct-mapped cache: a hash picks the slot, a newcomer replaces its holder. Constant memory, whatever the log.
struct StringPool {
  private static let slotCount = 1024
  private static let maximumBytes = 96
  private var slots = [String](repeating: "", count: slotCount)

  /// The string of a JSON string value: the remembered one if it is there. `nil` where it is not well-formed.
  /// - Precondition: `value` is a string.
  mutating func string(of value: JSONValue) -> String? {
    let slot = value.withBytes { Self.slot(of: $0) }
    guard let slot else { return value.wellFormedString() }
    if value.hasBytes(of: slots[slot]) { return slots[slot] }
    guard let fresh = value.wellFormedString() else { return nil }
    slots[slot] = fresh
    return fresh
  }

  private static func slot(of bytes: Span<UInt8>) -> Int? {
    guard bytes.count <= maximumBytes else { return nil }
    var hash = ContentHash()
    hash.append(bytes)
    return Int(truncatingIfNeeded: (hash.value ^ hash.value >> 32) & UInt64(slotCount - 1))
  }
}

extension JSONValue {
  /// Whether the value is a string of exactly the bytes of `text`.
  /// - Precondition: the value is a string.
  func hasBytes(of text: String) -> Bool {
    withBytes { bytes in
      let utf8 = text.utf8Span.span
      guard bytes.count == utf8.count else { return false }
      for index in bytes.indices where bytes[index] != utf8[index] { return false }
      return true
    }
  }
}
