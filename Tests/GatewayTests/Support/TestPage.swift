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

/// The operator's page on a free port of loopback, over a database of invented traffic.
final class TestPage: Sendable {
  let live: SwappableGateway
  let port: Int
  private let task: Task<Void, any Error>

  /// Redirects are answers here.
  private static let client = HTTPClient(
    eventLoopGroupProvider: .singleton, configuration: .init(redirectConfiguration: .disallow))

  static let keys = ["READER": "reader-key-000001", "RATER": "rater-key-0000002", "BOSS": "boss-key-00000003"]

  /// Three roles, each with a key of its own.
  static var roles: AdminConfiguration {
    var admin = AdminConfiguration()
    admin.holders = [
      .init(name: "viewer", key: .variable("READER"), role: .read),
      .init(name: "ann", key: .sha256(VirtualKey.sha256("rater-key-0000002".utf8)), role: .rate),
      .init(name: "boss", key: .variable("BOSS"), role: .administer),
    ]
    return admin
  }

  static func start(
    _ admin: AdminConfiguration = AdminConfiguration(), file: SQLiteFile? = nil, model: Model? = nil,
    now: Double = Traces.time,
    _ change: (inout GatewayConfiguration) -> Void = { _ in }
  ) async throws -> TestPage {
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    var configuration = GatewayConfiguration.demo()
    configuration.admin = admin
    configuration.hasModel = model != nil
    change(&configuration)
    let recorder = file.map {
      TelemetryRecorder(
        SQLiteTelemetry($0), settings: TelemetrySettings(prompts: .full), pauseSeconds: 0.01, logger: logger,
        now: { now })
    }
    var clock = GatewayClock.system
    clock.unixSeconds = { now }
    let shared = SharedResources(
      clock: clock, group: MultiThreadedEventLoopGroup.singleton, metrics: GatewayMetrics(), telemetry: recorder,
      audit: try file.map { try SQLiteAudit($0) }, spans: nil, logger: logger)
    let environment: @Sendable (String) -> String? = { keys[$0] }
    let runtime = try ConfiguredGateway(
      configuration: configuration, model: model, catalogue: .shipped, environment: environment, shared: shared)
    let live = SwappableGateway(runtime: runtime, shared: shared, environment: environment) {
      (earlier) throws(GatewayError) in earlier
    }
    let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
    let service = PageService(
      live, at: ListenAddress(host: "127.0.0.1", port: 0), isOptional: false, logger: logger
    ) { continuation.yield($0) }
    let services = ServiceGroup(configuration: ServiceGroupConfiguration(services: [service], logger: logger))
    let task = Task { try await services.run() }
    var iterator = ports.makeAsyncIterator()
    return TestPage(live: live, port: await iterator.next() ?? 0, task: task)
  }

  private init(live: SwappableGateway, port: Int, task: Task<Void, any Error>) {
    (self.live, self.port, self.task) = (live, port, task)
  }

  func stop() { task.cancel() }

  func get(_ path: String, _ headers: [(String, String)] = []) async throws -> TestGateway.Seen {
    try await send("GET", path, nil, headers)
  }

  /// Sends a form.
  func post(
    _ path: String, _ form: [(String, String)], _ headers: [(String, String)] = []
  ) async throws -> TestGateway.Seen {
    let text = form.map { "\($0.0)=\(PageSelection.escaped($0.1))" }.joined(separator: "&")
    return try await send("POST", path, text, [("content-type", "application/x-www-form-urlencoded")] + headers)
  }

  func send(
    _ method: String, _ path: String, _ body: String?, _ headers: [(String, String)]
  ) async throws -> TestGateway.Seen {
    var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)\(path)")
    request.method = .init(rawValue: method)
    if let body { request.body = .bytes(ByteBuffer(string: body)) }
    for (name, value) in headers { request.headers.replaceOrAdd(name: name, value: value) }
    let response = try await Self.client.execute(request, timeout: .seconds(600))
    var text = ByteBuffer()
    for try await part in response.body { text.writeImmutableBuffer(part) }
    return TestGateway.Seen(
      status: Int(response.status.code),
      headers: Dictionary(response.headers.map { ($0.name.lowercased(), $0.value) }) { first, _ in first },
      text: String(buffer: text))
  }

  /// What the page is told as it happens.
  func events() async throws -> HTTPClientResponse.Body {
    let request = HTTPClientRequest(url: "http://127.0.0.1:\(port)/admin/api/events")
    return try await Self.client.execute(request, timeout: .seconds(600)).body
  }

  /// Logs in, and returns the cookie and the token of actions.
  func logIn(_ key: String) async throws -> (cookie: String, token: String) {
    let seen = try await post("/login", [("key", key)])
    let cookie = String((seen.headers["set-cookie"] ?? "").prefix { $0 != ";" })
    let session = try JSONParser.parse(Array(try await get("/admin/api/session", [("cookie", cookie)]).text.utf8))
    return (cookie, session["action_token"]?.string ?? "")
  }

  func json(_ path: String, _ headers: [(String, String)] = []) async throws -> JSONNode {
    try JSONParser.parse(Array(try await get(path, headers).text.utf8))
  }
}
