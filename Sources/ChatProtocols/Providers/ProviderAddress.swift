/// Where a provider is.
package struct ProviderAddress: Sendable, Hashable {
  /// Makes a whole address of what the configuration says; what it does not say is the kind's.
  package typealias Rule = @Sendable (ProviderAddress) throws(Fault) -> ProviderAddress

  /// What the codec's paths stand below, without a trailing slash. Empty while nothing was said.
  package var baseURL: String

  /// Where in the world, for providers that have regions.
  package var region: String?

  /// What every path gets as its query.
  package var query: String?

  /// Whether this is the provider's own service, which its usual key is meant for.
  package var isPublicService = false

  package init(baseURL: String = "", region: String? = nil, query: String? = nil) {
    self.baseURL = baseURL
    self.region = region
    self.query = query
  }

  /// What of an address is missing or wrong.
  package struct Fault: Error, Sendable, Hashable {
    /// The key of the configuration: `base_url`.
    package var key: String
    package var expected: String
    package var found: String
    package var remedy: String
  }
}

extension ProviderAddress {
  /// The name by which signers find the region among the parts of credentials.
  package static let regionPart = "region"

  /// The rule of a provider whose public service is at one place.
  package static func fixed(_ baseURL: String) -> Rule {
    return { (address) throws(Fault) in
      var address = address
      try address.refuseRegion()
      guard address.baseURL.isEmpty else { return address }
      address.baseURL = baseURL
      address.isPublicService = true
      return address
    }
  }

  /// Refuses a region where it would say nothing.
  func refuseRegion() throws(Fault) {
    guard region == nil else {
      throw Fault(
        key: "region", expected: "no region for this kind of provider", found: "one",
        remedy: "remove region; base_url says where the provider is")
    }
  }

  /// The host in lower case, with its port where it is not the scheme's own: as the header `host` has it.
  package var host: String {
    let rest = baseURL.hasPrefix("https://") ? baseURL.dropFirst(8) : baseURL.dropFirst(7)
    let authority = rest.prefix { $0 != "/" }.lowercased()
    let port = baseURL.hasPrefix("https://") ? ":443" : ":80"
    return authority.hasSuffix(port) ? String(authority.dropLast(port.count)) : authority
  }

  /// The path below the host: empty, or with a slash before it.
  package var path: String {
    guard let scheme = baseURL.firstRange(of: "://") else { return "" }
    return String(baseURL[scheme.upperBound...].drop { $0 != "/" })
  }

  /// Whether the host is one of a domain's.
  func isHost(below domains: [String]) -> Bool { domains.contains { host.hasSuffix("." + $0) } }
}
