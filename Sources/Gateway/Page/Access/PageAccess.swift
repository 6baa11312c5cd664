import ChatProtocols
import GatewayCore

/// Identifies who asks something of the operator's page.
struct PageAccess: Sendable {
  static let cookieName = "ockham_session"

  let configuration: AdminConfiguration
  /// Those whose keys are known, with the keys' SHA-256.
  private let known: [(holder: AdminConfiguration.Holder, digest: [UInt8])]
  /// Whether no one needs a key: then the page is for this machine.
  let isOpen: Bool

  /// - Parameter administratorsVariable: `admin_key_env`: its key administers here too.
  init(
    _ configuration: AdminConfiguration, administratorsVariable: String?, environment: (String) -> String?
  ) {
    self.configuration = configuration
    var holders = configuration.holders
    if let variable = administratorsVariable {
      holders.append(.init(name: "administrator", key: .variable(variable), role: .administer))
    }
    isOpen = holders.isEmpty
    known = holders.compactMap { holder in
      switch holder.key {
      case .sha256(let digest): (holder, Array(digest.utf8))
      // A variable that is not set lets no one in.
      case .variable(let name):
        environment(name).flatMap { $0.isEmpty ? nil : (holder, Array(VirtualKey.sha256($0.utf8).utf8)) }
      }
    }
  }

  var holders: [AdminConfiguration.Holder] { known.map(\.holder) }

  /// Whose key it is; `nil` for no one's. Compares with all, so that the time does not show which was close.
  func holder(ofKey key: String) -> AdminConfiguration.Holder? {
    guard (1...1024).contains(key.utf8.count) else { return nil }
    let digest = Array(VirtualKey.sha256(key.utf8).utf8)
    var found: AdminConfiguration.Holder?
    for (holder, own) in known where KeyRing.areEqual(own, digest) { found = found ?? holder }
    return found
  }

  /// - Throws: ``GatewayError/Code/missingKey`` and ``GatewayError/Code/invalidKey``, both 401;
  ///   ``GatewayError/Code/rateLimitExceeded`` (429) after too many wrong keys.
  func visitor(of incoming: IncomingRequest, in page: OperatorPage) throws(GatewayError) -> PageVisitor {
    let now = page.gateway.shared.clock.unixSeconds()
    if isOpen {
      guard incoming.isLoopback else { throw Self.fromElsewhere }
      return PageVisitor(
        name: "this machine", role: .administer, means: .machine, actionToken: page.machineActionToken)
    }
    if let key = Self.key(in: incoming) {
      let holder = try holder(ofKey: key, from: incoming, in: page)
      return PageVisitor(name: holder.name, role: holder.role, means: .key, actionToken: "")
    }
    if let token = Self.sessionToken(in: incoming),
      let visitor = page.sessions.visitor(of: token, among: holders, at: now)
    {
      return visitor
    }
    throw GatewayError(
      .missingKey,
      message: "Expected a key of the operator's page, found none. Log in, or send it as Authorization: Bearer KEY.")
  }

  /// Whose key it is.
  /// - Throws: as ``visitor(of:in:)``.
  func holder(
    ofKey key: String, from incoming: IncomingRequest, in page: OperatorPage
  ) throws(GatewayError) -> AdminConfiguration.Holder {
    let now = page.gateway.shared.clock.unixSeconds()
    guard page.trials.allows(incoming.address, at: now) else {
      throw GatewayError(
        .rateLimitExceeded, message: "Too many wrong keys came from this address. Try again in a minute.",
        retryAfterSeconds: 60)
    }
    if let holder = holder(ofKey: key) { return holder }
    page.trials.noteWrong(incoming.address, at: now)
    throw GatewayError(
      .invalidKey,
      message: "Expected a key of the operator's page, found another. See admin.roles of the configuration.")
  }

  private static func key(in incoming: IncomingRequest) -> String? {
    if let header = incoming.header("authorization") { return header.prefixRemoved("Bearer ") ?? header }
    return incoming.header("x-api-key")
  }

  /// The session's token in the cookies of a request.
  static func sessionToken(in incoming: IncomingRequest) -> String? {
    // Several lines come together with commas, which no cookie of ours has.
    let cookies = (incoming.header("cookie") ?? "").split { ";,".contains($0) }
    for cookie in cookies {
      let parts = cookie.split(separator: "=", maxSplits: 1)
      if parts.count == 2, parts[0].filter({ $0 != " " }) == cookieName { return String(parts[1]) }
    }
    return nil
  }

  private static let fromElsewhere = GatewayError(
    .invalidKey,
    message: "Expected a request from this machine, found one from elsewhere. Set admin.roles to let others in.")
}
