import TextKit
import Testing

@testable import Gateway
@testable import GatewayCore

/// Faults of a target, one a row, for clients of every API format, whole and streamed: who answers then, what a client is told
/// where no one else is there, and what is held against the target.
@Suite(.timeLimit(.minutes(30)))
struct FaultTableTests {
  /// What becomes of a request.
  enum End: Sendable {
    /// The target answers as if nothing were wrong.
    case answered
    /// The request is at fault: no one else is asked.
    case refused(status: Int)
    /// After so many attempts the next target answers; alone, the client gets this status.
    case next(attempts: Int, _ failure: String, status: Int)
  }

  struct Fault: Sendable, CustomTestStringConvertible {
    let name: String
    var whole: [FaultUpstream.Step]
    var stream: [FaultUpstream.Step]
    /// Seconds of every time-out of the target.
    var patience = 600.0
    var scheme = "http"
    var isListening = true
    var end: End
    /// Whether the target rests from then on, for requests of the kind that met the fault.
    var rests = false
    var testDescription: String { name }

    init(_ name: String, _ steps: [FaultUpstream.Step], stream: [FaultUpstream.Step]? = nil, _ end: End) {
      (self.name, whole, self.stream, self.end) = (name, steps, stream ?? steps, end)
      if case .next(_, let failure, _) = end {
        rests = !["forbidden", "bad_request", "too_large", "context_too_long", "rate_limited"].contains(failure)
      }
    }

    func with(_ change: (inout Fault) -> Void) -> Fault {
      var fault = self
      change(&fault)
      return fault
    }
  }

  private static func status(
    _ status: String, _ body: String = "{}", headers: [String] = [], is end: End
  ) -> Fault {
    Fault(
      status + (headers.first.map { ", " + $0 } ?? "") + (body == "{}" ? "" : ", " + body.suffix(40)),
      [FaultUpstream.answer(body, status: status, headers: headers)], end)
  }

  private static func error(_ code: String, _ message: String = "no") -> String {
    #"{"error":{"message":"\#(message)","type":"invalid_request_error","param":null,"code":"\#(code)"}}"#
  }

  private static let answer =
    #"{"id":"c1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"first"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1}}"#
  private static let stream: [FaultUpstream.Step] = [FaultUpstream.chunk("first"), FaultUpstream.streamEnd, .close]

  private static func head(_ type: String?, _ more: String = "connection: close\r\n") -> FaultUpstream.Step {
    .send("HTTP/1.1 200 OK\r\n\(type.map { "content-type: \($0)\r\n" } ?? "")\(more)\r\n")
  }

  private static let serverError = End.next(attempts: 2, "server_error", status: 502)
  private static let malformed = End.next(attempts: 2, "malformed", status: 502)
  private static let unreachable = End.next(attempts: 2, "connection", status: 502)
  private static let late = End.next(attempts: 1, "timeout", status: 504)

  static let faults: [Fault] = [
    // No HTTP.
    Fault("connection refused", [], unreachable).with { $0.isListening = false },
    Fault("TLS that is none", [.send("plain\r\n"), .close], unreachable).with { $0.scheme = "https" },
    Fault("not HTTP", [.send("SSH-2.0-OpenSSH_9.9\r\n"), .close], malformed),
    Fault("closed without an answer", [.close], unreachable),
    // Statuses.
    status("302 Found", headers: ["location: http://127.0.0.1:9/"], is: malformed),
    status("400 Bad Request", error("x"), is: .refused(status: 400)),
    status("422 Unprocessable", error("x"), is: .refused(status: 422)),
    status("400 Bad Request", error("content_filter"), is: .refused(status: 400)),
    status(
      "400 Bad Request", error("context_length_exceeded"), is: .next(attempts: 1, "context_too_long", status: 400)),
    status("401 Unauthorized", is: .next(attempts: 1, "key_refused", status: 502)),
    status("402 Payment Required", is: .next(attempts: 1, "quota_exhausted", status: 503)),
    status("403 Forbidden", is: .next(attempts: 1, "forbidden", status: 502)),
    status("403 Forbidden", error("model_not_found"), is: .next(attempts: 1, "model_unavailable", status: 502)),
    status("404 Not Found", is: .next(attempts: 1, "bad_request", status: 502)),
    status("408 Request Timeout", is: .next(attempts: 2, "timeout", status: 504)),
    status("409 Conflict", is: serverError),
    status("413 Too Large", is: .next(attempts: 1, "too_large", status: 413)),
    status("429 Too Many", is: .next(attempts: 2, "rate_limited", status: 503)),
    status("429 Too Many", headers: ["retry-after: 0"], is: .next(attempts: 2, "rate_limited", status: 503)),
    status("429 Too Many", headers: ["retry-after: 60"], is: .next(attempts: 1, "rate_limited", status: 503))
      .with { $0.rests = true },
    status("429 Too Many", error("insufficient_quota"), is: .next(attempts: 1, "quota_exhausted", status: 503)),
    status("500 Oops", is: serverError), status("502 Bad Gateway", "<html></html>", is: serverError),
    status("503 Unavailable", is: serverError), status("529 Overloaded", is: serverError),
    // Slow.
    Fault("no head", [.pause(seconds: 600)], late).with { $0.patience = 0.3 },
    Fault(
      "no body", [head("application/json", "content-length: 500\r\n"), .send("{"), .pause(seconds: 600)],
      stream: [FaultUpstream.streamHead, .pause(seconds: 600)], late
    ).with { $0.patience = 0.3 },
    // Bodies.
    Fault(
      "cut", [head("application/json", "content-length: 500\r\n"), .send("{\"id\":"), .close],
      stream: [FaultUpstream.streamHead, .close], malformed),
    Fault("empty", [FaultUpstream.answer("")], malformed),
    Fault(
      "malformed", [FaultUpstream.answer("{\"choices\":[{]}")],
      stream: [FaultUpstream.streamHead, .send("data: {\"choices\":[{]}\n\n"), .close], malformed),
    Fault("another object", [FaultUpstream.answer("{\"ok\":true}")], malformed),
    Fault("HTML", [FaultUpstream.answer("<html>hello</html>", type: "text/html")], malformed),
    Fault(
      "an error inside 200", [FaultUpstream.answer(#"{"error":{"message":"broken","type":"server_error"}}"#)],
      stream: [
        FaultUpstream.streamHead, .send("data: {\"error\":{\"message\":\"broken\",\"type\":\"server_error\"}}\n\n"),
        .close,
      ], serverError),
    Fault(
      "too long", [head("application/json", "content-length: 4194304\r\n"), .sendFiller(4 << 20)],
      stream: [FaultUpstream.streamHead, .send("data: "), .sendFiller(4 << 20), .close], malformed),
    // No faults.
    Fault(
      "another content type", [FaultUpstream.answer(answer, type: "text/plain")],
      stream: [head("application/octet-stream")] + stream, .answered),
    Fault(
      "no content type", [head(nil, "content-length: \(answer.utf8.count)\r\n"), .send(answer)],
      stream: [head(nil)] + stream, .answered),
    Fault(
      "a stream for a whole answer, and the reverse", [FaultUpstream.streamHead] + stream,
      stream: [FaultUpstream.answer(answer)], .answered),
  ]

  /// A request of each API format.
  enum Client: String, CaseIterable {
    case chat = "/v1/chat/completions"
    case messages = "/v1/messages"
    case responses = "/v1/responses"

    func body(stream: Bool) -> String {
      switch self {
      case .chat: #"{"model":"small","stream":\#(stream),"messages":[{"role":"user","content":"SECRET"}]}"#
      case .messages:
        #"{"model":"small","stream":\#(stream),"max_tokens":9,"messages":[{"role":"user","content":"SECRET"}]}"#
      case .responses: #"{"model":"small","stream":\#(stream),"input":"SECRET"}"#
      }
    }

    /// What ends a whole stream.
    var mark: String {
      switch self {
      case .chat: "data: [DONE]"
      case .messages: "event: message_stop"
      case .responses: "event: response.completed"
      }
    }

    /// What ends one that was interrupted.
    var interruption: String {
      switch self {
      case .chat: "stream_interrupted"
      case .messages: "event: error"
      case .responses: "event: response.failed"
      }
    }
  }

  private static func gateway(
    _ fault: Fault, _ baseURL: String, _ second: String? = nil
  ) async throws -> TestGateway {
    let patience = fault.patience
    var configuration = GatewayConfiguration.testing(
      baseURL, firstToken: patience, idle: patience, total: patience)
    if let second {
      configuration.providers["p1"] = ProviderConfiguration(name: "p1", kind: .openai, baseURL: second)
      // Its window is larger than the first one's.
      configuration.tiers[0].targets.append(TargetConfiguration(name: "t1", provider: "p1", model: "gpt-4.1"))
    }
    configuration.breaker.minimumRequests = 1
    return try await TestGateway.start(configuration)
  }

  /// Whether a target's breaker keeps requests away.
  private static func isResting(_ gateway: TestGateway) -> Bool {
    gateway.live.runtime.targets["t0"]?.breaker.state(at: gateway.live.shared.clock.steadySeconds()) != .closed
  }

  @Test(arguments: faults) func everyFormatSeesTheSame(_ fault: Fault) async throws {
    let first = try await FaultUpstream.start { _, request in
      String(decoding: request.body, as: UTF8.self).contains(#""stream":true"#) ? fault.stream : fault.whole
    }
    let second = try await FaultUpstream.start { _, request in
      String(decoding: request.body, as: UTF8.self).contains(#""stream":true"#)
        ? [FaultUpstream.streamHead, FaultUpstream.chunk("second"), FaultUpstream.streamEnd, .close]
        : [FaultUpstream.completion("second")]
    }
    let closed = try ClosedPort()
    let baseURL = "\(fault.scheme)://127.0.0.1:\(fault.isListening ? first.port : closed.port)/v1"
    defer { withExtendedLifetime(closed) {} }
    for client in Client.allCases {
      for isStream in [false, true] {
        let place: Comment = "\(fault.name), \(client), stream \(isStream)"
        let gateway = try await Self.gateway(fault, baseURL, second.baseURL)
        defer { gateway.stop() }
        let seen = try await gateway.send(
          client.rawValue, client.body(stream: isStream), headers: [("x-ockham-debug", "true")])
        Self.check(seen, fault, client, isStream, place)
        #expect(Self.isResting(gateway) == fault.rests, place)
        guard case .next(let attempts, let failure, let status) = fault.end else { continue }
        let alone = try await Self.gateway(fault, baseURL)
        defer { alone.stop() }
        let told = try await alone.send(client.rawValue, client.body(stream: isStream))
        #expect(told.status == status, "\(place): \(told.text)")
        Self.checkError(told, client, place)
        if told.code == "all_providers_failed" {
          let failures = told.text.components(separatedBy: "\"failure\":\"\(failure)\"").count - 1
          #expect(failures == attempts, "\(place): \(told.text)")
        }
      }
    }
  }

  private static func check(
    _ seen: TestGateway.Seen, _ fault: Fault, _ client: Client, _ isStream: Bool, _ place: Comment
  ) {
    let answeredBy: String
    switch fault.end {
    case .refused(let status):
      #expect(seen.status == status && seen.code == "upstream_rejected_request", "\(place): \(seen.text)")
      return checkError(seen, client, place)
    case .answered:
      answeredBy = "first"
      #expect(seen.headers["x-ockham-attempts"] == "1", place)
    case .next(let attempts, let failure, _):
      answeredBy = "second"
      #expect(seen.headers["x-ockham-attempts"] == "\(attempts + 1)", place)
      let failures = [String](repeating: "t0:\(failure)", count: attempts).joined(separator: ",")
      #expect(seen.headers["x-ockham-failures"] == failures, place)
    }
    #expect(seen.status == 200 && seen.text.contains(answeredBy), "\(place): \(seen.text)")
    #expect(seen.text.contains(client.mark) == isStream, place)
  }

  /// The envelope of the API format, which gives nothing away.
  private static func checkError(_ seen: TestGateway.Seen, _ client: Client, _ place: Comment) {
    let root = try? JSONParser.parse(Array(seen.text.utf8))
    #expect((root?["type"]?.string == "error") == (client == .messages), place)
    #expect(root?["error"]?["message"]?.string?.isEmpty == false, place)
    #expect(root?["error"]?["type"]?.string?.isEmpty == false, place)
    #expect(!seen.text.contains("SECRET") && !seen.text.contains("127.0.0.1"), place)
  }

  /// What was said stays, an error follows in the client's own way, no one else is asked, and the target has failed.
  @Test(arguments: [
    ("cut", [FaultUpstream.Step.close]), ("a stall", [.pause(seconds: 600)]),
    ("a malformed event", [.send("data: {\"choices\":[{]}\n\n"), FaultUpstream.streamEnd, .close]),
    ("an error event", [.send("data: {\"error\":{\"message\":\"broken\",\"type\":\"server_error\"}}\n\n"), .close]),
  ])
  func everyFormatReportsAnInterruption(_ name: String, _ end: [FaultUpstream.Step]) async throws {
    let first = try await FaultUpstream.start { _, _ in [FaultUpstream.streamHead, FaultUpstream.chunk("said")] + end }
    let second = try await FaultUpstream.start { _, _ in [FaultUpstream.streamHead, FaultUpstream.streamEnd, .close] }
    for client in Client.allCases {
      let place: Comment = "\(name), \(client)"
      var configuration = GatewayConfiguration.testing(
        first.baseURL, second.baseURL, idle: name == "a stall" ? 0.3 : 600)
      configuration.breaker.minimumRequests = 1
      let gateway = try await TestGateway.start(configuration)
      defer { gateway.stop() }
      let seen = try await gateway.send(client.rawValue, client.body(stream: true))
      #expect(seen.status == 200 && seen.text.contains("said"), place)
      #expect(seen.text.contains(client.interruption) && !seen.text.contains(client.mark), "\(place): \(seen.text)")
      #expect(Self.isResting(gateway), place)
    }
    #expect(second.requests.isEmpty)
  }
}
