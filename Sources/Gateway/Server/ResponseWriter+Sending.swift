import HTTPTypes
import HummingbirdCore
import NIOCore

extension ResponseWriter {
  /// Sends an answer to its last byte.
  consuming func send(_ response: OutgoingResponse, isHead: Bool) async throws {
    var head = HTTPResponse(status: .init(code: response.status))
    head.headerFields = Self.fields(response.headers)
    switch response.body {
    case .whole(let bytes):
      head.headerFields[.contentLength] = String(bytes.count)
      let body = isHead ? ResponseBody() : ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
      try await write(response: head, body: body)
    case .stream(let stream, let onEnd):
      try await relay(stream, head, onEnd)
    }
  }

  private consuming func relay(
    _ stream: LiveStream, _ head: HTTPResponse,
    _ onEnd: @Sendable (StreamOutcome, Bool) -> [(name: String, value: String)]
  ) async throws {
    var isOver = false
    do {
      var body = try await writeHead(head)
      try await body.write(stream.first)
      for await part in stream.rest { try await body.write(part) }
      let outcome = await stream.ending.outcome
      isOver = true
      let trailers = Self.fields(onEnd(outcome, stream.deadline.cause != .cancelled))
      try await body.finish(trailers.isEmpty ? nil : trailers)
    } catch {
      // Nobody takes what follows: a pump that waits to be rid of it would wait for ever.
      stream.deadline.cancel()
      stream.rest.finish()
      if !isOver { _ = onEnd(await stream.ending.outcome, false) }
      throw error
    }
  }

  private static func fields(_ headers: [(name: String, value: String)]) -> HTTPFields {
    var fields = HTTPFields()
    for (name, value) in headers {
      if let name = HTTPField.Name(name) { fields.append(HTTPField(name: name, value: value)) }
    }
    return fields
  }
}
