/// What a client is told when a request fails: OpenAI's error envelope, with a code from a closed list.
package struct GatewayError: Error, Sendable, Hashable {
  /// The codes that clients may rely on.
  package enum Code: String, Sendable, Hashable, CaseIterable {
    // The request.
    case invalidHTTP = "invalid_http"
    case invalidJSON = "invalid_json"
    case invalidUTF8 = "invalid_utf8"
    case missingParameter = "missing_required_parameter"
    case invalidType = "invalid_type"
    case invalidValue = "invalid_value"
    case emptyArray = "empty_array"
    case duplicateKey = "duplicate_key"
    case bodyTooLarge = "body_too_large"
    case bodyTruncated = "body_truncated"
    case requestTimeout = "request_timeout"
    case headersTooLarge = "headers_too_large"
    case unsupportedMediaType = "unsupported_media_type"
    case unsupportedFeature = "unsupported_feature"
    case unknownPath = "unknown_path"
    case methodNotAllowed = "method_not_allowed"
    case modelNotFound = "model_not_found"
    case contextLengthExceeded = "context_length_exceeded"
    case noTierAllowed = "no_tier_allowed"
    case unknownRequestID = "unknown_request_id"
    case previousResponseNotFound = "previous_response_not_found"
    case responseNotFound = "response_not_found"
    // Who asks.
    case missingKey = "missing_api_key"
    case invalidKey = "invalid_api_key"
    case foreignSite = "foreign_site"
    case modelNotAllowed = "model_not_allowed"
    case rateLimitExceeded = "rate_limit_exceeded"
    case budgetExceeded = "budget_exceeded"
    // The gateway and what stands behind it.
    case overloaded
    case shuttingDown = "shutting_down"
    case allProvidersFailed = "all_providers_failed"
    case upstreamRejected = "upstream_rejected_request"
    case streamInterrupted = "stream_interrupted"
    case reloadFailed = "reload_failed"
    case notConfigured = "not_configured"

    /// The HTTP status; of the codes for what providers answer, that where they say nothing more.
    package var status: Int {
      switch self {
      case .invalidHTTP, .invalidJSON, .invalidUTF8, .missingParameter, .invalidType, .invalidValue, .emptyArray,
        .duplicateKey, .bodyTruncated, .unsupportedFeature, .contextLengthExceeded, .noTierAllowed, .upstreamRejected,
        .previousResponseNotFound:
        400
      case .missingKey, .invalidKey: 401
      case .modelNotAllowed, .foreignSite: 403
      case .unknownPath, .modelNotFound, .unknownRequestID, .responseNotFound: 404
      case .methodNotAllowed: 405
      case .requestTimeout: 408
      case .notConfigured: 409
      case .bodyTooLarge: 413
      case .unsupportedMediaType: 415
      case .reloadFailed: 422
      case .rateLimitExceeded, .budgetExceeded: 429
      case .headersTooLarge: 431
      case .allProvidersFailed, .streamInterrupted: 502
      case .overloaded, .shuttingDown: 503
      }
    }
  }

  /// The HTTP status.
  package var status: Int
  package var code: Code

  /// For people: what was expected, what was found, what to do. Never a text of the request, a key or an address.
  package var message: String

  /// The field of the request, as a path: `messages[0].content`.
  package var param: String?

  /// Sent as `Retry-After`, in seconds.
  package var retryAfterSeconds: Double?

  /// What was tried, for ``Code/allProvidersFailed``.
  package var attempts: [Attempt]

  /// - Parameter status: the code's, unless it is a provider's own or shows more.
  package init(
    _ code: Code, status: Int? = nil, message: String, param: String? = nil, retryAfterSeconds: Double? = nil,
    attempts: [Attempt] = []
  ) {
    self.code = code
    self.status = status ?? code.status
    self.message = message
    self.param = param
    self.retryAfterSeconds = retryAfterSeconds
    self.attempts = attempts
  }

  /// OpenAI's `type` of the error.
  package var type: String {
    switch status {
    case 401: "authentication_error"
    case 403: "permission_error"
    case 429: code == .budgetExceeded ? "insufficient_quota" : "rate_limit_error"
    case 500...: "server_error"
    default: "invalid_request_error"
    }
  }
}
