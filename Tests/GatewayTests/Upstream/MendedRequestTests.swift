import Testing

@testable import ChatProtocols
@testable import Gateway
@testable import GatewayCore

/// Requests that are sent once more, as a refusal says, and tools that some targets do not get.
@Suite(.timeLimit(.minutes(20)))
struct MendedRequestTests {
  private static let loop =
    #"{"model":"small","messages":[{"role":"user","content":"x"},{"role":"assistant","content":null,"tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c","content":"r"}]}"#

  private static func refusal(_ message: String) -> FaultUpstream.Step {
    FaultUpstream.answer(
      #"{"error":{"message":"\#(message)","type":"invalid_request_error"}}"#, status: "400 Bad Request")
  }

  @Test func aMissedThoughtIsReplacedByABlank() async throws {
    let upstream = try await FaultUpstream.start { _, request in
      String(decoding: request.body, as: UTF8.self).contains("reasoning_content")
        ? [FaultUpstream.completion("done")]
        : [Self.refusal("Missing `reasoning_content` field in the assistant message at message index 1.")]
    }
    let gateway = try await TestGateway.start(.testing(upstream.baseURL))
    defer { gateway.stop() }
    let seen = try await gateway.send("/v1/chat/completions", Self.loop)
    #expect(seen.status == 200 && upstream.requests.count == 2, "\(seen.text)")
    #expect(seen.headers["x-ockham-attempts"] == "1")
  }

  /// A server that minds both ways is asked twice, not for ever.
  @Test func onceIsEnough() async throws {
    let upstream = try await FaultUpstream.start { _, _ in [Self.refusal("reasoning_content is missing")] }
    let gateway = try await TestGateway.start(.testing(upstream.baseURL))
    defer { gateway.stop() }
    let seen = try await gateway.send("/v1/chat/completions", Self.loop)
    #expect(seen.status == 400 && upstream.requests.count == 2, "\(seen.text)")
  }

  @Test func hostedToolsFollowTheSetting() async throws {
    let body =
      #"{"model":"small","max_tokens":9,"tools":[{"type":"web_search_20250305","name":"w"}],"messages":[{"role":"user","content":"x"}]}"#
    let upstream = try await FaultUpstream.start { _, _ in [FaultUpstream.completion("done")] }
    var configuration = GatewayConfiguration.testing(upstream.baseURL)
    let expected: [(HostedToolRule, Int)] = [(.keep, 400), (.drop, 200), (.refuse, 400)]
    for (rule, status) in expected {
      configuration.hostedTools = rule
      let gateway = try await TestGateway.start(configuration)
      defer { gateway.stop() }
      let seen = try await gateway.send("/v1/messages", body, headers: [("x-ockham-debug", "true")])
      #expect(seen.status == status && seen.code == (status == 200 ? nil : "unsupported_feature"), "\(seen.text)")
      #expect(seen.headers["x-ockham-left-out"] == (status == 200 ? "web_search_20250305" : nil))
    }
    #expect(upstream.requests.count == 1)
    #expect(!String(decoding: upstream.requests[0].body, as: UTF8.self).contains("tools"))
  }
}
