import HTTPTypes
import NIOCore
import NIOEmbedded
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1
import Testing

@testable import Gateway

/// Where one request ends and the next begins: what another program could read differently is no request.
struct FramingTests {
  private static let get = "GET / HTTP/1.1\r\nhost: a\r\n"

  @Test(arguments: [
    // In lower case the sign for kelvin is a k to Swift.
    "transfer-encoding: chun\u{212A}ed\r\n", "transfer-encoding: chunked, chunked\r\n",
    "transfer-encoding: identity\r\n",
    "transfer-encoding: chunked\r\ntransfer-encoding: chunked\r\n",
    "content-length: 1\r\ntransfer-encoding: chunked\r\n",
    "content-length: 1\r\ncontent-length: 1\r\n", "content-length: 1, 1\r\n", "content-length: +1\r\n",
    "content-length : 1\r\n", "content-length:\r\n 1\r\n", "x: a\r\n b\r\n", "x: a\n", "x: a\rb\r\n", "host: a\r\n",
  ])
  func ambiguousHeadsAreNoRequests(_ lines: String) throws {
    let server = try Server()
    try server.send(Self.get + lines + "\r\n0\r\n\r\n")
    #expect(server.reader.targets.isEmpty)
    #expect(try server.answers().hasPrefix("HTTP/1.1 400 "))
  }

  @Test(arguments: ["1 \r\na\r\n", "1\na\r\n", "0x1\r\na\r\n", "1\r\nab\r\n", "ffffffffffffffff1\r\na\r\n", "\r\n"])
  func ambiguousChunksEndNoBody(_ chunk: String) throws {
    let server = try Server()
    try server.send(Self.get + "transfer-encoding: chunked\r\n\r\n" + chunk + "0\r\n\r\n")
    #expect(server.reader.ends == 0)
    #expect(try server.answers().hasPrefix("HTTP/1.1 400 "))
  }

  /// The decoder reads nothing behind a request that asks for another protocol. Its answer is then the last, and what a client
  /// sends behind it waits at the client, instead of in memory without bound.
  @Test(arguments: ["connection: upgrade\r\nupgrade: h2c\r\n", "upgrade: h2c\r\n", nil])
  func whatLeavesHTTPIsTheLast(_ lines: String?) throws {
    let server = try Server()
    try server.send(lines.map { Self.get + $0 + "\r\n" } ?? "CONNECT a:1 HTTP/1.1\r\nhost: a\r\n\r\n")
    #expect(server.reader.ends == 1)
    let reads = server.reads.count
    server.channel.pipeline.read()
    #expect(server.reads.count == reads)
    try server.answer()
    #expect(try server.answers().lowercased().contains("connection: close"))
    server.channel.pipeline.read()
    #expect(server.reads.count == reads)
  }

  /// Chunks are unknown to HTTP/1.0: its answers end with the connection, also where it asks to keep that.
  @Test(arguments: ["", "connection: keep-alive\r\n"])
  func anOldClientGetsNoChunks(_ lines: String) throws {
    let server = try Server()
    try server.send("GET / HTTP/1.0\r\n" + lines + "\r\n")
    try server.stream("data: x\n\n")
    let answers = try server.answers()
    #expect(answers.lowercased().contains("connection: close\r\n"))
    #expect(!answers.lowercased().contains("transfer-encoding"))
    #expect(answers.hasSuffix("\r\n\r\ndata: x\n\n"))
  }

  @Test func aClientOfTodayGetsChunks() throws {
    let server = try Server()
    try server.send(Self.get + "\r\n")
    try server.stream("data: x\n\n")
    #expect(try server.answers().lowercased().contains("transfer-encoding: chunked\r\n"))
  }

  @Test func answersBeforeTheLastKeepTheConnection() throws {
    let server = try Server()
    try server.send(Self.get + "\r\n" + Self.get + "connection: upgrade\r\nupgrade: h2c\r\ncontent-length: 1\r\n\r\n")
    #expect(server.reader.targets.count == 2 && server.reader.ends == 1)
    let reads = server.reads.count
    // The body of the last is still to come.
    server.channel.pipeline.read()
    #expect(server.reads.count == reads + 1)
    try server.send("a")
    #expect(server.reader.ends == 2)
    try server.answer()
    #expect(try !server.answers().lowercased().contains("connection: close"))
    try server.answer()
    #expect(try server.answers().lowercased().contains("connection: close"))
  }
}

/// The handlers of one connection, in memory.
private struct Server {
  let channel = EmbeddedChannel()
  let reads = ReadCounter()
  let reader = RequestReader()

  init() throws {
    let pipeline = channel.pipeline.syncOperations
    try pipeline.configureHTTPServerPipeline(withPipeliningAssistance: false, withErrorHandling: false)
    try pipeline.addHandlers(
      HTTP1ToHTTPServerCodec(secure: false), ConnectionHandler(table: ConnectionTable()), ParseFaultHandler(), reader)
    try pipeline.addHandler(reads, position: .first)
    channel.pipeline.fireChannelActive()
  }

  func send(_ text: String) throws { try channel.writeInbound(ByteBuffer(string: text)) }

  /// Answers the first request that is not answered.
  func answer() throws {
    try channel.writeOutbound(HTTPResponsePart.head(HTTPResponse(status: .ok, headerFields: [.contentLength: "0"])))
    try channel.writeOutbound(HTTPResponsePart.end(nil))
  }

  /// Answers it with a body whose length is not said.
  func stream(_ text: String) throws {
    try channel.writeOutbound(HTTPResponsePart.head(HTTPResponse(status: .ok)))
    try channel.writeOutbound(HTTPResponsePart.body(ByteBuffer(string: text)))
    try channel.writeOutbound(HTTPResponsePart.end([.init("x-late")!: "1"]))
  }

  /// What was sent since the last call.
  func answers() throws -> String {
    var text = ""
    while let part = try channel.readOutbound(as: ByteBuffer.self) { text += String(buffer: part) }
    return text
  }
}

private final class RequestReader: ChannelInboundHandler {
  typealias InboundIn = HTTPRequestPart

  var targets: [String?] = []
  var ends = 0

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head): targets.append(head.path)
    case .body: break
    case .end: ends += 1
    }
  }

  /// What comes behind a fault may be faulty too.
  func errorCaught(context: ChannelHandlerContext, error: any Error) {}
}

private final class ReadCounter: ChannelOutboundHandler {
  typealias OutboundIn = ByteBuffer

  var count = 0

  func read(context: ChannelHandlerContext) {
    count += 1
    context.read()
  }
}
