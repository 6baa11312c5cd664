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

/// A part of credentials beside the key.
package struct CredentialPart: Sendable, Hashable {
  /// By which ``Credentials/others`` has it.
  package let name: String
  /// The environment variable that holds the one of the public service.
  package let variable: String
  /// Whether the key is worth nothing without it.
  package let isRequired: Bool

  package init(_ name: String, variable: String, isRequired: Bool) {
    self.name = name
    self.variable = variable
    self.isRequired = isRequired
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

  /// Whether these credentials have all parts that a signature needs.
  func isComplete(_ credentials: Credentials) -> Bool
}

extension RequestSigner {
  package func isComplete(_ credentials: Credentials) -> Bool { true }
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

  /// The key in a header of the operator's choice; in `authorization` it is a bearer's, unless it names its scheme itself.
  package static func chosen(_ name: String) -> any RequestSigner {
    name == "authorization" ? BearerKey() : KeyHeader(name)
  }
}

/// Sends the key as `authorization: Bearer`, or as it is where it has a scheme: `Basic …`.
package struct BearerKey: RequestSigner {
  package init() {}

  package func sign(_ request: inout UpstreamRequest, _ credentials: Credentials, baseURL: String, at time: Double) {
    let hasScheme = credentials.key.contains(" ")
    KeyHeader("authorization", prefix: hasScheme ? "" : "Bearer ").sign(
      &request, credentials, baseURL: baseURL, at: time)
  }
}
