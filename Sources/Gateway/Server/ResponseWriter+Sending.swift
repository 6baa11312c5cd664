import ChatProtocols
import HTTPTypes
import HummingbirdCore
import NIOCore

extension ResponseWriter {
  /// Sends an answer to its last byte.
  consuming func send(_ response: OutgoingResponse, isHead: Bool) async throws {
    var head = HTTPResponse(status: .init(code: response.status))
    head.headerFields = response.headers.fields
    switch response.body {
    case .whole(let bytes):
      head.headerFields[.contentLength] = String(bytes.count)
      let body = isHead ? ResponseBody() : ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
      try await write(response: head, body: body)
    case .stream, .awaited, .live:
      var isSent = false
      do {
        var body = try await writeHead(head)
        let trailers = try await response.body.send(to: &body, &isSent).fields
        try await body.finish(trailers.isEmpty ? nil : trailers)
      } catch {
        if !isSent { await response.body.abandon() }
        throw error
      }
    }
  }
}

extension OutgoingResponse.Body {
  /// Sends what comes until the end, and returns the trailers.
  /// - Parameter isSent: set once what was sent is settled, also where sending failed.
  fileprivate func send(
    to body: inout some ResponseBodyWriter, _ isSent: inout Bool
  ) async throws -> [(name: String, value: String)] {
    switch self {
    case .whole(let bytes):
      if !bytes.isEmpty { try await body.write(ByteBuffer(bytes: bytes)) }
      isSent = true
      return []
    case .stream(let stream, let onEnd):
      if stream.first.readableBytes > 0 { try await body.write(stream.first) }
      for await part in stream.rest { try await body.write(part) }
      let outcome = await stream.ending.outcome
      isSent = true
      let trailers = onEnd(outcome, stream.deadline.cause != .cancelled)
      if stream.breaksOff, outcome.failure != nil { throw BrokenOff() }
      return trailers
    case .awaited(let awaited):
      try await body.write(ByteBuffer(bytes: awaited.sign))
      var response = await awaited.next()
      while response == nil {
        try await body.write(ByteBuffer(bytes: awaited.sign))
        response = await awaited.next()
      }
      guard let response else { return [] }
      // The head is gone: what it would have said comes last, and an error as an event.
      let late = response.headers.filter { $0.name.hasPrefix("x-ockham-") }
      let said = response.error.map { OutgoingResponse.Body.whole(awaited.failure($0)) } ?? response.body
      return late + (try await said.send(to: &body, &isSent))
    case .live(let parts):
      isSent = true
      for await part in parts { try await body.write(part) }
      return []
    }
  }

  /// Cancels a stream that has no reader left. Its pump waits for a reader, and would otherwise never end.
  fileprivate func abandon() async {
    switch self {
    case .whole, .live: return
    case .stream(let stream, let onEnd):
      stream.abandon()
      _ = onEnd(await stream.ending.outcome, false)
    case .awaited(let awaited): await awaited.answer.body.abandon()
    }
  }
}

/// Ends the connection of an answer that is not whole, where its format cannot say so.
private struct BrokenOff: Error {}

extension [(name: String, value: String)] {
  fileprivate var fields: HTTPFields {
    var fields = HTTPFields()
    for (name, value) in self {
      if let name = HTTPField.Name(name) { fields.append(HTTPField(name: name, value: value)) }
    }
    return fields
  }
}
