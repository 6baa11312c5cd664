import Crypto
package import TextKit

/// JSON of which equal contents are equal bytes: keys in the order of their bytes, no white space. What a registry hashes is written so.
extension JSONNode {
  /// The value with the keys of every object in order.
  package var sortedByKey: JSONNode {
    switch content {
    case .object(let members):
      let sorted = members.sorted { Array($0.key.utf8).lexicographicallyPrecedes(Array($1.key.utf8)) }
      return .object(sorted.map { JSONMember(key: $0.key, value: $0.value.sortedByKey) })
    case .array(let elements): return .array(elements.map(\.sortedByKey))
    default: return self
    }
  }
}

/// SHA-256 as 64 lower-case hexadecimal digits.
package enum ContentDigest {
  package static func hexadecimal(of bytes: [UInt8]) -> String {
    SHA256.hash(data: bytes).map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
  }

  /// Whether a text is such a digest, so that no name from outside becomes a path.
  package static func isDigest(_ text: String) -> Bool {
    text.utf8.count == 64 && text.utf8.allSatisfy(isDigit)
  }

  /// Whether a byte is a lower-case hexadecimal digit.
  static func isDigit(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
  }
}
