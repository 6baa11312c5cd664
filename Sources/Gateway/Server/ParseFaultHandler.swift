import ChatProtocols
import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// Answers what is not HTTP with an error that clients can read, and closes the connection.
final class ParseFaultHandler: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
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

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard error is HTTPParserError, !isResponding, !hasFailed else {
      context.fireErrorCaught(error)
      return
    }
    hasFailed = true
    let fault = GatewayError(
      .invalidHTTP,
      message: "Expected an HTTP/1.1 request, found something else, or headers beyond all limits. Check the client.")
    let body = ByteBuffer(bytes: ChatCompletionsDialect().body(of: fault))
    var head = HTTPResponse(status: .init(code: fault.status))
    head.headerFields[.contentType] = "application/json"
    head.headerFields[.contentLength] = String(body.readableBytes)
    head.headerFields[.connection] = "close"
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    context.write(wrapOutboundOut(.body(body)), promise: nil)
    let loop = context.loopBound
    context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in loop.value.close(promise: nil) }
  }
}
