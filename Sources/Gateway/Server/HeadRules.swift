import NIOCore
import NIOHTTP1

/// Refuses heads that another program might read differently: then one request could pass for two.
///
/// Source: RFC 9112, 3.2 (one Host), 6.1 (Transfer-Encoding ends with chunked, once, and not in HTTP/1.0), 6.3; a body whose
/// framing is far longer than what it frames is refused too (7.1.1 leaves the limit to the server).
///
/// Clients of HTTP/1.0 know no chunks (RFC 9112, 6.1): what has no length goes out to them as HTTP/1.0, and ends with the
/// connection.
final class HeadRules: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias InboundOut = HTTPServerRequestPart
  typealias OutboundIn = HTTPServerResponsePart
  typealias OutboundOut = HTTPServerResponsePart

  /// What is wrong with a head.
  enum Fault: Error, Sendable, Hashable, CaseIterable {
    case host, transferEncoding, target, framing
  }

  /// The longest target of a request, in bytes.
  static let maximumTargetBytes = 16 << 10

  private var hasFailed = false
  /// Requests whose answers have not begun, and whether the last of them is of HTTP/1.0: behind it none is answered.
  private var waiting = 0
  private var isLastOld = false

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !hasFailed else { return }
    guard case .head(var head) = unwrapInboundIn(data) else { return context.fireChannelRead(data) }
    if let fault = Self.fault(in: head) {
      hasFailed = true
      context.fireErrorCaught(fault)
      return
    }
    waiting += 1
    isLastOld = Self.isOld(head)
    // Behind here the version is forgotten, and one spelling known: a client of HTTP/1.0 waits for the connection's end.
    if isLastOld || !head.isKeepAlive { head.headers.replaceOrAdd(name: "connection", value: "close") }
    context.fireChannelRead(wrapInboundOut(.head(head)))
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    guard case .head(var head) = unwrapOutboundIn(data) else { return context.write(data, promise: promise) }
    let isInformational = (100..<200).contains(head.status.code)
    if isLastOld, waiting <= 1 {
      // HTTP/1.0 has no status that is not the last.
      guard !isInformational else {
        promise?.succeed()
        return
      }
      if !head.headers.contains(name: "content-length") { head.version = .http1_0 }
      head.headers.replaceOrAdd(name: "connection", value: "close")
    }
    if !isInformational { waiting = max(0, waiting - 1) }
    context.write(wrapOutboundOut(.head(head)), promise: promise)
  }

  private static func isOld(_ head: HTTPRequestHead) -> Bool {
    head.version.major < 1 || head.version.major == 1 && head.version.minor == 0
  }

  /// What is wrong with a head; `nil` for nothing.
  static func fault(in head: HTTPRequestHead) -> Fault? {
    let isOld = isOld(head)
    let hosts = head.headers["host"]
    guard hosts.count == 1 || hosts.isEmpty && isOld else { return .host }
    let codings = head.headers["transfer-encoding"]
    if !codings.isEmpty {
      // The sign for kelvin is a k in lower case, for Swift and for no one's framing.
      let isChunked = codings.count == 1 && codings[0].utf8.count == 7 && codings[0].lowercased() == "chunked"
      guard isChunked, !isOld, head.headers["content-length"].isEmpty else {
        return .transferEncoding
      }
    }
    return head.uri.utf8.count > maximumTargetBytes ? .target : nil
  }
}
