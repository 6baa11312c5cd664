package import TextKit

/// What the gateway needs of a kind of provider: requests written, answers, streams and errors read. A value without
/// state, and without a connection.
package protocol ProviderCodec: Sendable {
  /// How the provider speaks. Where the client is compatible, requests and answers pass through as they are.
  var apiFormat: APIFormat { get }

  /// The codec for a base URL, where the paths depend on that.
  func at(_ baseURL: String) -> any ProviderCodec

  /// The HTTP request for a chat request.
  ///
  /// - Parameters:
  ///   - request: what the client asked.
  ///   - model: the provider's name of the model.
  /// - Returns: the request without credentials: those are the signer's.
  /// - Throws: ``GatewayError`` where the provider cannot express what the client asks, such as `n` above 1.
  func upstreamRequest(for request: ChatRequest, model: String) throws(GatewayError) -> UpstreamRequest

  /// The HTTP request that asks how many tokens a prompt has, without credentials; `nil` where the provider cannot be asked
  /// so, or not about a request of this API format.
  func countRequest(for request: ChatRequest, model: String) -> UpstreamRequest?

  /// Reads a whole answer.
  /// - Throws: ``ProviderFault`` for a body that is no answer.
  func answer(from body: [UInt8]) throws(ProviderFault) -> ChatResponse

  /// What cuts one streamed answer into events; server-sent ones unless the provider has a framing of its own.
  func makeFrameReader() -> any FrameReader

  /// A decoder for one streamed answer.
  func makeStreamDecoder() -> any StreamDecoder

  /// What a status that is no success means. `body` may be cut, empty or of any content type.
  func failure(status: Int, headers: [(name: String, value: String)], body: [UInt8]) -> UpstreamFailure

  /// A body to send in the place of one that was refused, where the refusal says what is minded and the question stays the
  /// same without; `nil` where there is none.
  func mended(_ body: [UInt8], after failure: UpstreamFailure) -> [UInt8]?

  /// Whether the provider's own search of the web can stand for a search, beside all else that a request of another format
  /// asks of a model.
  func canSearch(_ search: WebSearch, for request: ChatRequest, model: String) -> Bool

  /// How embeddings are asked for; `nil` for a provider without them.
  var embeddings: (any EmbeddingsCodec)? { get }
}

extension ProviderCodec {
  package func at(_ baseURL: String) -> any ProviderCodec { self }

  package func makeFrameReader() -> any FrameReader { ServerSentEventParser() }

  package func countRequest(for request: ChatRequest, model: String) -> UpstreamRequest? { nil }

  package func mended(_ body: [UInt8], after failure: UpstreamFailure) -> [UInt8]? { nil }

  package func canSearch(_ search: WebSearch, for request: ChatRequest, model: String) -> Bool { false }

  package var embeddings: (any EmbeddingsCodec)? { nil }
}

/// What the gateway needs of a provider's embeddings.
package protocol EmbeddingsCodec: Sendable {
  /// The HTTP request, without credentials, for a client's body.
  ///
  /// - Parameters:
  ///   - root: the body, parsed.
  ///   - model: the provider's name of the model.
  func upstreamRequest(for body: [UInt8], _ root: JSONNode, model: String) -> UpstreamRequest

  /// The tokens that an answer says it took; `nil` where it does not say.
  func inputTokens(in answer: [UInt8]) -> Int?
}

/// An HTTP request to a provider, below its base URL.
package struct UpstreamRequest: Sendable {
  package var method = "POST"

  /// The path below the base URL, with its query: `/chat/completions`.
  package var path: String

  /// Names in lower case. May hold the key: never logged.
  package var headers: [(name: String, value: String)]

  package var body: [UInt8]

  /// Fields of the body that the gateway added for itself: left out where a provider refuses them.
  package var ownFields: Set<String> = []

  /// Called as soon as a part of the request may have left: from then on the provider may bill it.
  package var onSent: (@Sendable () -> Void)?

  /// Called with the name of what is left out because the provider refused the request with it.
  package var onLeftOut: (@Sendable (String) -> Void)?

  package init(method: String = "POST", path: String, headers: [(name: String, value: String)], body: [UInt8]) {
    self.method = method
    self.path = path
    self.headers = headers
    self.body = body
  }

  /// Adds to the query of the path.
  package mutating func append(query: String) { path += (path.contains("?") ? "&" : "?") + query }
}

/// Turns the events of one streamed answer into events that all providers share.
package protocol StreamDecoder: Sendable {
  /// Reads one event: its name, where it has one, and its data.
  /// - Throws: ``ProviderFault`` for data that is no event of the provider, or an error that the provider sent.
  mutating func decode(event: String?, data: [UInt8]) throws(ProviderFault) -> [ChatEvent]

  /// Whether all that makes an answer whole was said: the mark of the end, or why the model stopped. A stream that ends
  /// before that was cut.
  var isComplete: Bool { get }

  /// Whether the format's own mark of the end came (`[DONE]`, `message_stop`): nothing that follows belongs to the answer,
  /// and no one need wait for it.
  var isOver: Bool { get }

  /// The data of the last event as the format has it, where the provider's was not; `nil` where it may be passed on as it
  /// came, empty where it is not passed on.
  var mendedData: [UInt8]? { get }
}

extension StreamDecoder {
  package var mendedData: [UInt8]? { nil }
}

/// An answer that cannot be read, or an error in the middle of a stream. Holds no text of the answer.
package enum ProviderFault: Error, Sendable, Hashable {
  /// The bytes are not what the provider's documents guarantee.
  case malformed(expected: String)
  /// The provider sent an error in a stream.
  case failed(UpstreamFailure)
}

extension UpstreamFailure {
  /// What a fault in an answer means for the attempt.
  package init(_ fault: ProviderFault) {
    switch fault {
    case .malformed(let expected): self.init(.malformed, reason: "expected \(expected)")
    case .failed(let failure): self = failure
    }
  }
}
