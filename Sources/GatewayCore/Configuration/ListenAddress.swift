/// A host and a port.
package struct ListenAddress: Sendable, Hashable {
  package var host: String
  /// 0 picks a free one.
  package var port: Int

  package init(host: String, port: Int) {
    self.host = host
    self.port = port
  }
}

extension ListenAddress {
  /// Reads `host:port`, or `:port` for loopback. The port stands behind the last colon, so that an IPv6 address may do
  /// without its brackets.
  package init?(_ text: String) {
    guard let colon = text.lastIndex(of: ":"), let port = Self.port(text[text.index(after: colon)...]),
      let host = Self.host(text[..<colon])
    else { return nil }
    self.init(host: host, port: port)
  }

  /// Whether only this machine reaches it: `localhost` and names below it, 127.0.0.0/8 and ::1.
  package var isLoopback: Bool {
    let host = host.lowercased()
    if host == "localhost" || host.hasSuffix(".localhost") || host == "::1" { return true }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
  }

  private static func port(_ text: Substring) -> Int? {
    guard text.utf8.allSatisfy(\.isDigit) else { return nil }
    return UInt16(text).map(Int.init)
  }

  private static func host(_ text: Substring) -> String? {
    if text.isEmpty { return "127.0.0.1" }
    let isBracketed = text.hasPrefix("[") && text.hasSuffix("]")
    let host = isBracketed ? text.dropFirst().dropLast() : text
    // Without a port behind it, "::1" reads as the port 1 of ":", which is no address.
    let isAddress = host.count { $0 == ":" } > 1
    guard isAddress || !isBracketed && !host.contains(":") else { return nil }
    return host.contains { $0.isWhitespace || "[]/@".contains($0) } ? nil : String(host)
  }
}
