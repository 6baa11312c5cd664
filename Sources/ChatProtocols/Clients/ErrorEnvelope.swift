import TextKit

/// Errors as clients read them.
enum ErrorEnvelope {
  /// OpenAI's: `{"error": {"message", "type", "param", "code"}}`, with `attempts` where targets were tried.
  static func openAI(_ error: GatewayError) -> JSONNode { .object(["error": openAIError(error)]) }

  static func openAIError(_ error: GatewayError) -> JSONNode {
    .object([
      "message": .string(error.message), "type": .string(error.type),
      "param": error.param.map(JSONNode.string) ?? .null, "code": .string(error.code.rawValue),
      "attempts": attempts(of: error),
    ])
  }

  /// Anthropic's: `{"type": "error", "error": {"type", "message"}}`; `param`, `code` and `attempts` are ours.
  static func anthropic(_ error: GatewayError) -> JSONNode {
    .object([
      "type": .string("error"),
      "error": .object([
        "type": .string(anthropicType(of: error)), "message": .string(error.message),
        "param": error.param.map(JSONNode.string), "code": .string(error.code.rawValue),
        "attempts": attempts(of: error),
      ]),
    ])
  }

  /// Source: Anthropic API reference, "Errors".
  private static func anthropicType(of error: GatewayError) -> String {
    switch error.status {
    case 401: "authentication_error"
    case 402: "billing_error"
    case 403: "permission_error"
    case 404: "not_found_error"
    case 413: "request_too_large"
    case 429: "rate_limit_error"
    case 503: "overloaded_error"
    case 504: "timeout_error"
    case 500...: "api_error"
    default: "invalid_request_error"
    }
  }

  private static func attempts(of error: GatewayError) -> JSONNode? {
    error.attempts.isEmpty ? nil : .array(error.attempts.map(attempt))
  }

  private static func attempt(_ attempt: Attempt) -> JSONNode {
    .object([
      "target": .string(attempt.target), "tier": .string(attempt.tier),
      "failure": attempt.failure.map { .string($0.rawValue) } ?? .null,
      "status": attempt.status.map(JSONNode.integer) ?? .null,
      "latency_ms": .number((attempt.latencyMilliseconds * 1000).rounded() / 1000),
    ])
  }
}
