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

    func takes(_ conversation: Conversation) -> Bool { conversation.share(for: salt) < share }
  }

  package let incumbent: RequestRouter
  package let canary: Canary?

  package init(incumbent: RequestRouter, canary: Canary? = nil) {
    (self.incumbent, self.canary) = (incumbent, canary)
  }

  /// Decides where a request goes; see ``RequestRouter/route(_:header:key:time:remembers:)``. Under a canary the decision says where the
  /// version would have sent it that did not decide.
  package func route(
    _ chat: ChatRequest, header: (String) -> String?, key: KeyConfiguration?, time: Double, remembers: Bool = true
  ) throws(GatewayError) -> RoutingDecision {
    let conversation = incumbent.conversation(of: chat, header: header, key: key)
    guard let canary else {
      return try incumbent.route(
        chat, in: conversation, header: header, key: key, time: time, remembers: remembers)
    }
    let isCandidate = canary.takes(conversation)
    let (own, other) = isCandidate ? (canary.router, incumbent) : (incumbent, canary.router)
    var decision = try own.route(chat, in: conversation, header: header, key: key, time: time, remembers: remembers)
    // What the client or a rule says is no version's, and what is only watched serves no one.
    guard !decision.isPinned, decision.observed == nil else { return decision }
    let proposed = try? other.propose(chat, in: conversation, header: header, key: key, time: time)
    decision.canary = CanaryTurn(canary: canary.salt, isCandidate: isCandidate, otherTier: proposed)
    return decision
  }
}
