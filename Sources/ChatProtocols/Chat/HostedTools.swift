/// What of a request runs at one provider's own servers: searches of the web, code interpreters, connectors.
///
/// Every other provider is asked without it: the chat that stands for the request has none of it. Whether it may be is a
/// ``HostedToolRule``.
package struct HostedTools: Sendable {
  /// The kinds, as the client's format names them, each once: `web_search_20250305`. Texts of clients.
  package private(set) var names: [String] = []

  /// What a client is told that is not to be answered without; `nil` where all of it may go unasked, as the searches that
  /// agents send along.
  package private(set) var problem: GatewayError?

  package init() {}

  /// Adds a kind.
  /// - Parameter problem: `nil` where it may go unasked.
  package mutating func note(_ name: String, _ problem: GatewayError?) {
    if !names.contains(name) { names.append(name) }
    if self.problem == nil { self.problem = problem }
  }
}

/// What becomes of hosted tools where a target has none.
package enum HostedToolRule: String, Sendable, Hashable, CaseIterable {
  /// The targets that have them answer; the others are passed over.
  case keep
  /// The targets that have them get them, the others are asked without.
  case drop
  /// Requests with them are refused, whatever the target.
  case refuse
}
