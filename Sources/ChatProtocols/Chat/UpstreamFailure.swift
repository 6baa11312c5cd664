/// Why an attempt at a target gave no answer, and what may be tried next.
package struct UpstreamFailure: Error, Sendable, Hashable {
  /// What went wrong: decides about retry, key rotation, cooldown and status.
  package enum Kind: String, Sendable, Hashable {
    /// The request itself is refused (400, 422), which ends the request; or its path is not there (404), and another
    /// target may answer.
    case badRequest = "bad_request"
    /// The prompt is longer than the target's window: a target with a larger one may answer.
    case contextTooLong = "context_too_long"
    /// The request is larger than the provider takes (413), or than a limit that no waiting raises: another may take it.
    case tooLarge = "too_large"
    /// The provider will not answer for the content's sake.
    case contentFiltered = "content_filtered"
    /// This request is forbidden (403) and it is not said why: the key may be fine for others. Another key, then another
    /// target.
    case forbidden
    /// The model is not there for this account (403, 404): another key, then another target.
    case modelUnavailable = "model_unavailable"
    /// The key is refused (401, and 403 where it says so): another key at once.
    case keyRefused = "key_refused"
    /// Credit or quota is used up (402, `insufficient_quota`): the key cools down.
    case quotaExhausted = "quota_exhausted"
    /// What this request may cost is more than the credit that is left: cheaper ones may pass.
    case unaffordable
    /// Too many requests (429): wait as told.
    case rateLimited = "rate_limited"
    /// The provider failed (5xx, overloaded).
    case serverError = "server_error"
    /// No connection, or TLS failed.
    case connection
    /// All connections to the provider were in use for too long: the gateway's own limit, no failure of the provider.
    case saturated
    /// No answer, no first token, no next token in time.
    case timeout
    /// An answer that cannot be read, that says nothing, or a stream that was cut.
    case malformed
    /// The target cannot do what the client asks: its protocol cannot say it, and nothing was sent, or the provider says
    /// that the model does not support it. Another target may.
    case unsupported
    /// The answer did not pass the check of a cascade.
    case rejected
  }

  /// What a failure concerns: nothing else is held against.
  package enum Scope: Sendable, Hashable {
    /// This request alone.
    case request
    /// The key that it was sent with.
    case key
    /// The model at this provider.
    case target
    /// Nothing but how busy the gateway is.
    case gateway
  }

  package var kind: Kind

  /// The HTTP status, where there was one.
  package var status: Int?

  /// How long the provider asks to wait, in seconds.
  package var retryAfterSeconds: Double?

  /// A short reason of the gateway's own words or the provider's `code`; never the provider's message, which may quote
  /// the prompt.
  package var reason: String

  /// For errors of the request's own making (``Kind/isOfRequest``): the provider's message and field, for the client that
  /// sent the request and for no one else; never logged.
  package var clientMessage: String?
  package var param: String?

  /// What the provider calls the request, for a word with its support.
  package var providerRequestID: String?

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

extension UpstreamFailure.Kind {
  /// What a failure of the kind concerns.
  package var scope: UpstreamFailure.Scope {
    switch self {
    case .badRequest, .contextTooLong, .tooLarge, .contentFiltered, .forbidden, .unaffordable, .unsupported, .rejected:
      .request
    case .keyRefused, .quotaExhausted: .key
    case .modelUnavailable, .rateLimited, .serverError, .connection, .timeout, .malformed: .target
    case .saturated: .gateway
    }
  }

  /// Whether the request is at fault, so that its client may read what the provider says.
  package var isOfRequest: Bool {
    switch self {
    case .badRequest, .contextTooLong, .tooLarge, .unsupported: true
    default: false
    }
  }
}
