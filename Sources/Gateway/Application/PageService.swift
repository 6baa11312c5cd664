import GatewayCore
import Logging
import ServiceLifecycle

/// The operator's page at its own address.
struct PageService: Service {
  let server: GatewayServer
  let address: ListenAddress
  let logger: Logger
  /// Whether the gateway serves its clients where the page's address is taken: a demo does.
  let isOptional: Bool

  init(
    _ gateway: SwappableGateway, at address: ListenAddress, isOptional: Bool, logger: Logger,
    onListening: @escaping @Sendable (Int) -> Void = { _ in }
  ) {
    (self.address, self.isOptional, self.logger) = (address, isOptional, logger)
    let page = OperatorPage(gateway)
    server = GatewayServer(
      address: address, handler: PagePath(page: page, table: PageTable(PageRoute.all)),
      connections: gateway.shared.pageConnections, group: gateway.shared.group, logger: logger
    ) { [logger] port in
      logger.info("the operator's page is there", metadata: ["address": "http://\(address.host):\(port)/"])
      onListening(port)
      Task(priority: .background) { await page.prepare() }
    }
  }

  func run() async throws {
    do { try await server.run() } catch {
      guard isOptional else {
        throw StartFailure(
          exitStatus: 74, "the operator's page: \(address.problem(error))")
      }
      logger.warning(
        "the operator's page cannot listen; the gateway serves without it",
        metadata: ["address": "\(address.host):\(address.port)", "error": "\(error)"])
      try await gracefulShutdown()
    }
  }
}
