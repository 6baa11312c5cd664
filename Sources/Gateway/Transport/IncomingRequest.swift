package import HTTPTypes

/// A request as it came over HTTP, with its body read.
package struct IncomingRequest: Sendable {
  /// Names the request in headers, logs and telemetry.
  package var id: String
  /// In upper case, as it came: `POST`.
  package var method: String

  /// Without its query.
  package var path: String
  package var headers: HTTPFields
  package var body: [UInt8]

  /// Whether the other end is on this machine.
  package var isLoopback: Bool

  /// Tells when the client goes away.
  package var presence: ClientPresence

  /// When the request had been read, in nanoseconds of the steady clock.
  package var startNanoseconds: UInt64

  package init(
    id: String, method: String, path: String, headers: HTTPFields, body: [UInt8], isLoopback: Bool,
    presence: ClientPresence = ClientPresence(), startNanoseconds: UInt64
  ) {
    self.id = id
    self.method = method
    self.path = path
    self.headers = headers
    self.body = body
    self.isLoopback = isLoopback
    self.presence = presence
    self.startNanoseconds = startNanoseconds
  }

  /// The first value of a header, whatever its case.
  package func header(_ name: String) -> String? { HTTPField.Name(name).flatMap { headers[$0] } }
}

/// What goes back over HTTP.
package struct OutgoingResponse: Sendable {
  package var status: Int
  package var headers: [(name: String, value: String)]
  package var body: Body

  /// What is sent behind the head.
  package enum Body: Sendable {
    case whole([UInt8])
    /// A stream, and what to do when its last byte was sent or could not be; what that returns are the trailers.
    case stream(
      LiveStream, onEnd: @Sendable (_ outcome: StreamOutcome, _ wasDelivered: Bool) -> [(name: String, value: String)])
  }

  package init(status: Int = 200, headers: [(name: String, value: String)] = [], body: Body) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// A JSON body.
  package static func json(
    _ body: [UInt8], status: Int = 200, headers: [(name: String, value: String)] = []
  ) -> OutgoingResponse {
    OutgoingResponse(status: status, headers: [("content-type", "application/json")] + headers, body: .whole(body))
  }
}

/// Answers requests. Never throws: what goes wrong is an answer too.
package protocol RequestHandler: Sendable {
  func response(to request: IncomingRequest) async -> OutgoingResponse

  /// Whether requests for a path count among those that are worked on at a time. Probes do not: under load they must
  /// still tell that the gateway lives.
  func needsAdmission(path: String) -> Bool

  /// The answer where the request could not be read.
  func response(to error: GatewayError, path: String, id: String) -> OutgoingResponse
}
