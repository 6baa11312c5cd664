import Foundation
import GRDB
import Logging
import Ockham
import Testing
import TextKit

@testable import Gateway
@testable import GatewayCore

/// What a client and an operator see of accounts, cascades, ensembles, feedback and reloads, over HTTP.
struct ServiceTests {
  private static func price() throws -> PriceCatalogue {
    try PriceCatalogue(
      json: Array(#"{"gpt-4o-mini":{"input_cost_per_token":1e-6,"output_cost_per_token":2e-6}}"#.utf8))
  }

  @Test func tellsWhatAnAnswerCost() async throws {
    let upstream = try await FaultUpstream.start { _, request in
      String(decoding: request.body, as: UTF8.self).contains("\"stream\":true")
        ? [FaultUpstream.streamHead, FaultUpstream.chunk("yes"), FaultUpstream.streamEnd, .close]
        : [FaultUpstream.completion("yes")]
    }
    let gateway = try await TestGateway.start(.testing(upstream.baseURL), catalogue: Self.price())
    defer { gateway.stop() }
    let whole = try await gateway.chat()
    #expect(whole.headers["x-ockham-cost-usd"] == "0.00002")
    #expect(whole.headers["x-ockham-tier"] == "small" && whole.headers["x-ockham-model"] == "gpt-4o-mini")
    let stream = try await gateway.chat(stream: true)
    #expect(!stream.text.contains("\"usage\":{"), "the client did not ask for usage: \(stream.text)")
    let metrics = try await gateway.send("/metrics", method: "GET")
    #expect(
      metrics.text.contains("ockham_gateway_cost_usd_total{tier=\"small\",target=\"t0\"} 4e-05")
        || metrics.text.contains("0.00004"), "\(metrics.text)")
  }

  @Test func anUnknownPriceIsUnknown() async throws {
    let upstream = try await FaultUpstream.start { _, _ in [FaultUpstream.completion("yes")] }
    let gateway = try await TestGateway.start(.testing(upstream.baseURL), catalogue: PriceCatalogue(prices: [:]))
    defer { gateway.stop() }
    #expect(try await gateway.chat().headers["x-ockham-cost-usd"] == nil)
  }

  @Test func changesNothingButTheModelsName() async throws {
    let upstream = try await FaultUpstream.start { _, _ in [FaultUpstream.completion("yes")] }
    let gateway = try await TestGateway.start(.testing(upstream.baseURL))
    defer { gateway.stop() }
    let body =
      #"{ "messages" : [ {"content":"h\u00e9 \n","role":"user"} ], "model":"small","x_new":[1.50,{"a":null}] }"#
    _ = try await gateway.send("/v1/chat/completions", body)
    let sent = String(decoding: upstream.requests[0].body, as: UTF8.self)
    #expect(sent == body.replacingOccurrences(of: "\"small\"", with: "\"gpt-4o-mini\""))
  }

  @Test func aCascadeMovesUpOnceAndCountsBoth() async throws {
    let small = try await FaultUpstream.start { _, _ in [FaultUpstream.completion("")] }
    let large = try await FaultUpstream.start { _, _ in [FaultUpstream.completion("a proper answer")] }
    var configuration = GatewayConfiguration.testing(small.baseURL, large.baseURL)
    var upper = TierConfiguration(name: "frontier", targets: [configuration.tiers[0].targets.removeLast()])
    upper.targets[0].name = "large"
    configuration.tiers.append(upper)
    configuration.policies["default"]?.cascade = CascadeConfiguration()
    let gateway = try await TestGateway.start(configuration, catalogue: Self.price())
    defer { gateway.stop() }
    for stream in [false, true] {
      let seen = try await gateway.chat(model: "auto", stream: stream)
      #expect(seen.text.contains("a proper answer"), "\(seen.text)")
      #expect(seen.headers["x-ockham-attempts"] == "2" && seen.headers["x-ockham-tier"] == "frontier")
      #expect(seen.headers["x-ockham-cost-usd"] == "0.00004")
    }
  }

  @Test func anEnsembleSendsWhatMostSay() async throws {
    let upstream = try await FaultUpstream.start { number, _ in
      [FaultUpstream.completion(number == 0 ? "41" : "42")]
    }
    var configuration = GatewayConfiguration.testing(upstream.baseURL)
    configuration.policies["default"]?.ensemble = EnsembleConfiguration()
    let gateway = try await TestGateway.start(configuration)
    defer { gateway.stop() }
    let seen = try await gateway.chat(model: "auto")
    #expect(seen.text.contains("\"content\":\"42\""))
    #expect(seen.headers["x-ockham-attempts"] == "3")
  }

  @Test func aSpentBudgetRefuses() async throws {
    let upstream = try await FaultUpstream.start { _, _ in [FaultUpstream.completion("yes")] }
    var configuration = GatewayConfiguration.testing(upstream.baseURL)
    var key = KeyConfiguration(name: "team", sha256: VirtualKey.sha256("k".utf8))
    key.dailyBudgetUSD = 0.0015
    key.requestsPerMinute = 3
    configuration.keys = [key]
    let gateway = try await TestGateway.start(configuration, catalogue: Self.price())
    defer { gateway.stop() }
    let headers = [("authorization", "Bearer k")]
    let first = try await gateway.send("/v1/chat/completions", TestGateway.chatBody("x"), headers: headers)
    #expect(first.status == 200 && first.headers["x-ratelimit-remaining-requests"] == "2")
    let long = #"{"model":"small","max_tokens":100000,"messages":[{"role":"user","content":"x"}]}"#
    let expensive = try await gateway.send("/v1/chat/completions", long, headers: headers)
    #expect(expensive.status == 429 && expensive.code == "budget_exceeded" && expensive.headers["retry-after"] != nil)
    _ = try await gateway.send("/v1/chat/completions", TestGateway.chatBody("x"), headers: headers)
    let fast = try await gateway.send("/v1/chat/completions", TestGateway.chatBody("x"), headers: headers)
    #expect(fast.status == 429 && fast.code == "rate_limit_exceeded", "\(fast.text)")
    #expect(upstream.requests.count == 2)
  }

  @Test func feedbackBecomesAnOutcome() async throws {
    let upstream = try await FaultUpstream.start { _, _ in [FaultUpstream.completion("yes")] }
    let path = FileManager.default.temporaryDirectory.appending(path: "ockham-\(UUID()).sqlite").path
    defer { for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) } }
    var settings = TelemetrySettings(TelemetryConfiguration(), featureOptions: FeatureOptions())
    settings.prompts = .full
    let store = TelemetryRecorder(
      SQLiteTelemetry(try SQLiteFile(path: path)), settings: settings, logger: Logger(label: "test"))
    let gateway = try await TestGateway.start(.testing(upstream.baseURL), telemetry: store)
    let seen = try await gateway.chat("Which is it?", model: "auto")
    let id = try #require(seen.headers["x-ockham-request-id"])
    let reply = try await gateway.send("/v1/feedback", #"{"request_id":"\#(id)","thumbs":"up"}"#)
    #expect(reply.status == 200, "\(reply.text)")
    let unknown = try await gateway.send("/v1/feedback", #"{"request_id":"req_none","thumbs":"up"}"#)
    #expect(unknown.status == 404 && unknown.code == "unknown_request_id")
    gateway.stop()
    await store.close()
    let rows = try DatabaseQueue(path: path).read { database in
      try Row.fetchAll(
        database, sql: "SELECT name, quality, output_tokens FROM outcomes WHERE request_id = ?", arguments: [id])
    }
    #expect(rows.map { $0["name"] as String } == ["small"])
    #expect(rows.first?["quality"] == 1.0 && rows.first?["output_tokens"] == 5)
  }

  @Test func modelsRoutesAndDocumentsAreThere() async throws {
    let gateway = try await TestGateway.start(.demo())
    defer { gateway.stop() }
    for path in ["/health", "/ready", "/openapi.json", "/v1/models", "/v1/models/auto"] {
      let seen = try await gateway.send(path, method: "GET")
      #expect(seen.status == 200, "\(path)")
      #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(seen.text.utf8)) }
    }
    let route = try await gateway.send("/v1/route", TestGateway.chatBody("x", model: "auto"))
    let object = try JSONSerialization.jsonObject(with: Data(route.text.utf8)) as? [String: Any]
    #expect(object?["tier"] as? String == "small" && object?["reason"] as? String == "cheapest_allowed")
    let reload = try await gateway.send("/admin/reload", "{}")
    #expect(reload.status == 200, "\(reload.text)")
  }

  @Test func sendsTheKeyWhereTheProviderWantsIt() async throws {
    let upstream = try await FaultUpstream.start { _, _ in [FaultUpstream.completion("yes")] }
    var configuration = GatewayConfiguration.testing(upstream.baseURL)
    configuration.providers["p0"]?.keyVariables = ["KEY"]
    configuration.providers["p0"]?.keyHeader = "api-key"
    let gateway = try await TestGateway.start(configuration, environment: ["KEY": "s3cret"])
    defer { gateway.stop() }
    _ = try await gateway.chat()
    let head = upstream.requests[0].head.lowercased()
    #expect(head.contains("api-key: s3cret") && !head.contains("authorization"))
  }

  /// A stream that breaks off before its usage is not free.
  @Test func anInterruptedStreamCountsAsItsEstimate() async throws {
    let upstream = try await FaultUpstream.start { _, _ in
      [FaultUpstream.streamHead, FaultUpstream.chunk("yes"), .close]
    }
    var configuration = GatewayConfiguration.testing(upstream.baseURL)
    var key = KeyConfiguration(name: "team", sha256: VirtualKey.sha256("k".utf8))
    key.dailyBudgetUSD = 1
    configuration.keys = [key]
    let gateway = try await TestGateway.start(configuration, catalogue: Self.price())
    defer { gateway.stop() }
    let body = TestGateway.chatBody("x", stream: true)
    _ = try await gateway.send("/v1/chat/completions", body, headers: [("authorization", "Bearer k")])
    let shared = gateway.live.shared
    #expect(await shared.ledger.standing(of: key, at: shared.clock.unixSeconds()).spend.dayUSD > 0)
  }

  @Test func anEmptyAdministratorsKeyOpensNothing() async throws {
    var configuration = GatewayConfiguration.demo()
    configuration.adminKeyVariable = "ADMIN"
    let gateway = try await TestGateway.start(configuration, environment: ["ADMIN": ""])
    defer { gateway.stop() }
    #expect(try await gateway.send("/admin/reload", "{}").status == 409)
  }
}
