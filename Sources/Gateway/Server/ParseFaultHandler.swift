import ChatProtocols
import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// Answers what is not HTTP, or comes too slowly, with an error that clients can read, as the last of the connection.
final class ParseFaultHandler: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart
  typealias OutboundIn = HTTPResponsePart
  typealias OutboundOut = HTTPResponsePart

  private var isResponding = false
  private var hasFailed = false

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    guard !hasFailed else {
      promise?.fail(ChannelError.ioOnClosedChannel)
      return
    }
    switch unwrapOutboundIn(data) {
    case .head: isResponding = true
    case .end: isResponding = false
    case .body: break
    }
    context.write(data, promise: promise)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if !hasFailed { context.fireChannelRead(data) }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard let fault = Self.answer(to: error), !isResponding, !hasFailed else {
      context.fireErrorCaught(error)
      return
    }
    hasFailed = true
    let body = ByteBuffer(bytes: ChatCompletionsFormat().body(of: fault))
    var head = HTTPResponse(status: .init(code: fault.status))
    head.headerFields[.contentType] = "application/json"
    head.headerFields[.contentLength] = String(body.readableBytes)
    head.headerFields[.connection] = "close"
    if fault.retryAfterSeconds != nil { head.headerFields[.retryAfter] = "1" }
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    context.write(wrapOutboundOut(.body(body)), promise: nil)
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
  }

  /// What the client is told; `nil` for a fault of the connection itself.
  private static func answer(to error: any Error) -> GatewayError? {
    switch error {
    case let error as GatewayError: error
    case HTTPParserError.headerOverflow:
      GatewayError(
        .headersTooLarge,
        message:
          "Expected at most \(IncomingRequest.maximumHeaderBytes) bytes of headers, found more. Send fewer or shorter ones."
      )
    case is HTTPParserError:
      GatewayError(
        .invalidHTTP,
        message: "Expected an HTTP/1.1 request, found something else, or headers beyond all limits. Check the client.")
    case HeadRules.Fault.target:
      GatewayError(
        .invalidHTTP, status: 414,
        message: "Expected a target of at most \(HeadRules.maximumTargetBytes) bytes, found a longer one. Shorten it.")
    case let fault as HeadRules.Fault: GatewayError(.invalidHTTP, message: expectation(fault))
    case Connection.Fault.head, Connection.Fault.body:
      GatewayError(
        .requestTimeout, message: "Expected the whole request in time, found a part of it. Send it faster.")
    default: nil
    }
  }

  private static func expectation(_ fault: HeadRules.Fault) -> String {
    switch fault {
    case .host: "Expected one Host header, found none or several. Send one."
    case .transferEncoding:
      "Expected no Transfer-Encoding but chunked, alone, in HTTP/1.1 and without Content-Length, found another."
    case .framing: "Expected chunks with content, found almost none in much framing. Send larger chunks."
    case .target: "Expected a shorter target."
    }
  }
}
