import ChatProtocols

extension OutgoingResponse {
  /// The headers by which a client names its request to the operator of the gateway.
  static func identity(_ id: String, in apiFormat: APIFormat = .chatCompletions) -> [(name: String, value: String)] {
    // Anthropic's clients look for the name without the prefix.
    [("x-ockham-request-id", id), ("x-request-id", id)] + (apiFormat == .messages ? [("request-id", id)] : [])
  }

  /// An error as the client reads it.
  static func refusal(_ error: GatewayError, in apiFormat: any ClientFormat, id: String) -> OutgoingResponse {
    var headers = identity(id, in: apiFormat.apiFormat)
    if let seconds = error.retryAfterSeconds { headers.append(("retry-after", String(Int(seconds.rounded(.up))))) }
    var response = OutgoingResponse.json(apiFormat.body(of: error), status: error.status, headers: headers)
    response.error = error
    return response
  }
}
