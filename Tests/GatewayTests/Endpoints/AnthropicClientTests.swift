import Testing

@testable import ChatProtocols
@testable import Gateway
@testable import GatewayCore

/// What Anthropic's clients look for besides messages.
struct AnthropicClientTests {
  private static let prompt = #"{"model":"small","messages":[{"role":"user","content":"hello there"}]}"#

  @Test func tokensAreCountedByAnthropicOrEstimated() async throws {
    let upstream = try await FaultUpstream.start { _, _ in [FaultUpstream.answer(#"{"input_tokens":42}"#)] }
    var configuration = GatewayConfiguration.testing(upstream.baseURL)
    let estimated = try await TestGateway.start(configuration)
    defer { estimated.stop() }
    let estimate = try await estimated.send("/v1/messages/count_tokens", Self.prompt)
    #expect(estimate.status == 200 && estimate.headers["x-ockham-estimated"] == "true", "\(estimate.text)")
    #expect(upstream.requests.isEmpty)
    configuration.providers["p0"]?.kind = .anthropic
    let counted = try await TestGateway.start(configuration)
    defer { counted.stop() }
    let count = try await counted.send("/v1/messages/count_tokens", Self.prompt)
    #expect(count.text == #"{"input_tokens":42}"# && count.headers["x-ockham-estimated"] == nil)
    let sent = try #require(upstream.requests.first)
    #expect(sent.head.hasPrefix("POST /v1/messages/count_tokens"))
    #expect(!String(decoding: sent.body, as: UTF8.self).contains("max_tokens"))
  }

  @Test func modelsAndRequestIDsHaveItsShape() async throws {
    let gateway = try await TestGateway.start(.testing("http://127.0.0.1:1/v1"))
    defer { gateway.stop() }
    let list = try await gateway.send("/v1/models", method: "GET", headers: [("anthropic-version", "2023-06-01")])
    #expect(list.text.contains(#""has_more":false"#) && list.text.contains(#""display_name":"#), "\(list.text)")
    let plain = try await gateway.send("/v1/models", method: "GET")
    #expect(plain.text.contains(#""object":"list""#))
    let refused = try await gateway.send("/v1/messages", Self.prompt)
    #expect(refused.status == 400 && refused.headers["request-id"] == refused.headers["x-request-id"])
  }

  /// Betas travel with the fields that need them; nothing but names does.
  @Test func betasReachAnthropic() async throws {
    let upstream = try await FaultUpstream.start { _, _ in [.close] }
    var configuration = GatewayConfiguration.testing(upstream.baseURL)
    configuration.providers["p0"]?.kind = .anthropic
    configuration.retries.attemptsPerTarget = 1
    let gateway = try await TestGateway.start(configuration)
    defer { gateway.stop() }
    let body = #"{"model":"small","max_tokens":5,"messages":[{"role":"user","content":"hi"}]}"#
    for beta in ["one-2025-01-01,two", "one; drop \"x\""] {
      _ = try await gateway.send("/v1/messages", body, headers: [("anthropic-beta", beta)])
    }
    #expect(upstream.requests.map { $0.head.contains("anthropic-beta: one-2025-01-01,two") } == [true, false])
    #expect(!upstream.requests[1].head.contains("anthropic-beta"))
  }
}
