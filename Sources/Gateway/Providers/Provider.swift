/// What the gateway needs of a kind of provider: requests written, answers, streams and errors read. A value without
/// state, and without a connection.
package protocol Provider: Sendable {
  /// How the provider speaks. Where the client speaks alike, requests and answers pass through as they are.
  var dialect: Dialect { get }

  /// The HTTP request for a chat request.
  ///
  /// - Parameters:
  ///   - request: what the client asked.
  ///   - model: the provider's name of the model.
  ///   - key: the secret, where the provider needs one.
  /// - Throws: ``GatewayError`` where the provider cannot express what the client asks, such as `n` above 1.
  func upstreamRequest(for request: ChatRequest, model: String, key: String?) throws(GatewayError) -> UpstreamRequest

  /// Reads a whole answer.
  /// - Throws: ``ProviderFault`` for a body that is no answer.
  func answer(from body: [UInt8]) throws(ProviderFault) -> ChatAnswer

  /// A decoder for one streamed answer.
  func makeStreamDecoder() -> any StreamDecoder

  /// What a status that is no success means. `body` may be cut, empty or of any content type.
  func failure(status: Int, headers: [(name: String, value: String)], body: [UInt8]) -> UpstreamFailure
}

/// An HTTP request to a provider, below its base URL.
package struct UpstreamRequest: Sendable {
  package var method = "POST"

  /// The path below the base URL, with its query: `/chat/completions`.
  package var path: String

  /// Names in lower case. May hold the key: never logged.
  package var headers: [(name: String, value: String)]

  package var body: [UInt8]

  package init(method: String = "POST", path: String, headers: [(name: String, value: String)], body: [UInt8]) {
    self.method = method
    self.path = path
    self.headers = headers
    self.body = body
  }
}

/// Turns the server-sent events of one streamed answer into events that all providers share.
package protocol StreamDecoder: Sendable {
  /// Reads one server-sent event: its name (`event:`), where it has one, and its data.
  /// - Throws: ``ProviderFault`` for data that is no event of the provider, or an error that the provider sent.
  mutating func decode(event: String?, data: [UInt8]) throws(ProviderFault) -> [ChatEvent]

  /// Whether the mark of a whole answer came (`[DONE]`, `message_stop`, a finish reason). A stream that ends before it
  /// was cut.
  var isComplete: Bool { get }
}

/// An answer that cannot be read, or an error in the middle of a stream. Holds no text of the answer.
package enum ProviderFault: Error, Sendable, Hashable {
  /// The bytes are not what the provider's documents promise.
  case malformed(expected: String)
  /// The provider sent an error in a stream.
  case failed(UpstreamFailure)
}

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
