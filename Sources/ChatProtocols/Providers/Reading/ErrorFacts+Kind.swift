extension ErrorFacts {
  /// The kind that names, words and numbers show before the status does.
  ///
  /// Words count for statuses of the request alone: a provider that is down may quote anything.
  var kind: UpstreamFailure.Kind {
    if hasCode(Self.contentCodes) { return .contentFiltered }
    if isOfRequest, says(Self.affordPhrases) { return .unaffordable }
    if hasCode(Self.quotaCodes) || isOfRequest && says(Self.quotaPhrases) { return .quotaExhausted }
    if isTooLong { return .contextTooLong }
    if isTooLarge { return .tooLarge }
    if hasCode(Self.keyCodes) || status == 403 && says(Self.keyPhrases) { return .keyRefused }
    if isModelUnavailable { return .modelUnavailable }
    if isUnsupported { return .unsupported }
    return kindOfStatus
  }

  /// The kind that a status alone shows.
  private var kindOfStatus: UpstreamFailure.Kind {
    switch status ?? 500 {
    case 401: .keyRefused
    case 402: .quotaExhausted
    case 403: .forbidden
    case 408: .timeout
    case 409, 425: .serverError
    case 413: .tooLarge
    case 429: .rateLimited
    case 400..<500: .badRequest
    case 500...: .serverError
    default: .malformed
    }
  }

  private var isOfRequest: Bool { (400..<500).contains(status ?? 400) }

  /// Statuses with which servers refuse what a request says.
  private var mayRefuse: Bool { [400, 404, 413, 422].contains(status ?? 400) }

  // MARK: Length

  private var isTooLong: Bool {
    if hasCode(Self.contextCodes) { return true }
    guard [400, 413, 422].contains(status ?? 400) else { return false }
    return says(Self.contextPhrases) || countsTooManyTokens
  }

  /// Whether a message counts the tokens of the prompt and names a smaller limit, in whatever words. A limit of the answer
  /// alone, or per minute, is another matter.
  private var countsTooManyTokens: Bool {
    guard let message = message?.prefix(2000).lowercased(), message.contains("token"), !says(Self.ratePhrases) else {
      return false
    }
    let isOfPrompt = ["prompt", "input", "context", "messages", "request"].contains { message.contains($0) }
    let names = ["exceed", "longer than", "too long", "too large", "too many", "maximum", "limit", "must be <="]
    guard isOfPrompt, names.contains(where: message.contains) else { return false }
    let isOfAnswer = ["max_tokens", "max_completion_tokens", "max_output_tokens", "completion tokens"]
      .contains(where: message.contains)
    if isOfAnswer, !["context", "prompt", "inputs", "messages"].contains(where: message.contains) { return false }
    let counts = Set(Self.numbers(in: message).filter { $0 >= 256 })
    return counts.count >= 2
  }

  /// 413, or a request that alone is more than a minute's tokens: waiting does not make it smaller.
  private var isTooLarge: Bool {
    if status == 413 || hasCode(["request_too_large"]) { return true }
    return status == 429 && says(["request too large", "reduce your message size"])
  }

  private static func numbers(in text: String) -> [Int] {
    text.split { !$0.isNumber && $0 != "," }.compactMap { Int($0.filter { $0 != "," }) }
  }

  private static let contextCodes: Set<String> = [
    "context_length_exceeded", "context_window_exceeded", "string_above_max_length", "model_context_window_exceeded",
    "exceed_context_size_error", "model_max_prompt_tokens_exceeded", "context_limit_exceeded", "prompt_too_long",
    "input_too_long", "max_prompt_tokens_exceeded", "context_too_long", "token_limit_exceeded",
  ]
  private static let contextPhrases = [
    "maximum context length", "context window", "context length", "context size", "prompt is too long",
    "prompt too long", "input is too long", "input too long", "exceeds the maximum number of tokens",
    "exceed context limit", "too many tokens in the prompt", "maximum prompt length", "model token limit",
    "max context length", "range of input length", "exceeds the model's context", "too many input tokens",
  ]
  private static let ratePhrases = ["per minute", "per min", "tpm", "per day", "rate limit"]

  // MARK: Who asks

  private static let contentCodes: Set<String> = [
    "content_filter", "content_policy_violation", "contentfiltered", "responsibleaipolicyviolation",
    "content_filter_error", "moderation_blocked",
  ]
  private static let quotaCodes: Set<String> = [
    "insufficient_quota", "billing_hard_limit_reached", "billing_not_active", "insufficient_balance",
    "exceeded_current_quota_error", "billing_error", "insufficient_credits",
  ]
  private static let quotaPhrases = [
    "credit balance is too low", "insufficient credits", "insufficient balance", "exceeded your current quota",
    "out of call volume quota",
  ]
  private static let affordPhrases = ["can only afford", "or fewer max_tokens"]
  private static let keyCodes: Set<String> = [
    "invalid_api_key", "api_key_invalid", "authentication_error", "account_deactivated", "consumer_suspended",
    "api_key_service_blocked", "invalid_authentication", "key_expired", "api_key_expired", "api_key_disabled",
  ]
  private static let keyPhrases = [
    "api key", "api-key", "apikey", "access token", "account has been", "account is", "organization has been disabled",
    "unauthorized key", "consumer has been suspended",
  ]

  // MARK: What the model is and can

  private var isModelUnavailable: Bool {
    guard [400, 403, 404, 422].contains(status ?? 400) else { return false }
    if hasCode(Self.modelCodes) { return true }
    guard let message = message?.prefix(2000).lowercased(), message.contains("model") else { return false }
    if status == 403 {
      return ["access", "permission", "not allowed", "not available"].contains(where: message.contains)
    }
    let isGone = ["does not exist", "not found", "do not have access", "does not have access", "decommissioned"]
      .contains(where: message.contains)
    return isGone && (status == 404 || !message.contains("file"))
  }

  private static let modelCodes: Set<String> = [
    "model_not_found", "model_not_available", "model_unavailable", "deploymentnotfound", "model_decommissioned",
    "unknown_model", "model_access_denied", "unsupported_model",
  ]

  /// Whether the model cannot do what is asked: another may.
  private var isUnsupported: Bool {
    guard mayRefuse || status == 501 || status == 405 else { return false }
    return hasCode(Self.unsupportedCodes) || says(Self.unsupportedPhrases)
  }

  private static let unsupportedCodes: Set<String> = [
    "unsupported_parameter", "unsupported_value", "unsupported_content_type", "unsupported_feature",
    "model_does_not_support", "not_supported", "operationnotsupported",
  ]
  private static let unsupportedPhrases = [
    "does not support", "doesn't support", "do not support", "is not supported", "are not supported",
    "not supported by", "not supported with", "not supported for", "unsupported parameter", "that support tool use",
    "that support image input", "no endpoints found that support", "not a multimodal model", "not multimodal",
  ]
}
