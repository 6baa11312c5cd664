/// Why an attempt at a target gave no answer, and what may be tried next.
package struct UpstreamFailure: Error, Sendable, Hashable {
  /// What went wrong: decides about retry, key rotation, cooldown and status.
  package enum Kind: String, Sendable, Hashable {
    /// The request itself is refused (400, 413, 422), which ends the request; or the model is not there (404), and
    /// another target may answer.
    case badRequest = "bad_request"
    /// The prompt is longer than the target's window: a target with a larger one may answer.
    case contextTooLong = "context_too_long"
    /// The provider will not answer for the content's sake.
    case contentFiltered = "content_filtered"
    /// The key is refused (401, 403): another key at once.
    case keyRefused = "key_refused"
    /// Credit or quota is used up (402, `insufficient_quota`): the key cools down.
    case quotaExhausted = "quota_exhausted"
    /// Too many requests (429): wait as told.
    case rateLimited = "rate_limited"
    /// The provider failed (5xx, overloaded).
    case serverError = "server_error"
    /// No connection, or TLS failed.
    case connection
    /// No answer, no first token, no next token in time.
    case timeout
    /// An answer that cannot be read, or a stream that was cut.
    case malformed
    /// The provider's protocol cannot say what the client asks: nothing was sent; another target may.
    case unsupported
    /// The answer did not pass the check of a cascade.
    case rejected
  }

  package var kind: Kind

  /// The HTTP status, where there was one.
  package var status: Int?

  /// How long the provider asks to wait, in seconds.
  package var retryAfterSeconds: Double?

  /// A short reason of the gateway's own words or the provider's `code`; never the provider's message, which may quote
  /// the prompt.
  package var reason: String

  /// For errors of the request's own making (``Kind/badRequest``, ``Kind/contextTooLong``): the provider's message and
  /// field, for the client that sent the request and for nobody else; never logged.
  package var clientMessage: String?
  package var param: String?

  package init(
    _ kind: Kind, status: Int? = nil, retryAfterSeconds: Double? = nil, reason: String, clientMessage: String? = nil,
    param: String? = nil
  ) {
    self.kind = kind
    self.status = status
    self.retryAfterSeconds = retryAfterSeconds
    self.reason = reason
    self.clientMessage = clientMessage
    self.param = param
  }
}
