import GatewayCore
import HTTPTypes
import NIOCore
import NIOEmbedded
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1

/// HTTP as the gateway's server reads it, with the handlers of its connections. Cut anywhere, a stream is the same requests and
/// the same answer to what is wrong with it. What is taken in are targets and bodies that a plain reader finds too.
@c(LLVMFuzzerTestOneInput)
public func fuzzFraming(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = Array(UnsafeBufferPointer(start: bytes, count: count))
  guard input.count > 3 else { return 0 }
  let stream = input[3...]
  // How HTTP/2 begins: the decoder waits for all of that preface and refuses it whole, which is no request to compare.
  guard !String(decoding: stream, as: UTF8.self).contains("PRI ") else { return 0 }
  let whole = read([stream])
  expect(read(pieces(stream, input[0], input[1], input[2])) == whole, "a cut changes what is read: \(whole)")
  check(whole, PlainReader(Array(stream)))
  return 0
}

/// Two pieces, or many of one length.
private func pieces(_ stream: ArraySlice<UInt8>, _ kind: UInt8, _ high: UInt8, _ low: UInt8) -> [ArraySlice<UInt8>] {
  guard kind % 4 == 0 else {
    let place = stream.startIndex + (Int(high) << 8 | Int(low)) % stream.count
    return [stream[..<place], stream[place...]]
  }
  let length = 1 + Int(low) % 8
  return stride(from: stream.startIndex, to: stream.endIndex, by: length).map { stream[$0...].prefix(length) }
}

private func check(_ reading: Reading, _ plain: PlainReader) {
  expect(reading.requests.count <= plain.requests.count, "a request that is none: \(reading)")
  for (request, other) in zip(reading.requests, plain.requests) {
    let target = String(decoding: other.target, as: UTF8.self)
    expect(request.target == target, "\(request.target) for \(target)")
    expect(!target.hasPrefix("/") || request.path == target, "\(request.path) for \(target)")
    expect(!request.isWhole || other.isWhole, "a body ends early: \(request)")
    expect(request.isWhole ? request.body == other.body : other.body.starts(with: request.body), "\(request) \(other)")
    expect(!request.isWhole || request.announcedBytes ?? request.body.count == request.body.count, "\(request)")
  }
  guard reading.answer.isEmpty, !plain.hasFault else { return }
  expect(reading.requests.count == plain.requests.count, "requests are missing: \(reading)")
  for (request, other) in zip(reading.requests, plain.requests) {
    expect(request.isWhole == other.isWhole && request.body == other.body, "parts are missing: \(request) \(other)")
  }
}

/// The result of a stream.
private struct Reading: Equatable {
  struct Request: Equatable {
    /// As it came, and as the gateway sees it.
    var target: String
    var path: String
    var body: [UInt8] = []
    var isWhole = false
    var announcedBytes: Int?
  }

  var requests: [Request] = []
  /// What the server said to a stream that it does not take.
  var answer: [UInt8] = []
}

/// Reads pieces, and then the end of the stream, as `GatewayServer` does.
private func read(_ pieces: [ArraySlice<UInt8>]) -> Reading {
  let channel = EmbeddedChannel()
  let reader = RequestReader()
  let targets = TargetReader()
  let pipeline = channel.pipeline.syncOperations
  do {
    try pipeline.configureHTTPServerPipeline(
      withPipeliningAssistance: false, withErrorHandling: false, withOutboundHeaderValidation: false)
    let codec = HTTP1ToHTTPServerCodec(secure: false)
    try pipeline.addHandlers(codec, ConnectionHandler(table: ConnectionTable()), ParseFaultHandler(), reader)
    try pipeline.addHandler(targets, position: .before(codec))
    channel.pipeline.fireChannelActive()
    for piece in pieces { try channel.writeInbound(ByteBuffer(bytes: piece)) }
    var reading = reader.reading
    for index in reading.requests.indices { reading.requests[index].target = targets.targets[index] }
    while let part = try channel.readOutbound(as: ByteBuffer.self) { reading.answer += part.readableBytesView }
    channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
    _ = try channel.finish(acceptAlreadyClosed: true)
    let ended = reader.reading.requests.count { $0.isWhole }
    expect(ended == reading.requests.count { $0.isWhole }, "the end of the stream ends a request: \(reading)")
    return reading
  } catch { fatalError("the channel fails: \(error)") }
}

/// Stands where requests reach the gateway.
private final class RequestReader: ChannelInboundHandler {
  typealias InboundIn = HTTPRequestPart

  var reading = Reading()

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let last = reading.requests.count - 1
    switch unwrapInboundIn(data) {
    case .head(let head):
      expect(last < 0 || reading.requests[last].isWhole, "a head within a body")
      var request = IncomingRequest(
        id: "", method: head.method.rawValue, path: "", headers: head.headerFields, body: [], isLoopback: true,
        startNanoseconds: 0)
      request.path = head.path ?? ""
      reading.requests.append(.init(target: "", path: request.path, announcedBytes: request.announcedBytes))
    case .body(let bytes):
      expect(last >= 0 && !reading.requests[last].isWhole, "a body without a head")
      reading.requests[last].body += bytes.readableBytesView
    case .end:
      expect(last >= 0 && !reading.requests[last].isWhole, "an end without a head")
      reading.requests[last].isWhole = true
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {}
}

/// Sees targets before they are made paths.
private final class TargetReader: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias InboundOut = HTTPServerRequestPart

  var targets: [String] = []

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if case .head(let head) = unwrapInboundIn(data) { targets.append(head.uri) }
    context.fireChannelRead(data)
  }
}
