import AsyncHTTPClient
import Foundation
import Logging
import NIOCore
import NIOPosix
import Ockham
import ServiceLifecycle
import TextKit

@testable import ChatProtocols
@testable import Gateway
@testable import GatewayCore

/// A gateway that listens on a free port of loopback, with a configuration made in the test.
final class TestGateway: Sendable {
  let live: SwappableGateway
  let port: Int
  private let services: ServiceGroup
  private let task: Task<Void, any Error>

  /// Not the shared client: its read timeout trips over servers that answer before they read the whole request.
  /// Many calls of one test go at once, and a busy machine is no failure.
  private static let client: HTTPClient = {
    var configuration = HTTPClient.Configuration(timeout: .init(connect: .seconds(600)))
    configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 128
    return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
  }()

  /// An answer as a client sees it.
  struct Seen: Sendable {
    var status: Int
    var headers: [String: String]
    var text: String

    /// The `code` of an error.
    var code: String? {
      let object = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
      return (object?["error"] as? [String: Any])?["code"] as? String
    }
  }

  static func start(
    _ configuration: GatewayConfiguration, model: Model? = nil, telemetry: TelemetryRecorder? = nil,
    ledger: any Ledger = MemoryLedger(), hints: any HintStore = MemoryHints(), environment: [String: String] = [:],
    catalogue: PriceCatalogue = .shipped
  ) async throws -> TestGateway {
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    let shared = SharedResources(
      clock: .system, group: MultiThreadedEventLoopGroup.singleton, metrics: GatewayMetrics(), telemetry: telemetry,
      ledger: ledger, hints: hints,
      spans: nil,
      limits: configuration.limits, connections: configuration.connections, logger: logger)
    let runtime = try ConfiguredGateway(
      configuration: configuration, model: model, catalogue: catalogue, environment: { environment[$0] },
      shared: shared)
    let live = SwappableGateway(runtime: runtime, shared: shared, environment: { environment[$0] }) {
      (earlier) throws(GatewayError) in earlier
    }
    return try await serve(live, configuration, logger)
  }

  static func serve(
    _ live: SwappableGateway, _ configuration: GatewayConfiguration, _ logger: Logger
  ) async throws -> TestGateway {
    let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
    let shared = live.shared
    let server = GatewayServer(
      address: ListenAddress(host: "127.0.0.1", port: 0),
      handler: RequestPath(
        gateway: live, endpoints: EndpointTable(EndpointRoute.all), maximumBodyBytes: configuration.limits.bodyBytes),
      connections: shared.connections, group: shared.group, logger: logger
    ) { continuation.yield($0) }
    var group = ServiceGroupConfiguration(
      services: [HousekeepingService(gateway: live), DrainedService(server: server, gateway: live)], logger: logger)
    group.maximumGracefulShutdownDuration = .seconds(configuration.limits.drainSeconds)
    let services = ServiceGroup(configuration: group)
    let task = Task { try await services.run() }
    var iterator = ports.makeAsyncIterator()
    return TestGateway(live: live, port: await iterator.next() ?? 0, services: services, task: task)
  }

  private init(live: SwappableGateway, port: Int, services: ServiceGroup, task: Task<Void, any Error>) {
    self.live = live
    self.port = port
    self.services = services
    self.task = task
  }

  func stop() { task.cancel() }

  /// What SIGTERM does.
  func drain() async { await services.triggerGracefulShutdown() }

  /// Waits until everything has ended.
  func end() async { _ = await task.result }

  /// Sends a request and reads the answer to its end.
  func send(
    _ path: String, method: String = "POST", _ body: String? = nil, headers: [(String, String)] = []
  ) async throws -> Seen {
    var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)\(path)")
    request.method = .init(rawValue: method)
    if let body {
      request.headers.add(name: "content-type", value: "application/json")
      request.body = .bytes(ByteBuffer(string: body))
    }
    for (name, value) in headers { request.headers.replaceOrAdd(name: name, value: value) }
    let response = try await Self.client.execute(request, timeout: .seconds(600))
    var text = ByteBuffer()
    for try await part in response.body { text.writeImmutableBuffer(part) }
    return Seen(
      status: Int(response.status.code),
      headers: Dictionary(response.headers.map { ($0.name.lowercased(), $0.value) }) { first, _ in first },
      text: String(buffer: text))
  }

  /// A chat request with one user message.
  func chat(_ text: String = "hello", model: String = "small", stream: Bool = false) async throws -> Seen {
    try await send("/v1/chat/completions", Self.chatBody(text, model: model, stream: stream))
  }

  static func chatBody(_ text: String, model: String = "small", stream: Bool = false) -> String {
    #"{"model":"\#(model)","stream":\#(stream),"messages":[{"role":"user","content":"\#(text)"}]}"#
  }
}

extension GatewayConfiguration {
  /// One tier with a target for each base URL, tried in order. The timeouts are those of the first target;
  /// by themselves longer than a crowded machine needs.
  static func testing(_ baseURLs: String..., firstToken: Double = 600, idle: Double = 600, total: Double = 600)
    -> GatewayConfiguration
  {
    var configuration = GatewayConfiguration()
    var tier = TierConfiguration(name: "small", targets: [])
    for (index, baseURL) in baseURLs.enumerated() {
      let name = "p\(index)"
      var provider = ProviderConfiguration(name: name, kind: .openai, baseURL: baseURL)
      provider.timeouts.firstToken = index == 0 ? firstToken : 600
      provider.timeouts.idle = index == 0 ? idle : 600
      provider.timeouts.total = index == 0 ? total : 600
      provider.timeouts.connect = 600
      configuration.providers[name] = provider
      tier.targets.append(TargetConfiguration(name: "t\(index)", provider: name, model: "gpt-4o-mini"))
    }
    configuration.tiers = [tier]
    configuration.retries.baseMilliseconds = 1
    configuration.limits.answerBytes = 1 << 20
    configuration.telemetry.path = nil
    // A crowded machine may need long for what a client sends at once.
    configuration.connections.headSeconds = 3600
    configuration.connections.bodySeconds = 3600
    configuration.connections.unreadSeconds = 3600
    return configuration
  }
}
