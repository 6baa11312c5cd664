import Crypto

/// Signs what is sent to a program of the operator's, so that it can tell the gateway's messages from anybody else's.
///
///     t=<seconds since 1970>,v1=<HMAC-SHA-256 of "<seconds since 1970>.<body>", hexadecimal>
///
/// The time is signed with the body, so that an old message cannot be sent again unnoticed.
package enum MessageSignature {
  /// The header that holds it.
  package static let header = "x-ockham-signature"

  /// - Parameter seconds: since 1970, whole.
  package static func text(of body: [UInt8], at seconds: Int, secret: String) -> String {
    let code = HMAC<SHA256>.authenticationCode(
      for: Array("\(seconds).".utf8) + body, using: SymmetricKey(data: Array(secret.utf8)))
    return "t=\(seconds),v1=\(Array(code).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())"
  }
}
