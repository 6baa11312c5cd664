import Foundation
import GatewayCore
import Logging
import Testing
import TextKit

@testable import Gateway

/// What the holder of a key sees of the ledger, over HTTP and over a restart.
@Suite struct AccountTests {
  private let folder: TelemetryFolder

  init() throws { folder = try TelemetryFolder() }

  private func stores() throws -> GatewayStores {
    var configuration = TelemetryConfiguration()
    configuration.path = folder.database
    return try GatewayStores.open(
      configuration, settings: TelemetrySettings(), logger: Logger(label: "test"),
      now: GatewayClock.system.unixSeconds)
  }

  private func key(monthlyUSD: Double) -> KeyConfiguration {
    var key = KeyConfiguration(name: "team", sha256: VirtualKey.sha256("k".utf8))
    (key.monthlyBudgetUSD, key.requestsPerMinute, key.tokensPerMinute) = (monthlyUSD, 10, 1000)
    return key
  }

  private func start(
    _ upstream: FaultUpstream, _ key: KeyConfiguration, _ stores: GatewayStores
  ) async throws -> TestGateway {
    var configuration = GatewayConfiguration.testing(upstream.baseURL)
    configuration.keys = [key]
    let prices = #"{"gpt-4o-mini":{"input_cost_per_token":1e-6,"output_cost_per_token":2e-6}}"#
    return try await TestGateway.start(
      configuration, telemetry: stores.telemetry, ledger: stores.ledger,
      catalogue: PriceCatalogue(json: Array(prices.utf8)))
  }

  private func embed(_ gateway: TestGateway) async throws -> TestGateway.Seen {
    try await gateway.send(
      "/v1/embeddings", #"{"model":"t0","input":"some words"}"#, headers: [("authorization", "Bearer k")])
  }

  /// Chat and embeddings draw on one account; what they spent outlives the gateway.
  @Test func oneAccountOverARestart() async throws {
    let upstream = try await FaultUpstream.start { _, _ in [FaultUpstream.completion("yes")] }
    let first = try stores()
    var key = key(monthlyUSD: 0.002)
    var gateway = try await start(upstream, key, first)
    let chat = try await gateway.send(
      "/v1/chat/completions", TestGateway.chatBody("x"), headers: [("authorization", "Bearer k")])
    let embedding = try await embed(gateway)
    #expect(chat.status == 200 && embedding.status == 200, "\(embedding.text)")
    #expect(chat.headers["x-ratelimit-remaining-requests"] == "9")
    let standing = await first.ledger.standing(of: key, at: GatewayClock.system.unixSeconds())
    // Ten tokens and five of the answer, then ten.
    #expect(abs(standing.spend.monthUSD - 30e-6) < 1e-12)
    gateway.stop()
    await first.close()

    let second = try stores()
    key = self.key(monthlyUSD: 35e-6)
    gateway = try await start(upstream, key, second)
    let refused = try await embed(gateway)
    #expect(refused.status == 429 && refused.code == "budget_exceeded" && refused.headers["retry-after"] != nil)
    let left = await second.ledger.standing(of: key, at: GatewayClock.system.unixSeconds())
    #expect(abs(left.spend.monthUSD - 30e-6) < 1e-12 && left.spend.unpricedRequests == 0)
    #expect(upstream.requests.count == 2)
    // The log reports both.
    #expect(try await second.telemetry?.store.spending(sinceDay: 0).map(\.requests) == [2])
    gateway.stop()
    await second.close()
  }

  /// Without a file nothing is kept, and budgets hold as long as the process.
  @Test func withoutAFile() async throws {
    var configuration = TelemetryConfiguration()
    configuration.path = nil
    let stores = try GatewayStores.open(
      configuration, settings: TelemetrySettings(), logger: Logger(label: "test"), now: { 0 })
    #expect(stores.telemetry == nil && stores.ledger is MemoryLedger)
    await stores.close()
  }
}
