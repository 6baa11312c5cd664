import ChatProtocols
import NIOCore

/// An in-process mock provider with OpenAI's protocol: for `--demo`, without a key or a network.
struct MockTransport: UpstreamTransport {
  func send(_ request: UpstreamRequest) async throws(UpstreamFailure) -> UpstreamResponse {
    request.onSent?()
    let apiFormat = ChatCompletionsFormat()
    let chat: ChatRequest
    do { chat = try apiFormat.request(from: request.body, reading: LogRequestReader.read) } catch {
      throw UpstreamFailure(.badRequest, status: error.status, reason: error.code.rawValue)
    }
    guard chat.isStream else {
      let body = ByteBuffer(bytes: apiFormat.body(of: MockAnswer.make(for: chat, model: chat.model), to: chat))
      return UpstreamResponse(
        status: 200, headers: [("content-type", "application/json")], body: MemoryBody(parts: [body]))
    }
    var encoder = apiFormat.makeStreamEncoder(for: chat)
    let parts = MockAnswer.events(for: chat, model: chat.model).map { ByteBuffer(bytes: encoder.encode($0)) }
    return UpstreamResponse(
      status: 200, headers: [("content-type", "text/event-stream")],
      body: MemoryBody(parts: parts + [ByteBuffer(bytes: encoder.end())]))
  }

  func shutdown() async {}
}

/// A body that is there already.
struct MemoryBody: UpstreamBody {
  let parts: [ByteBuffer]

  func makeIterator() -> any UpstreamBodyIterator { Iterator(rest: parts[...]) }

  struct Iterator: UpstreamBodyIterator {
    var rest: ArraySlice<ByteBuffer>

    mutating func next() async throws(UpstreamFailure) -> ByteBuffer? { rest.popFirst() }
  }
}
