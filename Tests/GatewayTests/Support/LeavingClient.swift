import NIOCore
import NIOPosix
import Synchronization

/// A client that sends a request over a plain connection, reads for as long as it likes, and leaves.
final class LeavingClient: Sendable {
  private let channel: any Channel
  private let count: ByteCount

  private final class ByteCount: Sendable {
    let bytes = Mutex(0)
  }

  private final class Reader: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let count: ByteCount

    init(_ count: ByteCount) { self.count = count }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      let length = unwrapInboundIn(data).readableBytes
      count.bytes.withLock { $0 += length }
    }
  }

  /// Connects to a port of loopback and sends a request with a JSON body.
  init(port: Int, path: String, _ body: String, key: String = "k") async throws {
    let count = ByteCount()
    self.count = count
    channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Reader(count)) }
      }
      .connect(host: "127.0.0.1", port: port).get()
    let head = [
      "POST \(path) HTTP/1.1", "host: 127.0.0.1", "authorization: Bearer \(key)", "content-type: application/json",
      "content-length: \(body.utf8.count)",
    ]
    try await channel.writeAndFlush(ByteBuffer(string: head.joined(separator: "\r\n") + "\r\n\r\n" + body))
  }

  /// Bytes that came so far, the head among them.
  var receivedBytes: Int { count.bytes.withLock { $0 } }

  func leave() async { try? await channel.close() }
}

/// Waits for something that comes about by itself; a busy machine may take its time.
func eventually(_ holds: () async -> Bool) async throws {
  while !(await holds()) { try await Task.sleep(for: .milliseconds(5)) }
}
