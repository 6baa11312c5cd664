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
  /// Reads `host:port`; an IPv6 address stands in brackets.
  package init?(_ text: String) {
    guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else { return nil }
    let host = text[..<colon]
    let plain = host.hasPrefix("[") && host.hasSuffix("]") ? host.dropFirst().dropLast() : host
    guard !plain.isEmpty, plain == host ? !host.contains(":") : true else { return nil }
    self.init(host: String(plain), port: Int(port))
  }
}
