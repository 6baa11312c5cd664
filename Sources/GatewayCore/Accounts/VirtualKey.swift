import Crypto
import TextKit

/// A new virtual key: shown once, kept nowhere.
package struct VirtualKey: CustomStringConvertible {
  /// `ok-` and 48 hexadecimal digits from the system's random numbers.
  package let secret: String

  package static func make() -> VirtualKey {
    let digits = (0..<3).map { _ in UInt64.random(in: .min ... .max).hexadecimal }
    return VirtualKey(secret: "ok-" + digits.joined())
  }

  /// SHA-256 in lower-case hexadecimal: what the configuration holds.
  package static func sha256(_ bytes: some Sequence<UInt8>) -> String {
    SHA256.hash(data: Array(bytes)).map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
  }

  package var description: String {
    """
    key:  \(secret)
    Give it to its user; it is not shown again. In the configuration:

    keys:
      - name: NAME
        sha256: \(Self.sha256(secret.utf8))
    """
  }
}
