/// Reads requests of one API format and writes answers in it. A value without state.
package protocol ClientFormat: Sendable {
  var apiFormat: APIFormat { get }

  /// Reads and checks a request.
  ///
  /// The body is parsed twice: into a tree that checks, edits and providers work on, and by the reader into what the router
  /// looks at. The second parse takes 1.2 µs for 264 bytes and 10 µs for 55 kB, less than a hundredth of what the gateway
  /// adds to a request: a second reader, over the tree and to be kept like the log's, would cost more than it saves.
  /// - Throws: ``GatewayError`` with status 400 that names the field, what was expected and what was found.
  func request(from body: [UInt8], reading: RequestReader) throws(GatewayError) -> ChatRequest

  /// The JSON of a whole answer.
  func body(of answer: ChatResponse, to request: ChatRequest) -> [UInt8]

  /// The JSON of an error: OpenAI's envelope, or Anthropic's.
  func body(of error: GatewayError) -> [UInt8]

  /// An encoder for one streamed answer.
  func makeStreamEncoder(for request: ChatRequest) -> any StreamEncoder

  /// What tells a client that waits for a stream that it is worked on, and means nothing else: a comment of server-sent
  /// events, or an event for this alone.
  var signOfLife: [UInt8] { get }
}

extension ClientFormat {
  package var signOfLife: [UInt8] { Array(": waiting\n\n".utf8) }
}

/// Turns the events of one streamed answer into server-sent events of a API format.
package protocol StreamEncoder: Sendable {
  /// The bytes to send for an event; may be empty.
  mutating func encode(_ event: ChatEvent) -> [UInt8]

  /// The bytes that end a whole answer, such as `data: [DONE]`.
  mutating func end() -> [UInt8]

  /// The mark of the end alone, for a stream that was passed on as it came and has none.
  var endMark: [UInt8] { get }

  /// The bytes that end a stream that failed: an error event, and no mark of a whole answer.
  mutating func fail(_ error: GatewayError) -> [UInt8]
}
