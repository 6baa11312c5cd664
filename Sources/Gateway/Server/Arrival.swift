import ChatProtocols
import HTTPTypes
import HummingbirdCore
import Ockham
import TextKit

/// A request whose head is there and whose body is not.
struct Arrival: Sendable {
  /// Header lines of a request, together.
  static let maximumHeaderBytes = 64 << 10

  /// Names the request in headers, logs and telemetry.
  let id = RequestID.make()
  /// Without its query.
  let path: String
  /// What stands behind the `?`; `nil` without one.
  let query: String?
  /// Whether the other end is on this machine.
  let isLoopback: Bool
  /// Tells when the client goes away.
  let presence: ClientPresence
  private let request: HummingbirdCore.Request

  init(_ request: HummingbirdCore.Request, isLoopback: Bool, presence: ClientPresence) {
    self.request = request
    self.isLoopback = isLoopback
    self.presence = presence
    let target = request.head.path ?? "/"
    path = String(target.prefix { $0 != "?" })
    query = target.firstIndex(of: "?").map { String(target[target.index(after: $0)...]) }
  }

  /// Whether the answer is to have no body.
  var isHead: Bool { request.method == .head }

  /// In upper case, as it came.
  var method: String { request.method.rawValue }

  /// The first value of a header, whatever its case.
  func header(_ name: String) -> String? { HTTPField.Name(name).flatMap { request.headers[$0] } }

  /// Whether the client waits for `100 Continue` before it sends the body.
  var expectsContinue: Bool { request.headers[.expect]?.lowercased() == "100-continue" }

  /// - Throws: ``GatewayError/Code/headersTooLarge`` (431).
  func checkHeaders() throws(GatewayError) {
    let bytes = request.headers.reduce(0) { $0 + $1.name.rawName.utf8.count + $1.value.utf8.count + 4 }
    guard bytes <= Self.maximumHeaderBytes else {
      throw GatewayError(
        .headersTooLarge,
        message:
          "Expected at most \(Self.maximumHeaderBytes) bytes of headers, found \(bytes). Send fewer or shorter ones.")
    }
  }

  /// Reads the body: then the request is all there.
  /// - Throws: ``GatewayError/Code/bodyTooLarge`` (413), ``GatewayError/Code/bodyTruncated`` (400).
  func read(upTo maximum: Int, _ clock: GatewayClock) async throws(GatewayError) -> IncomingRequest {
    let body = try await bytes(upTo: maximum)
    return IncomingRequest(
      id: id, method: request.method.rawValue, path: path, query: query, headers: request.headers, body: body,
      isLoopback: isLoopback, presence: presence, startNanoseconds: clock.steadyNanoseconds)
  }

  private func bytes(upTo maximum: Int) async throws(GatewayError) -> [UInt8] {
    var bytes: [UInt8] = []
    if let length = request.headers[.contentLength].flatMap({ Int($0) }) {
      guard length <= maximum else { throw Self.bodyTooLarge(maximum) }
      bytes.reserveCapacity(length)
    }
    do {
      for try await part in request.body {
        guard bytes.count + part.readableBytes <= maximum else { throw Self.bodyTooLarge(maximum) }
        bytes.append(contentsOf: part.readableBytesView)
      }
    } catch let error as GatewayError { throw error } catch {
      throw GatewayError(.bodyTruncated, message: "The body ended before its announced length. Send the whole body.")
    }
    return bytes
  }

  private static func bodyTooLarge(_ maximum: Int) -> GatewayError {
    GatewayError(
      .bodyTooLarge,
      message: "Expected a body of at most \(maximum) bytes, found a longer one. Send less, or raise limits.body_bytes."
    )
  }
}

/// Names of requests.
enum RequestID {
  /// `req_` and 24 hexadecimal digits at random.
  static func make() -> String {
    let digits = UInt64.random(in: .min ... .max).hexadecimal + UInt64.random(in: .min ... .max).hexadecimal
    return "req_" + digits.prefix(24)
  }
}
