import GatewayCore

/// Who asks something of the operator's page, and how that is known.
struct PageVisitor: Sendable, Hashable {
  /// How a visitor is known.
  enum Means: Sendable, Hashable {
    /// No key is asked for: the request comes from this machine.
    case machine
    /// The key came with the request, as programs send it. No browser sends it by itself.
    case key
    /// A browser's cookie.
    case session
  }

  /// The name of the key's holder, as the configuration has it.
  var name: String
  var role: AdminConfiguration.Role
  var means: Means

  /// What an action must repeat, so that no other page can bring a browser to it; empty for ``Means/key``.
  var actionToken: String
}
