/// What a provider's error says, before it is known what that means. Any part may be missing: bodies are cut, empty or
/// pages of a proxy.
struct ErrorFacts {
  var status: Int?
  /// Names of the error, most telling first: `code`, `type`, `status`.
  var codes: [String] = []
  var message: String?
  var param: String?
  var retryAfterSeconds: Double?

  /// Whether one of the names is one of these.
  func hasCode(_ names: Set<String>) -> Bool { codes.contains { names.contains($0.lowercased()) } }

  /// Whether the message has one of these phrases, in lower case.
  func says(_ phrases: [String]) -> Bool {
    guard let message = message?.prefix(2000).lowercased() else { return false }
    return phrases.contains { message.contains($0) }
  }

  /// The failure of a kind. Only errors of the request's own making carry the provider's words.
  func failure(_ kind: UpstreamFailure.Kind) -> UpstreamFailure {
    let isOfRequest = kind == .badRequest || kind == .contextTooLong
    return UpstreamFailure(
      kind, status: status, retryAfterSeconds: retryAfterSeconds, reason: reason,
      clientMessage: isOfRequest ? message.map { String($0.prefix(1000)) } : nil,
      param: isOfRequest ? param.map { String($0.prefix(200)) } : nil)
  }

  /// The first name that can only be a name: short, of lower- or upper-case letters and underscores.
  private var reason: String {
    let name = codes.first { code in
      !code.isEmpty && code.utf8.count <= 48
        && code.utf8.allSatisfy {
          switch $0 {
          case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"): true
          default: false
          }
        }
    }
    return name ?? status.map { "status \($0)" } ?? "an error without a name"
  }
}

extension ErrorFacts {
  /// The kind that a status alone tells.
  var kindOfStatus: UpstreamFailure.Kind {
    switch status ?? 500 {
    case 401, 403: .keyRefused
    case 402: .quotaExhausted
    case 408: .timeout
    case 409, 425: .serverError
    case 429: .rateLimited
    case 400..<500: .badRequest
    case 500...: .serverError
    default: .malformed
    }
  }

  private static let contextCodes: Set<String> = [
    "context_length_exceeded", "context_window_exceeded", "string_above_max_length", "model_context_window_exceeded",
  ]
  private static let contextPhrases = [
    "maximum context length", "context window", "context length", "prompt is too long", "input is too long",
    "exceeds the maximum number of tokens", "exceed context limit", "too many tokens in the prompt",
  ]
  private static let contentCodes: Set<String> = [
    "content_filter", "content_policy_violation", "contentfiltered", "responsibleaipolicyviolation",
  ]
  private static let quotaCodes: Set<String> = [
    "insufficient_quota", "billing_hard_limit_reached", "billing_not_active", "insufficient_balance",
    "exceeded_current_quota_error", "billing_error", "insufficient_credits",
  ]
  private static let quotaPhrases = [
    "credit balance is too low", "insufficient credits", "insufficient balance", "exceeded your current quota",
  ]
  private static let keyCodes: Set<String> = ["invalid_api_key", "api_key_invalid", "authentication_error"]

  /// The kind that names and words tell before the status does.
  ///
  /// Words count for statuses of the request alone: a provider that is down may quote anything.
  var kind: UpstreamFailure.Kind {
    let isOfRequest = (400..<500).contains(status ?? 400)
    if hasCode(Self.contentCodes) { return .contentFiltered }
    if hasCode(Self.quotaCodes) || isOfRequest && says(Self.quotaPhrases) { return .quotaExhausted }
    let mayBeTooLong = [400, 413, 422].contains(status ?? 400)
    if hasCode(Self.contextCodes) || mayBeTooLong && says(Self.contextPhrases) { return .contextTooLong }
    if hasCode(Self.keyCodes) { return .keyRefused }
    return kindOfStatus
  }
}
