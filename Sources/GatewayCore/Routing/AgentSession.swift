import TextKit

/// How agents name the session that a request belongs to. A session holds the agent's own conversation and those of its
/// helpers.
enum AgentSession {
  /// Headers, in lower case: Claude Code's, Codex's, and what others use.
  private static let headers = [
    "x-claude-code-session-id", "session_id", "session-id", "x-session-id", "conversation_id", "x-session-affinity",
  ]

  /// The name; `nil` for a client that gives none.
  /// - Parameters:
  ///   - body: the client's.
  ///   - header: the value of a header by its name in lower case.
  static func name(in body: JSONNode, header: (String) -> String?) -> String? {
    for name in headers {
      if let value = header(name), !value.isEmpty { return value }
    }
    if let key = body["prompt_cache_key"]?.string, !key.isEmpty { return key }
    // The user, the account and the session in one.
    guard let user = body["metadata"]?["user_id"]?.string, user.contains("session") else { return nil }
    return user
  }
}
