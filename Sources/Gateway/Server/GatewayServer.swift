import GatewayCore
import HummingbirdCore
import Logging
import NIOCore
import ServiceLifecycle

/// Listens and takes requests in. What becomes of them is the handler's.
struct GatewayServer: Service {
  let address: ListenAddress
  let handler: any RequestHandler
  let presences: PresenceTable
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
    ) { [presences] request, writer, channel in
      let arrival = Arrival(
        request, isLoopback: channel.remoteAddress?.isLoopback ?? false,
        presence: presences.presence(of: channel) ?? ClientPresence())
      try await handler.serve(arrival, writer)
    } onServerRunning: { channel in
      await onListening(channel.localAddress?.port ?? 0)
    }
    try await server.run()
  }

  /// Header limits here are far above ``Arrival/maximumHeaderBytes``, so that those get a proper answer.
  private var channelBuilder: HTTPServerBuilder {
    let presences = presences
    return .http1(
      configuration: HTTP1Channel.Configuration(
        additionalChannelHandlers: [PresenceHandler(table: presences), ParseFaultHandler()],
        idleTimeout: .seconds(300),
        httpDecoderConfiguration: .init(
          maxHeaderFieldSize: 1 << 20, maxHeaderListSize: 1 << 20, maxHeaderFieldCount: 10_000)))
  }
}

extension SocketAddress {
  /// Whether the address is of this machine alone.
  var isLoopback: Bool {
    switch ipAddress {
    case .some(let text): text == "::1" || text.hasPrefix("127.") || text.hasPrefix("::ffff:127.")
    case nil: true
    }
  }
}
