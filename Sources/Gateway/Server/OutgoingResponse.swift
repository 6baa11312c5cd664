package import ChatProtocols
package import NIOCore

/// What goes back over HTTP.
package struct OutgoingResponse: Sendable {
  package var status: Int
  package var headers: [(name: String, value: String)]
  package var body: Body

  /// What the answer shows, where it is an error.
  package var error: GatewayError?

  /// What is sent behind the head.
  package enum Body: Sendable {
    case whole([UInt8])
    /// A stream, and what to do when its last byte was sent or could not be; what that returns are the trailers.
    case stream(
      LiveStream, onEnd: @Sendable (_ outcome: StreamOutcome, _ wasDelivered: Bool) -> [(name: String, value: String)])
    /// A stream that has not begun, whose client is told that it is worked on.
    case awaited(AwaitedAnswer)
    /// What is told as it happens, until the client goes or there is no more.
    case live(AsyncStream<ByteBuffer>)
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
