package import NIOCore
import TextKit

/// One of those who share what the gateway has: a client by its key, or by its address where it has none.
package struct Party: Sendable, Hashable {
  let value: UInt64

  package init(_ value: UInt64) { self.value = value }

  /// A virtual key, by its name.
  static func key(_ name: String) -> Party { Party(ContentHash("key\n" + name).value) }

  /// A machine. Of an IPv6 address its first half: the other half is the machine's to choose.
  package static func address(_ address: SocketAddress?) -> Party {
    guard case .v6(let address) = address else { return Party(ContentHash(address?.ipAddress ?? "").value) }
    let bytes = unsafe withUnsafeBytes(of: address.address.sin6_addr) { unsafe Array($0.prefix(8)) }
    return Party(ContentHash(bytes.map { String($0, radix: 16) }.joined(separator: ":")).value)
  }
}
