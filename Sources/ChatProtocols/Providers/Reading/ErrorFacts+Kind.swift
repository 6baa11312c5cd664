extension ErrorFacts {
  /// The kind that names, words and numbers show before the status does.
  ///
  /// Words count for statuses of the request alone: a provider that is down may quote anything.
  var kind: UpstreamFailure.Kind {
    if hasCode(Self.contentCodes) { return .contentFiltered }
    if isOfRequest, says(Self.affordPhrases) { return .unaffordable }
    if isQuotaExhausted { return .quotaExhausted }
    if isTooLong { return .contextTooLong }
    if isTooLarge { return .tooLarge }
    if isKeyRefused { return .keyRefused }
    if isModelUnavailable { return .modelUnavailable }
    if isUnsupported { return .unsupported }
    return kindOfStatus
  }

  /// The kind that a status alone shows. Only 400 and 422 say that the request itself is wrong: what other statuses of
  /// 4xx mind is the server's own, and another target may answer.
  private var kindOfStatus: UpstreamFailure.Kind {
    switch status ?? 500 {
    case 401: .keyRefused
    case 402: .quotaExhausted
    case 403: .forbidden
    case 400, 404, 422: .badRequest
    case 407, 412, 451: .forbidden
    case 408: .timeout
    // In conflict, locked, behind something that failed, cancelled by a proxy.
    case 409, 421, 423, 424, 425, 499: .serverError
    case 410: .modelUnavailable
    case 413, 414, 431: .tooLarge
    // 498 is Groq's word for no room in the flex tier.
    case 429, 498: .rateLimited
    case 400..<500: .unsupported
    case 500...: .serverError
    default: .malformed
    }
  }

  var isOfRequest: Bool { (400..<500).contains(status ?? 400) }

  /// Statuses with which servers refuse what a request says.
  var mayRefuse: Bool { [400, 404, 413, 422].contains(status ?? 400) }

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
    let names = [
      "exceed", "longer than", "too long", "too large", "too many", "maximum", "limit", "must be <=", "less than",
      "fewer than", "at most",
    ]
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
    // Zhipu's.
    "1261",
  ]
  private static let contextPhrases = [
    "maximum context length", "context window", "context length", "context size", "prompt is too long",
    "prompt too long", "input is too long", "input too long", "exceeds the maximum number of tokens",
    "exceed context limit", "too many tokens in the prompt", "maximum prompt length", "model token limit",
    "max context length", "range of input length", "exceeds the model's context", "too many input tokens",
    "exceeds max length", "exceed max length", "exceeds the max length", "max message tokens", "maximum input length",
    "max input length", "prompt exceeds", "prompt is longer than", "input tokens exceed", "prompt tokens exceed",
    "input length exceed", "prompt length exceed", "tokens in the prompt", "reduce the length of the",
  ]
  private static let ratePhrases = ["per minute", "per min", "tpm", "per day", "rate limit"]
}
