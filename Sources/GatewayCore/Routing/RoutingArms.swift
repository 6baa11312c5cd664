package import ChatProtocols

/// What decides: the version that serves, and the candidate that a share of the conversations is given.
///
/// A conversation is the candidate's by a hash of its own with the canary's salt, so that all its turns are and any process says the same. The
/// two share no memory: each has its own cache of decisions and its own table of conversations.
package struct RoutingArms: Sendable {
  /// A candidate and its share.
  package struct Canary: Sendable {
    package let router: RequestRouter
    /// Above 0 and below 1.
    package let share: Double
    package let salt: String

    package init(router: RequestRouter, share: Double, salt: String) {
      (self.router, self.share, self.salt) = (router, share, salt)
    }
  }

  package let incumbent: RequestRouter
  package let canary: Canary?

  package init(incumbent: RequestRouter, canary: Canary? = nil) {
    (self.incumbent, self.canary) = (incumbent, canary)
  }

  /// Decides where a request goes; see ``RequestRouter/route(_:header:key:time:remembers:)``.
  package func route(
    _ chat: ChatRequest, header: (String) -> String?, key: KeyConfiguration?, time: Double, remembers: Bool = true
  ) throws(GatewayError) -> RoutingDecision {
    try router(for: chat, header: header, key: key)
      .route(chat, header: header, key: key, time: time, remembers: remembers)
  }

  /// Who decides about a request.
  func router(for chat: ChatRequest, header: (String) -> String?, key: KeyConfiguration?) -> RequestRouter {
    guard let canary else { return incumbent }
    let conversation = incumbent.conversation(of: chat, header: header, key: key)
    return conversation.share(for: canary.salt) < canary.share ? canary.router : incumbent
  }
}
