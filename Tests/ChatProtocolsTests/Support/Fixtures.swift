import TextKit

@testable import ChatProtocols
@testable import Gateway

/// A body as bytes.
func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

func json(_ text: String) throws -> JSONNode { try JSONParser.parse(bytes(text)) }

func chat(_ body: String) throws -> ChatRequest { try ChatCompletionsFormat().request(from: bytes(body)) }

func messages(_ body: String) throws -> ChatRequest { try MessagesFormat().request(from: bytes(body)) }

func responses(_ body: String) throws -> ChatRequest { try ResponsesFormat().request(from: bytes(body)) }

/// A plain chat request with further members.
func plainChat(_ members: String = "") -> String {
  #"{"model":"auto","messages":[{"role":"user","content":"hi"}]\#(members)}"#
}

/// A request with the key `k`, as a kind of provider sends it.
func signed(_ request: UpstreamRequest, by kind: ProviderKind) -> UpstreamRequest {
  var request = request
  kind.signer.sign(&request, Credentials(key: "k"), baseURL: "https://provider.test/v1", at: 0)
  return request
}

/// The answer that a provider's events make, read from server-sent text cut into pieces of `size` bytes.
func streamedAnswer(
  _ provider: some ProviderCodec, _ stream: String, size: Int = 7
) throws -> (answer: ChatResponse, events: [ChatEvent], isComplete: Bool) {
  var parser = ServerSentEventParser()
  var decoder = provider.makeStreamDecoder()
  var assembler = ChatResponseAssembler()
  var events: [ChatEvent] = []
  let all = bytes(stream)
  for start in stride(from: 0, to: all.count, by: size) {
    for event in try parser.parse(Array(all[start..<min(start + size, all.count)])) {
      events += try decoder.decode(event: event.name, data: event.data)
    }
  }
  for event in events { assembler.append(event) }
  return (assembler.answer, events, decoder.isComplete)
}

/// The events that an encoder's bytes hold.
func sent(_ bytes: [UInt8]) throws -> [ServerSentEvent] {
  var parser = ServerSentEventParser()
  return try parser.parse(bytes)
}

/// The JSON of an event's data; null for `[DONE]`.
func data(_ event: ServerSentEvent) throws -> JSONNode {
  event.data == bytes("[DONE]") ? .null : try JSONParser.parse(event.data)
}

/// All bytes of an encoded stream.
func encoded(_ events: [ChatEvent], by encoder: any StreamEncoder) -> [UInt8] {
  var encoder = encoder
  return events.flatMap { encoder.encode($0) } + encoder.end()
}

extension ClientFormat {
  /// The request as the gateway reads it.
  func request(from body: [UInt8]) throws(GatewayError) -> ChatRequest {
    try request(from: body, reading: LogRequestReader.read)
  }
}
