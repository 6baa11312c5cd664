package import ChatProtocols
import TextKit

/// What a key command printed: a text, or a JSON object in one of the forms that well-known tools have.
///
/// - `{"token": …}` or `{"access_token": …}` or `{"accessToken": …}`, with `expires_in` in seconds, or with `expires_on`, in
///   seconds since 1970, or `expiration` or `expiresAt` as a date of ISO 8601;
/// - `{"AccessKeyId": …, "SecretAccessKey": …, "SessionToken": …, "Expiration": …}`, as AWS's `credential_process` has it;
/// - anything else of one line without blanks is the key itself.
package struct PrintedKey: Sendable, Equatable {
  package var credentials: Credentials

  /// How long it is good from now, in seconds; `nil` where it does not say. Not above 0 for one that is over.
  package var lifetimeSeconds: Double?

  /// - Parameter now: in seconds since 1970.
  /// - Returns: `nil` for a text that holds no key.
  package init?(_ output: [UInt8], now: Double) {
    let isSpace = { (byte: UInt8) in byte == 0x20 || (0x09...0x0D).contains(byte) }
    let text = output.drop(while: isSpace).reversed().drop(while: isSpace).reversed()
    guard !text.isEmpty else { return nil }
    if text.first == UInt8(ascii: "{") {
      guard let root = try? JSONParser.parse(Array(text)), root.members != nil else { return nil }
      self.init(root, now: now)
    } else {
      guard text.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return nil }
      self.init(credentials: Credentials(key: String(decoding: Array(text), as: UTF8.self)))
    }
  }

  private init(credentials: Credentials) { self.credentials = credentials }

  private init?(_ root: JSONNode, now: Double) {
    let names = ["token", "access_token", "accessToken", "AccessKeyId"]
    guard let key = names.lazy.compactMap({ root[$0]?.string }).first, Self.isPlain(key) else { return nil }
    credentials = Credentials(key: key)
    for (name, part) in [("SecretAccessKey", "secret"), ("SessionToken", "session_token")] {
      guard let value = root[name]?.string else { continue }
      guard Self.isPlain(value) else { return nil }
      credentials.others[part] = value
    }
    lifetimeSeconds = Self.lifetime(root, now: now)
  }

  /// Whether a text may stand in a header.
  private static func isPlain(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
  }

  private static func lifetime(_ root: JSONNode, now: Double) -> Double? {
    if let seconds = number(root["expires_in"]) ?? number(root["expiresIn"]) { return seconds }
    if let time = number(root["expires_on"]) { return time - now }
    let dates = ["Expiration", "expiration", "expires_at", "expiresAt"].lazy.compactMap { root[$0]?.string }
    return dates.compactMap(CivilTime.seconds(ofTimestamp:)).first.map { $0 - now }
  }

  /// A number, or a text that is one.
  private static func number(_ node: JSONNode?) -> Double? {
    let number = node?.number ?? node?.string.flatMap(Double.init)
    return number.flatMap { $0.isFinite ? $0 : nil }
  }
}
