import TextKit

/// What Anthropic's errors mean: `{"type": "error", "error": {"type", "message"}}`. Source: Anthropic API reference,
/// "Errors".
enum AnthropicFailure {
  static func failure(status: Int, headers: [(name: String, value: String)], body: [UInt8]) -> UpstreamFailure {
    var facts = (try? JSONParser.parse(body)).map(facts) ?? ErrorFacts()
    facts.status = status
    facts.retryAfterSeconds = RetryAfter.seconds(in: headers)
    return facts.failure(facts.kind)
  }

  /// The error in a body or an event that came with status 200; `nil` where there is none.
  static func failure(in root: JSONNode) -> UpstreamFailure? {
    guard root["type"]?.string == "error" || root["error"]?.members != nil else { return nil }
    var facts = facts(of: root)
    facts.status = facts.codes.first.flatMap(status)
    return facts.failure(facts.kind)
  }

  private static func facts(of root: JSONNode) -> ErrorFacts {
    let error = root["error"] ?? root
    var facts = ErrorFacts()
    facts.codes = [error["type"]].compactMap { $0?.string }
    facts.message = error["message"]?.string ?? error.string
    return facts
  }

  private static func status(of type: String) -> Int? {
    switch type {
    case "invalid_request_error": 400
    case "authentication_error": 401
    case "billing_error": 402
    case "permission_error": 403
    case "not_found_error": 404
    case "request_too_large": 413
    case "rate_limit_error": 429
    case "api_error": 500
    case "timeout_error": 504
    case "overloaded_error": 529
    default: nil
    }
  }
}
