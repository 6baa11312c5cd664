import NIOCore
import NIOPosix
import Synchronization
import Testing
import TextKit

@testable import ChatProtocols
@testable import Gateway
@testable import GatewayCore

/// Signs of life for clients that wait for a stream.
@Suite(.timeLimit(.minutes(20)))
struct KeepAliveTests {
  private static func configuration(_ baseURLs: String..., seconds: Double? = 0.05) -> GatewayConfiguration {
    var configuration =
      baseURLs.count == 1
      ? GatewayConfiguration.testing(baseURLs[0]) : GatewayConfiguration.testing(baseURLs[0], baseURLs[1])
    configuration.keepAliveSeconds = seconds
    configuration.retries.attemptsPerTarget = 1
    return configuration
  }

  private static let slow: @Sendable (Int, FaultUpstream.Received) -> [FaultUpstream.Step] = { _, _ in
    [.pause(seconds: 2), FaultUpstream.streamHead, FaultUpstream.chunk("late"), FaultUpstream.streamEnd, .close]
  }

  private static func count(_ word: String, in text: String) -> Int { text.components(separatedBy: word).count - 1 }

  @Test func commentsComeUntilTheAnswerDoes() async throws {
    let upstream = try await FaultUpstream.start(Self.slow)
    let gateway = try await TestGateway.start(Self.configuration(upstream.baseURL))
    defer { gateway.stop() }
    let seen = try await gateway.chat(stream: true)
    #expect(seen.status == 200 && seen.headers["content-type"] == "text/event-stream")
    #expect(seen.headers["x-ockham-request-id"]?.hasPrefix("req_") == true)
    #expect(seen.headers["x-ockham-model"] == nil, "not known when the head was sent")
    #expect(seen.text.hasPrefix(": waiting\n\n") && Self.count(": waiting", in: seen.text) >= 2)
    #expect(seen.text.contains("late") && seen.text.hasSuffix("data: [DONE]\n\n"))
    let whole = try await gateway.chat(stream: false)
    #expect(!whole.text.contains(": waiting"), "only streams can be told")
  }

  @Test func anthropicsClientsArePinged() async throws {
    let upstream = try await FaultUpstream.start(Self.slow)
    let gateway = try await TestGateway.start(Self.configuration(upstream.baseURL))
    defer { gateway.stop() }
    let seen = try await gateway.send(
      "/v1/messages", #"{"model":"small","max_tokens":9,"stream":true,"messages":[{"role":"user","content":"x"}]}"#)
    #expect(seen.text.hasPrefix("event: ping\ndata: {\"type\":\"ping\"}\n\n"))
    #expect(seen.text.contains("event: message_stop") && !seen.text.contains(": waiting"))
    #expect(seen.headers["request-id"] != nil)
  }

  @Test func quickAnswersAndOthersHaveNone() async throws {
    let upstream = try await FaultUpstream.start { _, _ in
      [FaultUpstream.streamHead, FaultUpstream.chunk("now"), FaultUpstream.streamEnd, .close]
    }
    let gateway = try await TestGateway.start(Self.configuration(upstream.baseURL, seconds: 3600))
    defer { gateway.stop() }
    let seen = try await gateway.chat(stream: true)
    #expect(!seen.text.contains("waiting") && seen.headers["x-ockham-model"] == "gpt-4o-mini")
    let slow = try await FaultUpstream.start(Self.slow)
    let silent = try await TestGateway.start(Self.configuration(slow.baseURL, seconds: nil))
    defer { silent.stop() }
    #expect(try await !silent.chat(stream: true).text.contains("waiting"), "off unless it is set")
  }

  /// Fail-over goes on behind the comments; what no one answers is an event, for the status is gone.
  @Test func failoverGoesOnAndErrorsAreEvents() async throws {
    let failing = try await FaultUpstream.start { _, _ in
      [.pause(seconds: 2), FaultUpstream.answer("{}", status: "500 Internal Server Error")]
    }
    let good = try await FaultUpstream.start(Self.slow)
    let gateway = try await TestGateway.start(Self.configuration(failing.baseURL, good.baseURL))
    defer { gateway.stop() }
    let seen = try await gateway.chat(stream: true)
    #expect(seen.text.hasPrefix(": waiting") && seen.text.contains("late") && failing.requests.count == 1)
    let alone = try await TestGateway.start(Self.configuration(failing.baseURL))
    defer { alone.stop() }
    let failed = try await alone.chat(stream: true)
    #expect(failed.status == 200 && failed.text.hasPrefix(": waiting") && !failed.text.contains("[DONE]"))
    let last = try #require(failed.text.components(separatedBy: "data: ").last)
    #expect(try JSONParser.parse(Array(last.utf8))["error"]?["code"]?.string == "all_providers_failed")
    let message = try await alone.send(
      "/v1/messages", #"{"model":"small","max_tokens":9,"stream":true,"messages":[{"role":"user","content":"x"}]}"#)
    #expect(message.text.contains("event: error\ndata: {\"type\":\"error\"") && !message.text.contains("message_stop"))
    let response = try await alone.send("/v1/responses", #"{"model":"small","stream":true,"input":"x"}"#)
    #expect(response.text.contains("event: response.failed"))
  }

  /// An answer that is looked at as a whole is waited for as well.
  @Test func cascadesAreWaitedFor() async throws {
    let upstream = try await FaultUpstream.start { _, _ in
      [.pause(seconds: 2), FaultUpstream.completion("whole")]
    }
    var configuration = Self.configuration(upstream.baseURL)
    configuration.policies["default"]?.cascade = CascadeConfiguration()
    let gateway = try await TestGateway.start(configuration)
    defer { gateway.stop() }
    let seen = try await gateway.chat(model: "auto", stream: true)
    #expect(seen.text.hasPrefix(": waiting") && seen.text.contains("whole") && seen.text.hasSuffix("[DONE]\n\n"))
  }

  /// A client that leaves while it is told to wait is not worked for any longer.
  @Test func leavingEndsTheCall() async throws {
    let upstream = try await FaultUpstream.start { _, _ in [.awaitClose] }
    let gateway = try await TestGateway.start(Self.configuration(upstream.baseURL))
    defer { gateway.stop() }
    let body = TestGateway.chatBody("x", stream: true)
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .connect(host: "127.0.0.1", port: gateway.port).get()
    try await channel.writeAndFlush(
      ByteBuffer(
        string:
          "POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: \(body.utf8.count)\r\n\r\n\(body)"
      ))
    while upstream.requests.isEmpty { try await Task.sleep(for: .milliseconds(10)) }
    try await Task.sleep(for: .milliseconds(300))
    try await channel.close()
    while upstream.abandonedCount == 0 { try await Task.sleep(for: .milliseconds(10)) }
    while gateway.live.shared.admission.counts.running > 0 { try await Task.sleep(for: .milliseconds(10)) }
  }

  /// A target may have less, or more, time than its provider's others.
  @Test func targetsHaveTheirOwnTimeToTheFirstToken() async throws {
    let silent = try await FaultUpstream.start { _, _ in [FaultUpstream.streamHead, .awaitClose] }
    let good = try await FaultUpstream.start { _, _ in
      [FaultUpstream.streamHead, FaultUpstream.chunk("second"), FaultUpstream.streamEnd, .close]
    }
    var configuration = Self.configuration(silent.baseURL, good.baseURL, seconds: nil)
    configuration.providers["p0"]?.timeouts.firstToken = 3600
    configuration.providers["p0"]?.timeouts.total = 3600
    configuration.tiers[0].targets[0].firstTokenSeconds = 0.2
    let gateway = try await TestGateway.start(configuration)
    defer { gateway.stop() }
    #expect(try await gateway.chat(stream: true).text.contains("second"))
  }
}
