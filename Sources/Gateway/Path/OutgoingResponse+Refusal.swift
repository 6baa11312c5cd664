import ChatProtocols

extension OutgoingResponse {
  /// An error as the client reads it.
  static func refusal(_ error: GatewayError, in dialect: any ClientDialect, id: String) -> OutgoingResponse {
    var headers: [(name: String, value: String)] = [("x-ockham-request-id", id), ("x-request-id", id)]
    // Anthropic's clients look for the name without the prefix.
    if dialect.dialect == .messages { headers.append(("request-id", id)) }
    if let seconds = error.retryAfterSeconds { headers.append(("retry-after", String(Int(seconds.rounded(.up))))) }
    var response = OutgoingResponse.json(dialect.body(of: error), status: error.status, headers: headers)
    response.error = error
    return response
  }
}
