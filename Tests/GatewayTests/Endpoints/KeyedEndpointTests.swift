import Foundation
import GRDB
import Logging
import Testing
import TextKit

@testable import ChatProtocols
@testable import Gateway
@testable import GatewayCore

/// What a key may ask beside chats: within its limits, and of its own.
@Suite(.timeLimit(.minutes(20)))
struct KeyedEndpointTests {
  private static func key(_ name: String, requests: Int? = nil) -> KeyConfiguration {
    var key = KeyConfiguration(name: name, sha256: VirtualKey.sha256(name.utf8))
    key.requestsPerMinute = requests
    return key
  }

  private static func bearer(_ key: String) -> [(String, String)] { [("authorization", "Bearer \(key)")] }

  private static func start(
    _ keys: KeyConfiguration..., telemetry: TelemetryRecorder? = nil
  ) async throws -> TestGateway {
    var configuration = GatewayConfiguration.demo()
    configuration.keys = keys
    configuration.adminKeyVariable = "ADMIN"
    return try await TestGateway.start(configuration, telemetry: telemetry, environment: ["ADMIN": "the-operator"])
  }

  private static func records() -> TelemetryRecorder {
    TelemetryRecorder(
      MemoryTelemetry(), settings: TelemetrySettings(), pauseSeconds: 36_000, logger: Logger(label: "test"))
  }

  @Test(
    arguments: [
      ("/v1/route", "POST", TestGateway.chatBody("x", model: "auto")),
      ("/v1/feedback", "POST", #"{"request_id":"req_none","quality":1}"#),
      ("/v1/messages/count_tokens", "POST", #"{"model":"small","messages":[{"role":"user","content":"x"}]}"#),
      ("/v1/models", "GET", nil), ("/v1/models/auto", "GET", nil), ("/v1/responses/resp_1", "GET", nil),
      ("/v1/responses/resp_1", "DELETE", nil),
    ] as [(String, String, String?)])
  func takesTheKeysRequests(path: String, method: String, body: String?) async throws {
    let gateway = try await Self.start(
      Self.key("a", requests: 3), Self.key("b", requests: 3), telemetry: Self.records())
    defer { gateway.stop() }
    for round in 0..<6 {
      let seen = try await gateway.send(path, method: method, body, headers: Self.bearer("a"))
      #expect((seen.status == 429) == (round >= 3), "\(round): \(seen.text)")
      if round >= 3 { #expect(seen.code == "rate_limit_exceeded" && seen.headers["retry-after"] != nil) }
    }
    #expect(try await gateway.send(path, method: method, body, headers: Self.bearer("b")).status != 429)
  }

  @Test func budgetsThatAreSpentLetFeedbackPass() async throws {
    var key = Self.key("a")
    key.dailyBudgetUSD = 0
    let gateway = try await Self.start(key)
    defer { gateway.stop() }
    #expect(try await gateway.send("/v1/models", method: "GET", headers: Self.bearer("a")).status == 200)
  }

  private func answeredID(_ gateway: TestGateway, _ key: String) async throws -> String {
    let seen = try await gateway.send(
      "/v1/chat/completions", TestGateway.chatBody("x"), headers: Self.bearer(key))
    return try #require(seen.headers["x-ockham-request-id"])
  }

  @Test func aKeyRatesItsOwnRequestsAndTheAdministratorAll() async throws {
    let records = Self.records()
    let gateway = try await Self.start(Self.key("a"), Self.key("b"), telemetry: records)
    defer { gateway.stop() }
    let id = try await answeredID(gateway, "a")
    func rate(_ quality: Double, _ key: String) async throws -> TestGateway.Seen {
      try await gateway.send(
        "/v1/feedback", #"{"request_id":"\#(id)","quality":\#(quality)}"#, headers: Self.bearer(key))
    }
    // While it waits to be written, and once it is.
    for _ in 0..<2 {
      let foreign = try await rate(0, "b")
      #expect(foreign.status == 404 && foreign.code == "unknown_request_id")
      #expect(foreign.text == (try await unknown(gateway)), "another's request must look like none")
      #expect(try await rate(0, "absent").status == 401)
      for quality in [0.1, 0.2, 0.3] { #expect(try await rate(quality, "a").status == 200) }
      #expect(try await rate(0.9, "the-operator").status == 200)
      await records.flush()
    }
    let kept = try #require(try await records.store.request(id)).feedback
    #expect(kept.map(\.quality) == [0.3, 0.9] && kept.map(\.key) == ["a", nil], "\(kept)")
    #expect(kept.map(\.isAdministrators) == [false, true])
    // The operator's key is for that, not for chats.
    let chat = try await gateway.send(
      "/v1/chat/completions", TestGateway.chatBody("x"), headers: Self.bearer("the-operator"))
    #expect(chat.status == 401)
  }

  private func unknown(_ gateway: TestGateway) async throws -> String {
    try await gateway.send("/v1/feedback", #"{"request_id":"req_none","quality":0}"#, headers: Self.bearer("b")).text
  }
}
