import TextKit

/// What OpenAI's errors mean. Source: OpenAI API reference, "Error codes", and the forms of compatible services:
/// `{"error": {…}}`, also with Azure's `innererror`, `{"error": "…"}`, `[{"error": …}]`, `{"message": …}`, `{"detail": …}`.
enum OpenAIFailure {
  static func failure(status: Int, headers: [(name: String, value: String)], body: [UInt8]) -> UpstreamFailure {
    var facts = (try? JSONParser.parse(body)).map(facts) ?? ErrorFacts()
    facts.status = status
    facts.retryAfterSeconds = RetryAfter.seconds(in: headers)
    return facts.failure(facts.kind)
  }

  /// The error in a body or a chunk that came with status 200; `nil` where there is none.
  static func failure(in root: JSONNode) -> UpstreamFailure? {
    guard let error = root["error"], error.members != nil || error.string != nil else { return nil }
    var facts = facts(of: root)
    facts.status = status(of: error, facts)
    return facts.failure(facts.kind)
  }

  private static func facts(of root: JSONNode) -> ErrorFacts {
    let root = root.elements?.first ?? root
    let error = root["error"] ?? root
    var facts = ErrorFacts()
    facts.codes = [error["code"], error["type"], error["status"], error["innererror"]?["code"]].compactMap {
      $0?.string
    }
    if error["metadata"]?["reasons"] != nil { facts.codes.append("content_policy_violation") }
    // llama.cpp counts, whatever it says.
    if let limit = error["n_ctx"]?.integer, let count = error["n_prompt_tokens"]?.integer, count > limit {
      facts.codes.append("exceed_context_size_error")
    }
    facts.message = error["message"]?.string ?? error.string ?? root["message"]?.string ?? root["detail"]?.string
    let details = (error["message"]?["detail"] ?? root["detail"])?.elements?.first
    facts.param = error["param"]?.string ?? details?["loc"]?.elements?.last?.string
    facts.message = facts.message ?? details?["msg"]?.string
    return facts
  }

  /// OpenRouter says the status as a number; others by names alone.
  private static func status(of error: JSONNode, _ facts: ErrorFacts) -> Int? {
    if let status = (error["code"] ?? error["status"])?.integer, (400..<600).contains(status) { return status }
    if facts.hasCode(["rate_limit_exceeded", "rate_limit_error", "requests", "tokens"]) { return 429 }
    if facts.hasCode(["invalid_request_error", "badrequesterror"]) { return 400 }
    return nil
  }
}
