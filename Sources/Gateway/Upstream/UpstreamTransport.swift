package import ChatProtocols
package import NIOCore
import TextKit

/// How requests reach a provider: over HTTP, or from within for the demo and for tests.
package protocol UpstreamTransport: Sendable {
  /// Sends a request and returns once the head of the answer is there.
  /// - Throws: ``UpstreamFailure`` of kind `connection`; cancelling the task ends the request.
  func send(_ request: UpstreamRequest) async throws(UpstreamFailure) -> UpstreamResponse

  /// Closes the connections.
  func shutdown() async
}

/// The bytes of an answer.
package protocol UpstreamBody: Sendable {
  /// The bytes from the start; what comes over a connection can be read once.
  func makeIterator() -> any UpstreamBodyIterator
}

/// Reads the bytes of an answer part by part, as they come.
package protocol UpstreamBodyIterator {
  /// The next bytes; `nil` at the end.
  /// - Throws: what a connection that was reset, cut or cancelled means for the attempt.
  mutating func next() async throws(UpstreamFailure) -> ByteBuffer?
}

/// The head of an answer, and its body as it comes.
package struct UpstreamResponse: Sendable {
  package var status: Int

  /// Names in lower case.
  package var headers: [(name: String, value: String)]
  package var body: any UpstreamBody

  package init(status: Int, headers: [(name: String, value: String)], body: any UpstreamBody) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// The first value of a header; `name` is in lower case.
  package func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }

  /// What the provider calls the request, by the header that it has for it; safe to print.
  var requestID: String? {
    let names = ["x-request-id", "request-id", "x-amzn-requestid", "apim-request-id", "x-goog-request-id", "cf-ray"]
    return names.lazy.compactMap { self.header($0) }.first.map { String(SafeText.label($0).prefix(128)) }
  }
}

extension UpstreamResponse {
  /// All bytes of the body.
  /// - Parameter onProgress: called for every part.
  func collect(upTo maximum: Int, onProgress: () -> Void) async throws(UpstreamFailure) -> [UInt8] {
    var iterator = body.makeIterator()
    var bytes: [UInt8] = []
    while let part = try await iterator.next() {
      onProgress()
      guard bytes.count + part.readableBytes <= maximum else {
        throw UpstreamFailure(.malformed, reason: "the answer is longer than \(maximum) bytes")
      }
      bytes.append(contentsOf: part.readableBytesView)
    }
    return bytes
  }
}
