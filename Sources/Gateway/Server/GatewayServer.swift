import GatewayCore
import HummingbirdCore
import Logging
import NIOCore
import ServiceLifecycle

/// Listens and takes requests in. What becomes of them is the handler's.
struct GatewayServer: Service {
  let address: ListenAddress
  let handler: any RequestHandler
  let connections: ConnectionTable
  let group: any EventLoopGroup
  let logger: Logger
  /// Called once, with the port that was bound.
  let onListening: @Sendable (_ port: Int) async -> Void

  /// Serves until a graceful shutdown, and then until the last request is answered.
  /// - Throws: where the address cannot be bound.
  func run() async throws {
    let (handler, onListening) = (handler, onListening)
    let server = try channelBuilder.buildServer(
      configuration: ServerConfiguration(
        address: .hostname(address.host, port: address.port), serverName: nil, backlog: 1024),
      eventLoopGroup: group, logger: logger
    ) { [connections] request, writer, channel in
      guard let connection = connections.connection(of: channel) else { return }
      try await handler.serve(Arrival(request, connection), writer)
    } onServerRunning: { channel in
      await onListening(channel.localAddress?.port ?? 0)
    }
    try await server.run()
  }

  /// Header limits here are above ``IncomingRequest/maximumHeaderBytes``, so that most of what is too long gets its answer there.
  private var channelBuilder: HTTPServerBuilder {
    let connections = connections
    return .http1(
      configuration: HTTP1Channel.Configuration(
        additionalChannelHandlers: [ConnectionHandler(table: connections), ParseFaultHandler()],
        idleTimeout: .nanoseconds(Int64(connections.limits.idleSeconds * 1e9)),
        httpDecoderConfiguration: .init(
          maxHeaderFieldSize: 2 * IncomingRequest.maximumHeaderBytes,
          maxHeaderListSize: 2 * IncomingRequest.maximumHeaderBytes,
          maxHeaderFieldCount: 10_000)))
  }
}
