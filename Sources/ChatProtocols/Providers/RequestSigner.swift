/// What proves to a provider who asks. Never logged.
package struct Credentials: Sendable, Hashable {
  /// The key; the public one where there are several parts.
  package var key: String

  /// Further parts by name, such as the secret and the session token of a signature; empty where the key is all.
  package var others: [String: String] = [:]

  package init(key: String, others: [String: String] = [:]) {
    self.key = key
    self.others = others
  }
}

/// Puts credentials into a request: the last change before it is sent, so that a signature can cover all of it.
package protocol RequestSigner: Sendable {
  /// Signs a request.
  ///
  /// - Parameters:
  ///   - request: complete but for its signature, with the query of the configuration in its path.
  ///   - baseURL: what the path stands below: signatures cover the host.
  ///   - time: now, in seconds since 1970: signatures expire.
  func sign(_ request: inout UpstreamRequest, _ credentials: Credentials, baseURL: String, at time: Double)
}

/// Sends the key as it is, in one header.
package struct KeyHeader: RequestSigner {
  /// In lower case.
  package let name: String
  /// Stands before the key.
  package let prefix: String

  package init(_ name: String, prefix: String = "") {
    self.name = name
    self.prefix = prefix
  }

  package func sign(_ request: inout UpstreamRequest, _ credentials: Credentials, baseURL: String, at time: Double) {
    request.headers.removeAll { $0.name == name }
    request.headers.append((name, prefix + credentials.key))
  }
}
