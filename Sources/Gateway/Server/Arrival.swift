import ChatProtocols
import HTTPTypes
import HummingbirdCore
import Ockham
import TextKit

/// A request whose head is there and whose body is not.
struct Arrival: Sendable {
  /// An unread body of at most this many bytes is skipped, so that its connection can be used again.
  private static let passedOverBytes = 64 << 10

  /// What is known before the body.
  let head: IncomingRequest

  private let body: HummingbirdCore.RequestBody

  init(_ request: HummingbirdCore.Request, _ connection: Connection) {
    body = request.body
    let target = request.head.path ?? "/"
    let query = target.firstIndex(of: "?").map { String(target[target.index(after: $0)...]) }
    head = IncomingRequest(
      id: RequestID.make(), method: request.method.rawValue, path: String(target.prefix { $0 != "?" }), query: query,
      host: request.head.authority, headers: request.headers, body: [], isLoopback: connection.isLoopback,
      address: connection.address, presence: connection.presence, startNanoseconds: 0)
  }

  /// Whether the answer is to have no body.
  var isHead: Bool { head.method == "HEAD" }

  /// Whether the client waits for `100 Continue` before it sends the body.
  var expectsContinue: Bool { head.header("expect")?.lowercased() == "100-continue" }

  /// Whether the connection can be used again although the body was not read.
  var canPassOver: Bool { head.announcedBytes.map { $0 <= Self.passedOverBytes } ?? false }

  /// - Throws: ``GatewayError/Code/bodyTooLarge`` (413), where that is said ahead.
  func checkLength(_ maximum: Int) throws(GatewayError) {
    guard (head.announcedBytes ?? 0) <= maximum else { throw Self.bodyTooLarge(maximum) }
  }

  /// Reads the body.
  /// - Parameters:
  ///   - maximum: its greatest length.
  ///   - room: asked for every part, whether there is room for so many bytes.
  /// - Throws: ``GatewayError/Code/bodyTooLarge`` (413), ``GatewayError/Code/bodyTruncated`` (400),
  ///   ``GatewayError/Code/overloaded`` (503).
  func bytes(upTo maximum: Int, room: (Int) -> Bool) async throws(GatewayError) -> [UInt8] {
    var bytes: [UInt8] = []
    if let length = head.announcedBytes { bytes.reserveCapacity(min(length, maximum, 1 << 20)) }
    do {
      for try await part in body {
        guard bytes.count + part.readableBytes <= maximum else { throw Self.bodyTooLarge(maximum) }
        guard room(part.readableBytes) else { throw Self.noRoom }
        bytes.append(contentsOf: part.readableBytesView)
      }
    } catch let error as GatewayError { throw error } catch {
      throw Self.truncated
    }
    // A connection that ends early looks like the end of the body.
    guard head.announcedBytes.map({ $0 == bytes.count }) ?? true else { throw Self.truncated }
    return bytes
  }

  private static let truncated = GatewayError(
    .bodyTruncated, message: "The body ended before its announced length. Send the whole body.")

  private static let noRoom = GatewayError(
    .overloaded, message: "The gateway holds as many bytes of requests as it may. Try again shortly.",
    retryAfterSeconds: 1)

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
