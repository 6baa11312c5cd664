import ChatProtocols
import HTTPTypes
import NIOCore
import NIOHTTPTypes
import NIOHTTPTypesHTTP1

/// Enters a connection into the table, follows what it is at, and closes it behind its last answer.
///
/// It stands behind the HTTP decoder and has a ``ByteCounter`` before it, which sees what the decoder does not show: that a head
/// began, and what the client takes.
final class ConnectionHandler: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart
  typealias OutboundIn = HTTPResponsePart
  typealias OutboundOut = HTTPResponsePart

  private let table: ConnectionTable
  private var connection: Connection?
  /// Requests whose answers are not over.
  private var openRequests = 0
  /// The last head's body is not over.
  private var isReading = false
  /// The last head asked to leave HTTP, so that the decoder reads nothing behind its request.
  private var leavesHTTP = false
  private var isLast = false

  init(table: ConnectionTable) { self.table = table }

  func handlerAdded(context: ChannelHandlerContext) {
    let now = NIODeadline.now().uptimeNanoseconds
    let connection = Connection(context.channel, now: now)
    guard table.insert(connection, for: context.channel, at: now) else { return }
    self.connection = connection
    let pipeline = context.pipeline.syncOperations
    try? pipeline.addHandler(ByteCounter(connection: connection), position: .first)
    if let codec = try? pipeline.handler(type: HTTP1ToHTTPServerCodec.self) {
      try? pipeline.addHandler(HeadRules(), position: .before(codec))
    }
    // What a client does not read shall not pile up here.
    try? context.channel.syncOptions?.setOption(.writeBufferWaterMark, value: .init(low: 8 << 10, high: 16 << 10))
    try? context.channel.syncOptions?.setOption(.socketOption(.so_sndbuf), value: 64 << 10)
    // Thousands may send at once: what each is read in has to be small.
    try? context.channel.syncOptions?.setOption(
      .recvAllocator, value: AdaptiveRecvByteBufferAllocator(minimum: 1 << 10, initial: 4 << 10, maximum: 16 << 10))
  }

  func handlerRemoved(context: ChannelHandlerContext) { table.remove(context.channel) }

  func channelActive(context: ChannelHandlerContext) {
    context.fireChannelActive()
    if connection == nil {
      context.fireErrorCaught(
        GatewayError(
          .overloaded, message: "The gateway holds as many connections as it may. Try again shortly.",
          retryAfterSeconds: 1))
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    connection?.presence.leave()
    table.remove(context.channel)
    context.fireChannelInactive()
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if let event = event as? ChannelEvent, event == .inputClosed { connection?.presence.leave() }
    context.fireUserInboundEventTriggered(event)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard let connection else { return }
    switch unwrapInboundIn(data) {
    case .head(let head):
      openRequests += 1
      isReading = true
      leavesHTTP = head.method == .connect || head.headerFields[.upgrade] != nil
      follow()
    case .end:
      isReading = false
      follow()
    case .body(let bytes): connection.read(bytes.readableBytes)
    }
    context.fireChannelRead(data)
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    switch unwrapOutboundIn(data) {
    case .head(let head) where head.status.kind == .informational: context.write(data, promise: promise)
    case .head(var head):
      if leavesHTTP, openRequests == 1 { head.headerFields[.connection] = "close" }
      if head.headerFields[.connection] == "close" { isLast = true }
      context.write(wrapOutboundOut(.head(head)), promise: promise)
    case .body: context.write(data, promise: promise)
    case .end:
      openRequests = max(0, openRequests - 1)
      follow()
      context.write(data, promise: watched(promise, context))
      if isLast { closeOutput(context) }
    }
  }

  /// The end of an answer that its client does not take is as unread as its middle.
  private func watched(_ promise: EventLoopPromise<Void>?, _ context: ChannelHandlerContext) -> EventLoopPromise<Void>?
  {
    guard let connection else { return promise }
    let promise = promise ?? context.eventLoop.makePromise()
    connection.hold(at: NIODeadline.now().uptimeNanoseconds)
    promise.futureResult.whenComplete { _ in connection.take(at: NIODeadline.now().uptimeNanoseconds) }
    return promise
  }

  /// Behind the last request and the last answer nothing is read any more: what a client still sends waits at the client.
  func read(context: ChannelHandlerContext) {
    let isOver = leavesHTTP && !isReading || isLast && openRequests == 0
    if !isOver { context.read() }
  }

  /// What the connection is at. A body counts as slow only while it is read: that of the one request which is open.
  private func follow() {
    guard let connection else { return }
    let phase: Connection.Phase =
      switch (isLast, isReading, openRequests) {
      case (true, _, 0): .closing
      case (_, true, 0...1): .body
      case (_, _, 0): .idle
      default: .answer
      }
    if phase != connection.phase { connection.enter(phase, at: NIODeadline.now().uptimeNanoseconds) }
  }

  /// Tells the client that nothing follows, and leaves the rest to it for a while: to close at once would take from it what it
  /// has not read.
  private func closeOutput(_ context: ChannelHandlerContext) {
    context.flush()
    context.channel.close(mode: .output, promise: nil)
  }
}

/// Counts the bytes of a connection before they are HTTP, and what of an answer its client has not taken.
final class ByteCounter: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer

  private let connection: Connection

  init(connection: Connection) { self.connection = connection }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if connection.phase == .idle { connection.enter(.head, at: NIODeadline.now().uptimeNanoseconds) }
    connection.receive(unwrapInboundIn(data).readableBytes)
    context.fireChannelRead(data)
    if connection.isMostlyFraming { context.fireErrorCaught(HeadRules.Fault.framing) }
  }

  /// A buffer that is full, and one that the client took from.
  func channelWritabilityChanged(context: ChannelHandlerContext) {
    let now = NIODeadline.now().uptimeNanoseconds
    if context.channel.isWritable { connection.take(at: now) } else { connection.hold(at: now) }
    context.fireChannelWritabilityChanged()
  }
}
