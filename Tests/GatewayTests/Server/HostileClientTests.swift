import NIOCore
import NIOPosix
import Testing

@testable import ChatProtocols
@testable import Gateway
@testable import GatewayCore

/// What strangers and greedy clients try with connections. Each fails where a request reads before it knows who asks.
struct HostileClientTests {
  private static func configuration(_ baseURL: String = "http://127.0.0.1:1/v1") -> GatewayConfiguration {
    var configuration = GatewayConfiguration.testing(baseURL)
    configuration.keys = [KeyConfiguration(name: "a", sha256: VirtualKey.sha256("right".utf8))]
    return configuration
  }

  private static func head(_ path: String, key: String?, length: String, more: String = "") -> String {
    let authorization = key.map { "authorization: Bearer \($0)\r\n" } ?? ""
    return
      "POST \(path) HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n\(authorization)\(length)\(more)\r\n"
  }

  /// No place is taken, and no byte of the body waited for, before there is a key.
  @Test(
    .timeLimit(.minutes(20)),
    arguments: [
      ("/v1/chat/completions", "content-length: 31000000\r\n", "401"),
      ("/v1/chat/completions", "transfer-encoding: chunked\r\n", "401"),
      ("/v1/messages", "content-length: 100\r\n", "401"), ("/nowhere", "content-length: 31000000\r\n", "404"),
      ("/health", "content-length: 31000000\r\n", "405"),
    ])
  func withoutAKeyNoBodyIsWaitedFor(_ path: String, _ length: String, _ status: String) async throws {
    let gateway = try await TestGateway.start(Self.configuration())
    defer { gateway.stop() }
    let client = try await RawClient.connect(to: gateway.port)
    try await client.send(Self.head(path, key: nil, length: length) + (length.contains("chunked") ? "5\r\n{" : "{"))
    let text = try await client.text(until: "\r\n\r\n")
    #expect(text.hasPrefix("HTTP/1.1 \(status)"), "\(text.prefix(100))")
    #expect(gateway.live.shared.admission.counts == (0, 0) && gateway.live.shared.bodies.taken == 0)
    await client.close()
  }

  /// Probes answer without their bodies, and the connection of a long one ends.
  @Test(.timeLimit(.minutes(20)), arguments: ["/health", "/metrics", "/openapi.json", "/v1/models"])
  func bodiesOfProbesAreNotRead(_ path: String) async throws {
    let gateway = try await TestGateway.start(Self.configuration())
    defer { gateway.stop() }
    let client = try await RawClient.connect(to: gateway.port)
    try await client.send(
      "GET \(path) HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer right\r\ncontent-length: 33000000\r\n\r\n{")
    let text = try await client.text(until: nil)
    #expect(text.hasPrefix("HTTP/1.1 200") && text.contains("connection: close"), "\(text.prefix(200))")
    #expect(gateway.live.shared.bodies.taken == 0)
  }

  /// Slow heads and bodies end, with 408, however steadily they drip.
  @Test(.timeLimit(.minutes(20)), arguments: [true, false]) func whatDripsEnds(isHead: Bool) async throws {
    var configuration = Self.configuration()
    configuration.connections.headSeconds = 0.3
    configuration.connections.bodySeconds = 0.3
    let gateway = try await TestGateway.start(configuration)
    defer { gateway.stop() }
    let client = try await RawClient.connect(to: gateway.port)
    let whole = Self.head("/v1/chat/completions", key: "right", length: "content-length: 100000\r\n")
    try await client.send(isHead ? String(whole.prefix(40)) : whole)
    let drip = Task {
      while !Task.isCancelled {
        try await client.send("a")
        try await Task.sleep(for: .milliseconds(20))
      }
    }
    let text = try await client.text(until: nil)
    drip.cancel()
    #expect(text.hasPrefix("HTTP/1.1 408") && text.contains("request_timeout"), "\(text.prefix(200))")
    #expect(gateway.live.shared.bodies.taken == 0 || !isHead)
    #expect(gateway.live.shared.metrics.connectionsClosed[isHead ? "head" : "body"].value == 1)
  }

  /// Bodies beyond the room for all are refused, and the room is given back.
  @Test(.timeLimit(.minutes(20))) func bodiesBeyondTheRoomAreShed() async throws {
    var configuration = Self.configuration()
    configuration.limits.bufferedBytes = 90_000
    let gateway = try await TestGateway.start(configuration)
    defer { gateway.stop() }
    let greedy = try await RawClient.connect(to: gateway.port)
    try await greedy.send(
      Self.head("/v1/chat/completions", key: "right", length: "content-length: 80001\r\n")
        + String(repeating: " ", count: 80_000))
    while gateway.live.shared.bodies.taken < 80_000 { try await Task.sleep(for: .milliseconds(5)) }
    let next = try await gateway.send(
      "/v1/route", TestGateway.chatBody(String(repeating: "x", count: 20_000)),
      headers: [("authorization", "Bearer right")])
    #expect(next.status == 503 && next.code == "overloaded", "\(next.text)")
    await greedy.close()
    while gateway.live.shared.bodies.taken > 0 { try await Task.sleep(for: .milliseconds(5)) }
    let after = try await gateway.send(
      "/v1/route", TestGateway.chatBody("x"), headers: [("authorization", "Bearer right")])
    #expect(after.status == 200)
  }

  /// A client that takes nothing of a long answer is let go, and its call upstream ends.
  @Test(.timeLimit(.minutes(20))) func whoDoesNotReadIsLetGo() async throws {
    let upstream = try await FaultUpstream.start { _, _ in
      [FaultUpstream.streamHead] + (0..<4000).map { _ in FaultUpstream.chunk(String(repeating: "x", count: 4000)) }
        + [.awaitClose]
    }
    var configuration = Self.configuration(upstream.baseURL)
    configuration.connections.unreadSeconds = 0.3
    let gateway = try await TestGateway.start(configuration)
    defer { gateway.stop() }
    let body = TestGateway.chatBody("hello", stream: true)
    let client = try await RawClient.connect(to: gateway.port, reads: false)
    try await client.send(
      Self.head("/v1/chat/completions", key: "right", length: "content-length: \(body.utf8.count)\r\n") + body)
    let closed = gateway.live.shared.metrics.connectionsClosed["unread"]
    while closed.value == 0 { try await Task.sleep(for: .milliseconds(5)) }
    while gateway.live.shared.admission.counts.running > 0 { try await Task.sleep(for: .milliseconds(5)) }
    #expect(closed.value == 1)
    await client.close()
  }

  /// Connections beyond their number get 503; one that idles gives way to an address that holds fewer.
  @Test(.timeLimit(.minutes(20))) func connectionsAreBounded() async throws {
    var configuration = Self.configuration()
    configuration.connections.connections = 9
    let gateway = try await TestGateway.start(configuration)
    defer { gateway.stop() }
    var clients: [RawClient] = []
    for count in 1...8 {
      clients.append(try await RawClient.connect(to: gateway.port))
      while gateway.live.shared.connections.count < count { try await Task.sleep(for: .milliseconds(5)) }
    }
    let refused = try await RawClient.connect(to: gateway.port)
    #expect(try await refused.text(until: nil).hasPrefix("HTTP/1.1 503"))
    #expect(gateway.live.shared.connections.count == 8)
    let other = try await RawClient.connect(to: gateway.port, from: "127.0.0.2")
    try await other.send("GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n")
    #expect(try await other.text(until: "\r\n\r\n").hasPrefix("HTTP/1.1 200"))
    for client in clients + [other] { await client.close() }
  }

  /// What another program might read differently is refused. Source: RFC 9112.
  @Test(
    .timeLimit(.minutes(20)),
    arguments: [
      ("GET /health HTTP/1.1\r\n\r\n", "400"), ("GET /health HTTP/1.1\r\nhost: a\r\nhost: a\r\n\r\n", "400"),
      ("GET /health HTTP/1.0\r\n\r\n", "200"),
      ("POST /v1/route HTTP/1.1\r\nhost: a\r\ntransfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n", "400"),
      (
        "POST /v1/route HTTP/1.1\r\nhost: a\r\ntransfer-encoding: identity\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        "400"
      ),
      ("POST /v1/route HTTP/1.0\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n", "400"),
      ("GET /health?\(String(repeating: "a", count: 20_000)) HTTP/1.1\r\nhost: a\r\n\r\n", "414"),
      ("GET /health HTTP/1.1\r\nhost: a\r\nx: \(String(repeating: "a", count: 70_000))\r\n\r\n", "431"),
      (
        head("/v1/route", key: "right", length: "content-length: 99999999\r\n", more: "expect: 100-continue\r\n"),
        "413"
      ),
      (
        head("/v1/route", key: "right", length: "transfer-encoding: chunked\r\n") + "1;"
          + String(repeating: "x", count: 200_000), "400"
      ),
    ])
  func oddFramingIsRefused(_ request: String, _ status: String) async throws {
    let gateway = try await TestGateway.start(Self.configuration())
    defer { gateway.stop() }
    let client = try await RawClient.connect(to: gateway.port)
    try await client.send(request)
    let text = try await client.text(until: "\r\n\r\n")
    #expect(text.dropFirst("HTTP/1.1 ".count).hasPrefix(status), "\(text.prefix(200))")
    await client.close()
  }

  /// A client that asks for one answer gets the end of the connection behind it: in HTTP/1.0 by its version, whatever it
  /// asks for beside, in any spelling of 1.1.
  @Test(
    .timeLimit(.minutes(20)),
    arguments: [
      "HTTP/1.0\r\n", "HTTP/1.0\r\nconnection: keep-alive\r\n",
      "HTTP/1.1\r\nhost: localhost\r\nConnection: Close\r\n",
      "HTTP/1.1\r\nhost: localhost\r\nconnection: te, close\r\n",
    ])
  func theLastAnswerEndsTheConnection(_ rest: String) async throws {
    let gateway = try await TestGateway.start(Self.configuration())
    defer { gateway.stop() }
    let client = try await RawClient.connect(to: gateway.port)
    try await client.send("GET /health \(rest)\r\n")
    #expect(try await client.text(until: nil).contains("ok"))
  }
}

/// A client that sends bytes as they are.
struct RawClient: Sendable {
  private let channel: any Channel
  private let parts: AsyncStream<ByteBuffer>

  /// - Parameter reads: whether it takes what it is sent.
  static func connect(to port: Int, from address: String? = nil, reads: Bool = true) async throws -> RawClient {
    let (parts, continuation) = AsyncStream.makeStream(of: ByteBuffer.self)
    var bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .channelOption(.autoRead, value: reads).channelOption(.socketOption(.so_rcvbuf), value: 64 << 10)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(Reader(continuation: continuation))
        }
      }
    if let address { bootstrap = bootstrap.bind(to: try SocketAddress(ipAddress: address, port: 0)) }
    return RawClient(channel: try await bootstrap.connect(host: "127.0.0.1", port: port).get(), parts: parts)
  }

  func send(_ text: String) async throws { try await channel.writeAndFlush(ByteBuffer(string: text)) }

  /// What came up to a text, or to the end.
  func text(until end: String?) async throws -> String {
    var text = ""
    for await part in parts {
      text += String(buffer: part)
      if let end, text.contains(end) { return text }
    }
    return text
  }

  func close() async { try? await channel.close() }

  private final class Reader: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private let continuation: AsyncStream<ByteBuffer>.Continuation

    init(continuation: AsyncStream<ByteBuffer>.Continuation) { self.continuation = continuation }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) { continuation.yield(unwrapInboundIn(data)) }
    func channelInactive(context: ChannelHandlerContext) { continuation.finish() }
    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
  }
}
