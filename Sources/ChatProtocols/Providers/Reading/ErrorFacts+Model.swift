/// Whether an error is about what the model is and can: another may.
extension ErrorFacts {
  var isModelUnavailable: Bool {
    guard [400, 403, 404, 422].contains(status ?? 400) else { return false }
    if hasCode(Self.modelCodes) { return true }
    guard let message = plainMessage, message.contains("model") else { return false }
    if status == 403 {
      return ["access", "permission", "not allowed", "not available"].contains(where: message.contains)
    }
    if Self.modelPhrases.contains(where: message.contains) { return true }
    // What is gone "for this model" is a parameter.
    let isOfParameter = ["for this model", "with this model", "by this model"].contains(where: message.contains)
    let isGone = Self.gonePhrases.contains(where: message.contains)
    return isGone && !isOfParameter && (status == 404 || !message.contains("file"))
  }

  private static let modelCodes: Set<String> = [
    "model_not_found", "model_not_available", "model_unavailable", "deploymentnotfound", "model_decommissioned",
    "unknown_model", "model_access_denied", "unsupported_model", "invalid_model", "invalid_model_id", "modelnotfound",
    "modelnotopen", "model_not_exist", "model_not_supported", "model_not_loaded", "model_deprecated",
    "model_terms_required", "invalidendpointormodel.notfound",
    // Zhipu's.
    "1211",
  ]
  private static let modelPhrases = [
    "model identifier is invalid", "on-demand throughput", "not a valid model", "no models loaded", "no model loaded",
    "no model is loaded", "model is not loaded", "model not loaded", "unknown model", "no such model",
    "invalid model:", "invalid model '", "invalid model `", "invalid model \"", "invalid model id",
    "invalid model name", "model is not available", "model not available", "model is unavailable",
    "model is currently not available", "model is currently unavailable", "model is not accessible",
  ]
  private static let gonePhrases = [
    "not exist", "not found", "do not have access", "does not have access", "decommissioned", "has been deprecated",
    "has been retired", "has been removed", "has been shut down", "no longer available", "end of life",
  ]

  /// Whether the model cannot do what is asked: another may.
  var isUnsupported: Bool {
    guard mayRefuse || status == 501 || status == 405 else { return false }
    // The gateway passes on known roles alone: one that is refused is unknown to the server.
    if hasCode(Self.unsupportedCodes) || param?.hasSuffix("role") == true { return true }
    guard let message = plainMessage else { return false }
    return Self.unsupportedPhrases.contains(where: message.contains)
  }

  /// The message in lower case, with one spelling of the apostrophe.
  private var plainMessage: String? { message?.prefix(2000).lowercased().replacing("’", with: "'") }

  private static let unsupportedCodes: Set<String> = [
    "unsupported_parameter", "unsupported_value", "unsupported_content_type", "unsupported_feature",
    "model_does_not_support", "not_supported", "operationnotsupported",
    // Groq's: this model wrote a call, or JSON, that cannot be read.
    "tool_use_failed", "json_validate_failed", "output_parse_failed",
  ]

  /// Words of many servers for the same. A message that has none of them says that the request is wrong.
  private static let unsupportedPhrases = [
    "does not support", "doesn't support", "do not support", "don't support", "not supported", "n't supported",
    "unsupported", "not currently supported", "not yet supported", "no support for", "that support tool use",
    "that support image input", "no endpoints found that support", "not a multimodal model", "not multimodal",
    "only supported by", "only supported for", "only supported in", "only supported on", "only supported with",
    "only available for", "only available on", "only available with", "is unavailable", "are unavailable",
    "not available for", "not available on", "not available with", "not implemented", "not enabled",
    "enabled only for", "only enabled for", "is disabled for", "are disabled for", "not installed", "this model cannot",
    "this model can't", "model does not accept", "model doesn't accept", "model only accepts", "requires a model",
    "not compatible with", "incompatible with", "not a vision model", "requires a vision",
    // A content or a role that the server's own list does not have: vLLM, DeepSeek, DashScope.
    "unknown variant", "is not one of [", "unexpected role", "unknown role", "unsupported role", "roles are supported",
    "may be provided in one ", "at most 0 ",
    // A server that was started without what it takes: vLLM, llama.cpp.
    "requires --", "tool choice requires", "requires the --",
    // OpenRouter's, for a refusal of the provider behind it.
    "provider returned error",
  ]
}
