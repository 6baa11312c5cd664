import AsyncHTTPClient
import NIOCore
import Testing

@testable import Gateway

/// Faults of an upstream, one a row, and what the client sees of them.
struct FaultTests {
  /// One fault: what the first target does, and what must come of it.
  struct Fault: Sendable, CustomTestStringConvertible {
    var name: String
    var isStream = false
    /// By the number of the request, from 0.
    var script: @Sendable (Int) -> [FaultUpstream.Step]
    var firstToken = 20.0
    var idle = 20.0
    var total = 60.0
    /// Attempts as the client is told, the one that answered among them.
    var attempts: Int
    /// Who answers.
    var answeredBy = "second"
    var testDescription: String { name }
  }

  /// The second target answers whatever happens to the first.
  static let recovered: [Fault] = [
    Fault(name: "500 for ever", script: { _ in [FaultUpstream.answer("{}", status: "500 Oops")] }, attempts: 3),
    Fault(
      name: "500 once",
      script: {
        $0 == 0
          ? [FaultUpstream.answer("oops", status: "500 Oops", type: "text/plain")] : [FaultUpstream.completion("first")]
      },
      attempts: 2, answeredBy: "first"),
    Fault(
      name: "429 with a short Retry-After",
      script: {
        $0 == 0
          ? [FaultUpstream.answer("{}", status: "429 Slow", headers: ["retry-after: 0"])]
          : [FaultUpstream.completion("first")]
      },
      attempts: 2, answeredBy: "first"),
    Fault(
      name: "429 with a long Retry-After",
      script: { _ in [FaultUpstream.answer("{}", status: "429 Slow", headers: ["retry-after: 60"])] }, attempts: 2),
    Fault(name: "402", script: { _ in [FaultUpstream.answer("{}", status: "402 Pay")] }, attempts: 2),
    Fault(name: "401", script: { _ in [FaultUpstream.answer("{}", status: "401 Who")] }, attempts: 2),
    Fault(name: "404 for the model", script: { _ in [FaultUpstream.answer("{}", status: "404 No")] }, attempts: 2),
    Fault(name: "closed without an answer", script: { _ in [.close] }, attempts: 3),
    Fault(
      name: "half closed in the middle of the body",
      script: { _ in
        [
          .send("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n{\"id\":"),
          .closeOutput,
        ]
      },
      attempts: 3),
    Fault(name: "not HTTP", script: { _ in [.send("SSH-2.0-OpenSSH_9.9\r\n"), .close] }, attempts: 3),
    Fault(
      name: "HTML with status 200", script: { _ in [FaultUpstream.answer("<html>hello</html>", type: "text/html")] },
      attempts: 3),
    Fault(name: "JSON that is no answer", script: { _ in [FaultUpstream.answer("{\"ok\":true}")] }, attempts: 3),
    Fault(
      name: "a body of 50 MB",
      script: { _ in
        [
          .send("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 52428800\r\n\r\n"),
          .sendFiller(50 << 20),
        ]
      },
      attempts: 3),
    Fault(name: "no answer for 30 s", script: { _ in [.pause(seconds: 30)] }, total: 0.2, attempts: 2),
    Fault(
      name: "a stall in the middle of the body",
      script: { _ in
        [
          .send("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n{"),
          .pause(seconds: 30),
        ]
      },
      idle: 0.2, attempts: 2),
    Fault(
      name: "a stream that is no stream", isStream: true,
      script: { _ in [FaultUpstream.answer("<html>hello</html>", type: "text/html")] }, attempts: 3),
    Fault(
      name: "a slow first token", isStream: true, script: { _ in [FaultUpstream.streamHead, .pause(seconds: 30)] },
      firstToken: 0.2, attempts: 2),
    Fault(
      name: "a malformed first event", isStream: true,
      script: { _ in [FaultUpstream.streamHead, .send("data: {\"choices\":[{]}\n\n"), .close] }, attempts: 3),
    Fault(
      name: "an error event before content", isStream: true,
      script: { _ in
        [
          FaultUpstream.streamHead,
          .send("data: {\"error\":{\"message\":\"overloaded\",\"type\":\"server_error\"}}\n\n"), .close,
        ]
      },
      attempts: 3),
    Fault(
      name: "a stream that ends before content", isStream: true, script: { _ in [FaultUpstream.streamHead, .close] },
      attempts: 3),
  ]

  @Test(arguments: recovered) func aFaultBeforeTheAnswerIsTheNextTargetsTurn(_ fault: Fault) async throws {
    let first = try await FaultUpstream.start { number, _ in fault.script(number) }
    let second = try await FaultUpstream.start { _, _ in
      fault.isStream
        ? [FaultUpstream.streamHead, FaultUpstream.chunk("second"), FaultUpstream.streamEnd, .close]
        : [FaultUpstream.completion("second")]
    }
    let gateway = try await TestGateway.start(
      .testing(first.baseURL, second.baseURL, firstToken: fault.firstToken, idle: fault.idle, total: fault.total))
    defer { gateway.stop() }
    let seen = try await gateway.chat(stream: fault.isStream)
    #expect(seen.status == 200, "\(seen.text)")
    #expect(seen.headers["x-ockham-attempts"] == "\(fault.attempts)")
    #expect(seen.text.contains("\"content\":\"\(fault.answeredBy)\""), "\(seen.text)")
    if fault.isStream { #expect(seen.text.hasSuffix("data: [DONE]\n\n")) }
  }

  @Test(arguments: ["http", "https"]) func aRefusedConnectionOrHandshakeIsTheNextTargetsTurn(_ scheme: String)
    async throws
  {
    let first = try await FaultUpstream.start { _, _ in [.send("plain text\r\n"), .close] }
    let closed = try ClosedPort()
    defer { withExtendedLifetime(closed) {} }
    let port = scheme == "http" ? closed.port : first.port
    let second = try await FaultUpstream.start { _, _ in [FaultUpstream.completion("second")] }
    let gateway = try await TestGateway.start(.testing("\(scheme)://127.0.0.1:\(port)/v1", second.baseURL))
    defer { gateway.stop() }
    let seen = try await gateway.chat()
    #expect(seen.status == 200, "\(seen.text)")
    #expect(seen.headers["x-ockham-attempts"] == "3")
  }

  /// What was said stays, what follows is an error, and no mark of a whole answer: no one else takes over.
  @Test(arguments: [
    ("cut at 40 of 60 tokens", [FaultUpstream.Step.close]),
    ("a stall of 30 s", [.pause(seconds: 30)]),
    ("a malformed event", [.send("data: {\"choices\":[{]}\n\n"), FaultUpstream.streamEnd, .close]),
    ("an error event", [.send("data: {\"error\":{\"message\":\"broken\",\"type\":\"server_error\"}}\n\n"), .close]),
  ])
  func aFaultAfterContentIsTold(_ name: String, _ end: [FaultUpstream.Step]) async throws {
    let tokens = (0..<40).map { FaultUpstream.chunk("t\($0) ") }
    let first = try await FaultUpstream.start { _, _ in [FaultUpstream.streamHead] + tokens + end }
    let second = try await FaultUpstream.start { _, _ in [FaultUpstream.streamHead, FaultUpstream.streamEnd, .close] }
    let gateway = try await TestGateway.start(.testing(first.baseURL, second.baseURL, idle: 2))
    defer { gateway.stop() }
    let seen = try await gateway.chat(stream: true)
    #expect(seen.status == 200)
    let events = seen.text.split(separator: "\n\n")
    #expect(events.filter { $0.contains("\"content\":\"t") }.count == 40)
    #expect(events.last?.contains("\"code\":\"stream_interrupted\"") == true)
    #expect(!seen.text.contains("[DONE]"))
    #expect(second.requests.isEmpty)
  }

  @Test func allFailuresAreListed() async throws {
    let upstream = try await FaultUpstream.start { _, _ in [FaultUpstream.answer("{}", status: "503 No")] }
    let gateway = try await TestGateway.start(.testing(upstream.baseURL, upstream.baseURL))
    defer { gateway.stop() }
    for stream in [false, true] {
      let seen = try await gateway.chat("secret words", stream: stream)
      #expect(seen.status == 502)
      #expect(seen.code == "all_providers_failed")
      #expect(seen.text.components(separatedBy: "\"failure\":\"server_error\"").count == 5, "\(seen.text)")
      #expect(!seen.text.contains("secret words") && !seen.text.contains("127.0.0.1"))
    }
  }

  @Test(arguments: [false, true]) func aClientThatLeavesEndsTheCallUpstream(stream: Bool) async throws {
    let upstream = try await FaultUpstream.start { _, _ in
      stream ? [FaultUpstream.streamHead, FaultUpstream.chunk("one"), .awaitClose] : [.awaitClose]
    }
    let gateway = try await TestGateway.start(.testing(upstream.baseURL))
    defer { gateway.stop() }
    let client = HTTPClient(eventLoopGroupProvider: .singleton)
    let task = Task { [port = gateway.port] in
      var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)/v1/chat/completions")
      request.method = .POST
      request.headers.add(name: "content-type", value: "application/json")
      request.body = .bytes(ByteBuffer(string: TestGateway.chatBody("hello", stream: stream)))
      let response = try await client.execute(request, timeout: .seconds(600))
      for try await _ in response.body {}
    }
    while upstream.requests.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
    task.cancel()
    _ = await task.result
    try await client.shutdown()
    for _ in 0..<12_000 where upstream.abandonedCount == 0 { try await Task.sleep(for: .milliseconds(5)) }
    #expect(upstream.abandonedCount == 1)
  }
}
