import ChatProtocols

extension OutgoingResponse {
  /// The headers by which a client names its request to whoever runs the gateway.
  static func identity(_ id: String, in dialect: Dialect = .chatCompletions) -> [(name: String, value: String)] {
    // Anthropic's clients look for the name without the prefix.
    [("x-ockham-request-id", id), ("x-request-id", id)] + (dialect == .messages ? [("request-id", id)] : [])
  }

  /// An error as the client reads it.
  static func refusal(_ error: GatewayError, in dialect: any ClientDialect, id: String) -> OutgoingResponse {
    var headers = identity(id, in: dialect.dialect)
    if let seconds = error.retryAfterSeconds { headers.append(("retry-after", String(Int(seconds.rounded(.up))))) }
    var response = OutgoingResponse.json(dialect.body(of: error), status: error.status, headers: headers)
    response.error = error
    return response
  }
}
