package import AsyncHTTPClient
package import ChatProtocols
package import NIOCore

/// How requests reach a provider: over HTTP, or from within for the demo and for tests.
package protocol UpstreamTransport: Sendable {
  /// Sends a request and returns once the head of the answer is there.
  /// - Throws: ``UpstreamFailure`` of kind `connection`; cancelling the task ends the request.
  func send(_ request: UpstreamRequest) async throws(UpstreamFailure) -> UpstreamResponse

  /// Closes the connections.
  func shutdown() async
}

/// The head of an answer, and its body as it comes.
package struct UpstreamResponse: Sendable {
  package var status: Int

  /// Names in lower case.
  package var headers: [(name: String, value: String)]
  package var body: UpstreamBody

  package init(status: Int, headers: [(name: String, value: String)], body: UpstreamBody) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// The first value of a header; `name` is in lower case.
  package func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
}

/// The bytes of an answer.
package enum UpstreamBody: Sendable {
  case http(HTTPClientResponse.Body)
  case parts([ByteBuffer])

  /// The bytes from the start; an HTTP body can be read once.
  package func makeIterator() -> Iterator {
    switch self {
    case .http(let body): .http(body.makeAsyncIterator())
    case .parts(let parts): .parts(parts[...])
    }
  }

  /// Reads the bytes part by part, as they come.
  package enum Iterator {
    case http(HTTPClientResponse.Body.AsyncIterator)
    case parts(ArraySlice<ByteBuffer>)

    /// The next bytes; `nil` at the end.
    /// - Throws: what the connection throws: reset, cut, cancelled.
    package mutating func next() async throws -> ByteBuffer? {
      switch self {
      case .http(var iterator):
        let buffer = try await iterator.next()
        self = .http(iterator)
        return buffer
      case .parts(var parts):
        let part = parts.popFirst()
        self = .parts(parts)
        return part
      }
    }
  }
}

extension UpstreamResponse {
  /// All bytes of the body.
  /// - Parameter onProgress: called for every part.
  func collect(upTo maximum: Int, onProgress: () -> Void) async throws(UpstreamFailure) -> [UInt8] {
    var iterator = body.makeIterator()
    var bytes: [UInt8] = []
    do {
      while let part = try await iterator.next() {
        onProgress()
        guard bytes.count + part.readableBytes <= maximum else {
          throw UpstreamFailure(.malformed, reason: "the answer is longer than \(maximum) bytes")
        }
        bytes.append(contentsOf: part.readableBytesView)
      }
    } catch let failure as UpstreamFailure { throw failure } catch { throw HTTPTransport.failure(error) }
    return bytes
  }
}
