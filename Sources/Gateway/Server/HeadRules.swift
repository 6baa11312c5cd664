import NIOCore
import NIOHTTP1

/// Refuses heads that another program might read differently: then one request could pass for two.
///
/// Source: RFC 9112, 3.2 (one Host), 6.1 (Transfer-Encoding ends with chunked, once, and not in HTTP/1.0), 6.3; a body whose
/// framing is far longer than what it frames is refused too (7.1.1 leaves the limit to the server).
final class HeadRules: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias InboundOut = HTTPServerRequestPart

  /// What is wrong with a head.
  enum Fault: Error, Sendable, Hashable, CaseIterable {
    case host, transferEncoding, target, framing
  }

  /// The longest target of a request, in bytes.
  static let maximumTargetBytes = 16 << 10

  private var hasFailed = false

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !hasFailed else { return }
    guard case .head(var head) = unwrapInboundIn(data) else { return context.fireChannelRead(data) }
    if let fault = Self.fault(in: head) {
      hasFailed = true
      context.fireErrorCaught(fault)
      return
    }
    // Behind here the version is forgotten, and one spelling known: a client of HTTP/1.0 waits for the connection's end.
    if !head.isKeepAlive { head.headers.replaceOrAdd(name: "connection", value: "close") }
    context.fireChannelRead(wrapInboundOut(.head(head)))
  }

  /// What is wrong with a head; `nil` for nothing.
  static func fault(in head: HTTPRequestHead) -> Fault? {
    let isOld = head.version.major < 1 || head.version.major == 1 && head.version.minor == 0
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
