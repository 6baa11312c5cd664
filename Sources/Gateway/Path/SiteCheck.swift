import ChatProtocols
import GatewayCore

/// Keeps web pages from a gateway that asks for no key: any page that somebody looks at can send requests to addresses of
/// their machine.
///
/// Refused are requests that a page of another site sent (Fetch Metadata, `Sec-Fetch-Site`), those of web origins that are
/// neither of this machine nor configured, and, on loopback, those for a host name that is not of this machine: with such a name
/// a page can pass for the gateway's own (DNS rebinding). A name without a dot, such as a container's, is none that a page can have.
/// Programs send none of these.
struct SiteCheck {
  let configuration: GatewayConfiguration

  /// - Throws: ``GatewayError/Code/foreignSite`` (403).
  func check(_ incoming: IncomingRequest) throws(GatewayError) {
    if let origin = incoming.header("origin") {
      guard isAllowed(origin: origin) else {
        throw Self.refusal("a web page of this machine or of cors_origins", "another", "Add its origin to cors_origins")
      }
    } else if incoming.header("sec-fetch-site")?.lowercased() == "cross-site" {
      throw Self.refusal("a request of a program", "one of a web page of another site", "Ask from a program")
    }
    if configuration.listen.isLoopback, let host = incoming.host, !isOwn(host) {
      throw Self.refusal(
        "a Host header that names this machine", "another",
        "Use 127.0.0.1 or localhost, or add the name to allowed_hosts")
    }
  }

  /// Origins that are no web site's, such as those of desktop programs, are recognised by their scheme: no page can have them.
  private func isAllowed(origin: String) -> Bool {
    let allowed = configuration.corsOrigins
    if allowed.contains("*") || allowed.contains(origin) { return true }
    for scheme in ["http://", "https://"] where origin.hasPrefix(scheme) {
      return Self.isLoopback(Self.name(of: origin.dropFirst(scheme.count)))
    }
    return origin != "null" && origin.contains("://")
  }

  private func isOwn(_ host: String) -> Bool {
    let name = Self.name(of: host[...])
    let isPublic = name.contains(".") || name.contains(":")
    return !isPublic || Self.isLoopback(name) || name == configuration.listen.host.lowercased()
      || configuration.allowedHosts.contains { $0 == "*" || $0.lowercased() == name }
  }

  /// A host without its port and brackets, in lower case.
  private static func name(of host: Substring) -> String {
    if host.hasPrefix("[") { return host.dropFirst().prefix { $0 != "]" }.lowercased() }
    return host.prefix { $0 != ":" }.lowercased()
  }

  private static func isLoopback(_ name: String) -> Bool { ListenAddress(host: name, port: 0).isLoopback }

  private static func refusal(_ expected: String, _ found: String, _ remedy: String) -> GatewayError {
    GatewayError(
      .foreignSite,
      message: "A gateway without keys expected \(expected), found \(found). \(remedy), or configure keys.")
  }
}
