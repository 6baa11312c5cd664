/// A base URL, taken apart as far as it must be checked.
struct BaseURL {
  /// Without a trailing slash.
  let text: String
  let isSecure: Bool
  /// In lower case, without brackets and port.
  let host: String

  /// Reads a URL; reports what is wrong with it, without the URL itself: it may hold a password.
  static func read(_ node: ConfigurationNode) -> BaseURL? {
    let expected = "a URL such as https://api.example.com/v1"
    guard let text = node.text(expected) else { return nil }
    if let url = BaseURL(text) { return url }
    node.report(
      expected: expected, found: fault(in: text),
      remedy: "write scheme, host, port and path only; a query belongs under query, a key under key_env")
    return nil
  }

  init?(_ text: String) {
    guard Self.fault(in: text) == Self.noFault else { return nil }
    var text = text
    while text.hasSuffix("/") { text.removeLast() }
    self.text = text
    isSecure = text.hasPrefix("https://")
    host = Self.host(of: Self.authority(of: text)).lowercased()
  }

  private static let noFault = ""

  private static func fault(in text: String) -> String {
    guard text.hasPrefix("https://") || text.hasPrefix("http://") else { return "no http:// or https://" }
    if text.utf8.contains(where: { $0 <= 0x20 || $0 >= 0x7F }) { return "white space or other letters than ASCII" }
    if text.contains("?") || text.contains("#") { return "a query or a fragment" }
    let authority = authority(of: text)
    if authority.contains("@") { return "a user or a password" }
    let host = host(of: authority)
    if host.isEmpty { return "no host" }
    guard isPlain(authority) else { return "brackets or colons that belong to no IPv6 address in brackets" }
    if let colon = portColon(in: authority) {
      let port = authority[authority.index(after: colon)...]
      guard port.utf8.allSatisfy(\.isDigit), let number = Int(port), (1...65_535).contains(number) else {
        return "a port that is none"
      }
    }
    return noFault
  }

  private static func authority(of text: String) -> Substring {
    guard let scheme = text.range(ofText: "://") else { return "" }
    return text[scheme...].prefix { $0 != "/" }
  }

  /// Whether the host ends where its brackets do, and has neither colons nor brackets without them: programs disagree about what
  /// the host of others is.
  private static func isPlain(_ authority: Substring) -> Bool {
    guard authority.hasPrefix("[") else {
      return !authority.contains("[") && !authority.contains("]") && authority.count { $0 == ":" } <= 1
    }
    guard let end = authority.firstIndex(of: "]"), !authority[..<end].dropFirst().contains("[") else { return false }
    let rest = authority[authority.index(after: end)...]
    return rest.isEmpty || rest.hasPrefix(":") && !rest.dropFirst().contains { ":[]".contains($0) }
  }

  private static func host(of authority: Substring) -> Substring {
    if authority.hasPrefix("[") { return authority.dropFirst().prefix { $0 != "]" } }
    return portColon(in: authority).map { authority[..<$0] } ?? authority
  }

  private static func portColon(in authority: Substring) -> Substring.Index? {
    let afterBracket = authority.lastIndex(of: "]") ?? authority.startIndex
    return authority[afterBracket...].lastIndex(of: ":")
  }

  /// Whether the host is this machine or in a private network: loopback, RFC 1918, link-local, carrier-grade NAT, unique
  /// local addresses, names without a dot, and `.local`, `.internal`, `.lan`, `.localhost`.
  var isPrivate: Bool {
    if host.contains(":") {
      return host == "::1" || host.hasPrefix("fc") || host.hasPrefix("fd") || host.hasPrefix("fe80:")
    }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
    if parts.count == 4, let a = parts[0], let b = parts[1], parts[2] != nil, parts[3] != nil {
      return a == 127 || a == 10 || (a == 192 && b == 168) || (a == 172 && (16...31).contains(b))
        || (a == 169 && b == 254) || (a == 100 && (64...127).contains(b))
    }
    return !host.contains(".") || [".local", ".internal", ".lan", ".localhost"].contains { host.hasSuffix($0) }
  }
}

extension String {
  /// The index behind the first occurrence of a text.
  fileprivate func range(ofText part: String) -> Index? {
    var rest = self[...]
    while !rest.isEmpty {
      if rest.hasPrefix(part) { return index(rest.startIndex, offsetBy: part.count) }
      rest = rest.dropFirst()
    }
    return nil
  }
}
