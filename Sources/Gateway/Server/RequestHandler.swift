package import ChatProtocols

/// Answers requests. Never throws: what goes wrong is an answer too.
package protocol RequestHandler: Sendable {
  func response(to request: IncomingRequest) async -> OutgoingResponse

  /// Whether requests for a path count among those that are worked on at a time. Probes do not: under load they must
  /// still tell that the gateway lives.
  func needsAdmission(path: String) -> Bool

  /// The answer where the request could not be read.
  func response(to error: GatewayError, path: String, id: String) -> OutgoingResponse
}
