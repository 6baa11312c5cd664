import Foundation
import NIOCore
import NIOPosix
import Testing

@testable import ChatProtocols
@testable import Gateway
@testable import GatewayCore

/// Paths that the gateway does not know, passed to a target.
@Suite(.timeLimit(.minutes(20)))
struct PassthroughServiceTests {
  private static let key = [("authorization", "Bearer virtual-key-of-the-client")]

  private static func configuration(_ upstream: FaultUpstream) -> GatewayConfiguration {
    var configuration = GatewayConfiguration.testing(upstream.baseURL)
    configuration.providers["p0"]?.keyVariables = ["FIRST", "SECOND"]
    configuration.passthrough = [PassthroughConfiguration(target: "t0", paths: ["/v1/files", "/v1/files/*"])]
    configuration.keys = [
      KeyConfiguration(name: "one", sha256: VirtualKey.sha256("virtual-key-of-the-client".utf8))
    ]
    return configuration
  }

  private static func start(_ configuration: GatewayConfiguration) async throws -> TestGateway {
    try await TestGateway.start(configuration, environment: ["FIRST": "first-secret", "SECOND": "second-secret"])
  }

  @Test func goesAsItCame() async throws {
    let upstream = try await FaultUpstream.start { _, _ in
      [
        FaultUpstream.answer(
          #"{"object":"file"}"#, status: "201 Created",
          headers: ["etag: \"7\"", "set-cookie: a=b", "openai-organization: org-1", "x-request-id: theirs"])
      ]
    }
    let gateway = try await Self.start(Self.configuration(upstream))
    defer { gateway.stop() }
    let body = "--x\r\ncontent-disposition: form-data; name=\"file\"\r\n\r\nbytes\r\n--x--"
    let seen = try await gateway.send(
      "/v1/files/f%C3%A4/content?limit=5&%6bey=virtual-key-of-the-client&order=a%20b&api_key=x", method: "PUT", body,
      headers: Self.key + [
        ("content-type", "multipart/form-data; boundary=x"), ("x-api-key", "virtual-key-of-the-client"),
        ("cookie", "session=secret"), ("x-forwarded-for", "10.1.2.3"), ("openai-beta", "assistants=v2"),
        ("connection", "x-drop"), ("x-drop", "dropped"), ("x-custom", "custom"),
      ])
    #expect(seen.status == 201 && seen.text == #"{"object":"file"}"#)
    #expect(seen.headers["etag"] == "\"7\"" && seen.headers["content-type"] == "application/json")
    #expect(seen.headers["set-cookie"] == nil && seen.headers["openai-organization"] == nil)
    #expect(seen.headers["x-request-id"]?.hasPrefix("req_") == true)
    let sent = try #require(upstream.requests.first)
    #expect(sent.head.hasPrefix("PUT /v1/files/f%C3%A4/content?limit=5&order=a%20b HTTP/1.1"), "\(sent.head)")
    #expect(sent.body == Array(body.utf8))
    let head = sent.head.lowercased()
    #expect(
      head.contains("content-type: multipart/form-data; boundary=x") && head.contains("openai-beta: assistants=v2"))
    #expect(head.contains("authorization: bearer first-secret"))
    for word in ["virtual-key", "cookie", "x-forwarded", "10.1.2.3", "x-drop", "x-custom", "x-api-key"] {
      #expect(!head.contains(word), "\(word) went along: \(head)")
    }
  }

  @Test func errorsOfTheProviderComeBackAsTheyAre() async throws {
    let upstream = try await FaultUpstream.start { _, _ in
      [FaultUpstream.answer(#"{"error":{"message":"no such file"}}"#, status: "404 Not Found")]
    }
    let gateway = try await Self.start(Self.configuration(upstream))
    defer { gateway.stop() }
    let seen = try await gateway.send("/v1/files/none", method: "DELETE", headers: Self.key)
    #expect(seen.status == 404 && seen.text == #"{"error":{"message":"no such file"}}"#)
    #expect(upstream.requests.count == 1, "asked once: no one knows whether it may be done twice")
  }

  /// The client must not think that its own key is wrong.
  @Test func aRefusedKeyIsFollowedByTheNext() async throws {
    let upstream = try await FaultUpstream.start { _, request in
      request.head.contains("first-secret")
        ? [FaultUpstream.answer("{}", status: "401 Unauthorized")] : [FaultUpstream.answer("[]")]
    }
    let gateway = try await Self.start(Self.configuration(upstream))
    defer { gateway.stop() }
    #expect(try await gateway.send("/v1/files", method: "GET", headers: Self.key).text == "[]")
    let other = try await FaultUpstream.start { _, _ in [FaultUpstream.answer("{}", status: "401 Unauthorized")] }
    let refused = try await Self.start(Self.configuration(other))
    defer { refused.stop() }
    let seen = try await refused.send("/v1/files", method: "GET", headers: Self.key)
    #expect(seen.status == 502 && seen.code == "all_providers_failed")
    #expect(other.requests.count == 2)
  }

  @Test func clientsAreCheckedAsElsewhere() async throws {
    let upstream = try await FaultUpstream.start { _, _ in [FaultUpstream.answer("[]")] }
    var configuration = Self.configuration(upstream)
    configuration.keys[0].requestsPerMinute = 2
    configuration.keys.append(KeyConfiguration(name: "narrow", sha256: VirtualKey.sha256("narrow".utf8)))
    configuration.keys[1].models = ["auto"]
    configuration.limits.bodyBytes = 2000
    let gateway = try await Self.start(configuration)
    defer { gateway.stop() }
    #expect(try await gateway.send("/v1/files", method: "GET").status == 401)
    let narrow = try await gateway.send("/v1/files", method: "GET", headers: [("authorization", "Bearer narrow")])
    #expect(narrow.status == 403 && narrow.code == "model_not_allowed")
    let large = try await gateway.send(
      "/v1/files", String(repeating: "x", count: 3000), headers: Self.key + [("content-type", "text/plain")])
    #expect(large.status == 413)
    for path in ["/v1/other", "/v1/files/..", "/v1/files/a%2Fb", "/v1//files", "/v1/files/%2e%2e/models"] {
      let seen = try await gateway.send(path, method: "GET", headers: Self.key)
      #expect(seen.status == 404 && seen.code == "unknown_path", "\(path): \(seen.text)")
    }
    #expect(upstream.requests.isEmpty)
    for expected in [200, 200, 429] {
      #expect(try await gateway.send("/v1/files", method: "GET", headers: Self.key).status == expected)
    }
    let standing = await gateway.live.shared.ledger.standing(
      of: configuration.keys[0], at: gateway.live.shared.clock.unixSeconds())
    #expect(standing.spend == Spend(), "what only looks costs nothing")
  }

  /// An answer comes as it is sent, and one that is cut is not taken for whole.
  @Test func streamsAndCutsShow() async throws {
    let chunk = "6\r\nfirst \r\n"
    let upstream = try await FaultUpstream.start { number, _ in
      let head = "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ntransfer-encoding: chunked\r\n\r\n"
      return number == 0
        ? [.send(head + chunk), .pause(seconds: 0.2), .send("6\r\nsecond\r\n0\r\n\r\n")]
        : [.send(head + chunk), .close]
    }
    let gateway = try await Self.start(Self.configuration(upstream))
    defer { gateway.stop() }
    #expect(try await gateway.send("/v1/files", method: "GET", headers: Self.key).text == "first second")
    await #expect(throws: (any Error).self) {
      _ = try await gateway.send("/v1/files", method: "GET", headers: Self.key)
    }
  }

  @Test func headsAndEmptyAnswersHaveNoBody() async throws {
    let upstream = try await FaultUpstream.start { _, request in
      request.head.hasPrefix("HEAD")
        ? [.send("HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 5\r\n\r\n")]
        : [.send("HTTP/1.1 204 No Content\r\n\r\n")]
    }
    let gateway = try await Self.start(Self.configuration(upstream))
    defer { gateway.stop() }
    let head = try await gateway.send("/v1/files", method: "HEAD", headers: Self.key)
    #expect(head.status == 200 && head.text.isEmpty)
    let empty = try await gateway.send("/v1/files/a", method: "DELETE", headers: Self.key)
    #expect(empty.status == 204 && empty.text.isEmpty)
    #expect(try await gateway.send("/v1/files", method: "OPTIONS", headers: Self.key).status == 404)
  }

  /// A client that leaves is not worked for.
  @Test func theCallEndsWithItsClient() async throws {
    let upstream = try await FaultUpstream.start { _, _ in [.awaitClose] }
    let gateway = try await Self.start(Self.configuration(upstream))
    defer { gateway.stop() }
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .connect(host: "127.0.0.1", port: gateway.port).get()
    let text = "GET /v1/files HTTP/1.1\r\nhost: a\r\nauthorization: Bearer virtual-key-of-the-client\r\n\r\n"
    try await channel.writeAndFlush(ByteBuffer(string: text))
    while upstream.requests.isEmpty { try await Task.sleep(for: .milliseconds(10)) }
    try await channel.close()
    while upstream.abandonedCount == 0 { try await Task.sleep(for: .milliseconds(10)) }
  }
}
