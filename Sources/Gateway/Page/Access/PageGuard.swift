import ChatProtocols
import GatewayCore

/// Keeps other sites' pages from the operator's: they can make a browser send requests here, with its cookies or as this machine.
///
/// - A host name that is neither an address, nor this machine's, nor configured is refused: with a name of their own, pages can
///   pass for this one (DNS rebinding). What is an address cannot be rebound.
/// - What is no plain visit must come from this very origin, or from a program.
/// - An action must repeat the token that only this page was told, unless a key came with it, which no browser sends by itself.
struct PageGuard: Sendable {
  static let tokenHeader = "x-ockham-action"
  static let tokenField = "action_token"

  let configuration: AdminConfiguration

  /// - Throws: ``GatewayError/Code/foreignSite`` (403).
  func checkHost(_ incoming: IncomingRequest) throws(GatewayError) {
    guard let host = incoming.host else { return }
    let name = Self.name(of: host[...])
    let isOwn =
      Self.isAddress(name) || ListenAddress(host: name, port: 0).isLoopback
      || name == configuration.listen.host.lowercased()
      || configuration.allowedHosts.contains { $0.lowercased() == name }
    guard isOwn else {
      throw GatewayError(
        .foreignSite,
        message:
          "Expected a Host header with an address, a name of this machine or of admin.allowed_hosts, found another. "
          + "Add the name to admin.allowed_hosts.")
    }
  }

  /// That a request is not another site's.
  /// - Throws: ``GatewayError/Code/foreignSite`` (403).
  func checkOrigin(_ incoming: IncomingRequest) throws(GatewayError) {
    let site = incoming.header("sec-fetch-site")?.lowercased()
    let isFromHere = site.map { ["same-origin", "none"].contains($0) } ?? true
    let isOurs = incoming.header("origin").map { isOwn(origin: $0, host: incoming.host) } ?? true
    guard isFromHere, isOurs else {
      throw GatewayError(
        .foreignSite, message: "Expected a request of this page or of a program, found one of another site's page.")
    }
  }

  /// That anyone who wants an action was told the token by this page.
  /// - Throws: ``GatewayError/Code/foreignSite`` (403).
  func checkToken(_ sent: String?, of visitor: PageVisitor) throws(GatewayError) {
    guard visitor.means != .key else { return }
    guard let sent, !visitor.actionToken.isEmpty,
      KeyRing.areEqual(Array(sent.utf8), Array(visitor.actionToken.utf8))
    else {
      throw GatewayError(
        .foreignSite,
        message:
          "Expected the token of this page with the action, found another or none. Load the page again; programs "
          + "send a key, or the token of GET /admin/api/session as \(Self.tokenHeader).")
    }
  }

  private func isOwn(origin: String, host: String?) -> Bool {
    guard let host else { return false }
    return ["http://", "https://"].contains { origin.lowercased() == $0 + host.lowercased() }
  }

  /// A host without its port and brackets, in lower case.
  private static func name(of host: Substring) -> String {
    if host.hasPrefix("[") { return host.dropFirst().prefix { $0 != "]" }.lowercased() }
    return host.prefix { $0 != ":" }.lowercased()
  }

  /// Whether a host is written as an address, of IPv4 or IPv6.
  private static func isAddress(_ name: String) -> Bool {
    if name.contains(":") { return name.utf8.allSatisfy { $0.isHexadecimalDigit || $0 == 0x3A || $0 == 0x2E } }
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts.allSatisfy { UInt8($0) != nil }
  }
}

extension UInt8 {
  fileprivate var isHexadecimalDigit: Bool {
    (0x30...0x39).contains(self) || (0x41...0x46).contains(self & 0xDF)
  }
}
