/// Reads requests of one dialect and writes answers in it. A value without state.
package protocol ClientDialect: Sendable {
  var dialect: Dialect { get }

  /// Reads and checks a request.
  /// - Throws: ``GatewayError`` with status 400 that names the field, what was expected and what was found.
  func request(from body: [UInt8]) throws(GatewayError) -> ChatRequest

  /// The JSON of a whole answer.
  func body(of answer: ChatAnswer, to request: ChatRequest) -> [UInt8]

  /// The JSON of an error: OpenAI's envelope, or Anthropic's.
  func body(of error: GatewayError) -> [UInt8]

  /// An encoder for one streamed answer.
  func makeStreamEncoder(for request: ChatRequest) -> any StreamEncoder
}

/// Turns the events of one streamed answer into server-sent events of a dialect.
package protocol StreamEncoder: Sendable {
  /// The bytes to send for an event; may be empty.
  mutating func encode(_ event: ChatEvent) -> [UInt8]

  /// The bytes that end a whole answer, such as `data: [DONE]`.
  mutating func end() -> [UInt8]

  /// The bytes that end a stream that failed: an error event, and no mark of a whole answer.
  mutating func fail(_ error: GatewayError) -> [UInt8]
}
