import Synchronization
import Testing
import TextKit

@testable import ChatProtocols
@testable import Gateway

/// What is learnt from a refusal, and what is not.
struct RefusedHintsTests {
  private static let body = Array(
    #"{"model":"m","messages":[],"temperature":0,"max_tokens":5,"output_config":{"effort":"low"},"tools":[]}"#.utf8)

  private static func refusal(_ message: String?, param: String? = nil, status: Int = 400) -> UpstreamFailure {
    UpstreamFailure(.badRequest, status: status, reason: "x", clientMessage: message, param: param)
  }

  @Test(
    arguments: [
      ("'temperature' is not supported with this model", nil, "temperature"),
      ("Extra inputs are not permitted", "temperature", "temperature"),
      ("This model does not support the effort parameter.", nil, "effort"),
      ("Unsupported parameter: use max_completion_tokens, max_tokens is not supported", "max_tokens", "max_tokens"),
    ] as [(String, String?, String)])
  func aRefusedHintIsLeftOut(_ message: String, _ param: String?, _ name: String) throws {
    let hints = RefusedHints()
    #expect(hints.applied(to: Self.body, at: 0) == Self.body)
    let mended = try #require(hints.mended(Self.body, after: Self.refusal(message, param: param), at: 0))
    #expect(hints.names(at: 0) == [name] && mended.leftOut == name)
    #expect(hints.applied(to: Self.body, at: 0) == mended.body)
    let root = try JSONParser.parse(mended.body)
    switch name {
    case "effort": #expect(root["output_config"] == nil)
    case "max_tokens": #expect(root["max_tokens"] == nil && root["max_completion_tokens"]?.integer == 5)
    default: #expect(root[name] == nil && root["max_tokens"]?.integer == 5)
    }
    // A refusal of what is no longer there mends nothing more.
    let again = Self.refusal(message, param: param)
    #expect(name == "max_tokens" || hints.mended(mended.body, after: again, at: 0) == nil)
  }

  private static let shared = Array(
    #"{"model":"m","messages":[],"temperature":0.5,"top_p":0.9,"reasoning_effort":"xhigh","service_tier":"flex","thinking":{"type":"adaptive"},"metadata":{"a":"b"}}"#
      .utf8)

  /// A value, a combination or junk in a field is one client's own: it is left out once, and others keep the parameter.
  @Test(
    arguments: [
      ("`temperature` and `top_p` cannot both be specified for this model.", nil, "temperature"),
      (
        "Unsupported value: 'reasoning_effort' does not support 'xhigh'. Supported values are: 'low' and 'high'.",
        "reasoning_effort", "reasoning_effort"
      ),
      ("Invalid service_tier argument: flex is not supported for this model.", "service_tier", "service_tier"),
      ("adaptive thinking is not supported on this model", nil, "thinking"),
      ("'top_p' is not supported when reasoning is on", "top_p", "top_p"),
      ("temperature is not supported with reasoning_effort", "temperature", "temperature"),
      ("metadata.a: Extra inputs are not permitted", nil, "metadata"),
      ("messages.0.metadata: Extra inputs are not permitted", nil, "metadata"),
    ] as [(String, String?, String)])
  func oneRequestsOwnIsNoLesson(_ message: String, _ param: String?, _ name: String) throws {
    let hints = RefusedHints([:]) { name, _ in Issue.record("learnt \(name)") }
    let mended = try #require(hints.mended(Self.shared, after: Self.refusal(message, param: param), at: 0))
    #expect(mended.leftOut == name)
    #expect(try JSONParser.parse(mended.body)[name] == nil)
    #expect(hints.names(at: 0).isEmpty && hints.applied(to: Self.shared, at: 0) == Self.shared)
  }

  @Test func theOnlyValueThatStandsIsTheDefault() {
    let hints = RefusedHints()
    let message = "Unsupported value: 'temperature' does not support 0.5. Only the default (1) value is supported."
    #expect(hints.mended(Self.shared, after: Self.refusal(message, param: "temperature"), at: 0) != nil)
    #expect(hints.names(at: 0) == ["temperature"])
  }

  @Test func aRefusalIsBelievedForAWeek() throws {
    let told = Mutex<[String]>([])
    let hints = RefusedHints(["seed": 0, "nonsense": 0]) { name, time in
      told.withLock { $0.append("\(name) \(Int(time))") }
    }
    let failure = Self.refusal("'temperature' is not supported")
    #expect(hints.mended(Self.body, after: failure, at: 100) != nil)
    #expect(hints.mended(Self.body, after: failure, at: 200) != nil)
    let week = 7 * 86_400.0
    #expect(hints.names(at: 150) == ["nonsense", "seed", "temperature"])
    #expect(hints.names(at: week + 50) == ["temperature"])
    let later = 200 + week
    #expect(hints.applied(to: Self.body, at: later) == Self.body)
    #expect(hints.mended(Self.body, after: failure, at: later) != nil)
    #expect(told.withLock { $0 } == ["temperature 100", "temperature \(Int(later))"])
  }

  @Test func whatIsNoHintStays() {
    let hints = RefusedHints()
    for failure in [
      Self.refusal("tools are not supported"), Self.refusal("messages: unknown role"),
      Self.refusal("temperature must be between 0 and 1"), Self.refusal("top_p is not supported"),
      Self.refusal("temperature is not supported", status: 500),
    ] {
      #expect(hints.mended(Self.body, after: failure, at: 0) == nil)
    }
    #expect(hints.names(at: 0).isEmpty)
  }

  @Test func theRequestIsSentAgainOnce() async throws {
    let upstream = try await FaultUpstream.start { _, request in
      String(decoding: request.body, as: UTF8.self).contains("temperature")
        ? [
          FaultUpstream.answer(
            #"{"error":{"message":"'temperature' does not support 0. Only the default (1) value is supported","param":"temperature"}}"#,
            status: "400 Bad")
        ] : [FaultUpstream.completion("hello")]
    }
    let gateway = try await TestGateway.start(.testing(upstream.baseURL))
    defer { gateway.stop() }
    let body = #"{"model":"small","temperature":0,"messages":[{"role":"user","content":"hi"}]}"#
    for count in [2, 3] {
      let seen = try await gateway.send("/v1/chat/completions", body, headers: [("x-ockham-debug", "true")])
      #expect(seen.status == 200 && seen.headers["x-ockham-left-out"] == "temperature", "\(seen.text)")
      #expect(upstream.requests.count == count)
    }
  }

  private static func refusing(_ names: [String]) async throws -> FaultUpstream {
    try await FaultUpstream.start { _, request in
      let body = String(decoding: request.body, as: UTF8.self)
      guard let name = names.first(where: { body.contains("\"\($0)\":") }) else {
        return [FaultUpstream.completion("hello")]
      }
      let message = "Unsupported parameter: '\(name)' is not supported with this model."
      return [FaultUpstream.answer(#"{"error":{"message":"\#(message)","param":"\#(name)"}}"#, status: "400 Bad")]
    }
  }

  /// Servers name what they refuse one by one.
  @Test func severalHintsAreLeftOutOneByOne() async throws {
    let upstream = try await Self.refusing(["temperature", "top_p", "seed", "user"])
    let gateway = try await TestGateway.start(.testing(upstream.baseURL))
    defer { gateway.stop() }
    let body =
      #"{"model":"small","temperature":0,"top_p":1,"seed":1,"user":"u","messages":[{"role":"user","content":"hi"}]}"#
    for count in [5, 6] {
      let seen = try await gateway.send("/v1/chat/completions", body, headers: [("x-ockham-debug", "true")])
      #expect(seen.status == 200 && seen.headers["x-ockham-left-out"] == "seed,temperature,top_p,user", "\(seen.text)")
      #expect(upstream.requests.count == count)
    }
  }

  /// What a refusal took from one request is listed for that request, and stays in the next.
  @Test(arguments: [false, true])
  func aRefusedValueIsOneRequestsOwn(stream: Bool) async throws {
    let upstream = try await FaultUpstream.start { _, request in
      let body = String(decoding: request.body, as: UTF8.self)
      guard body.contains("xhigh") else {
        return stream
          ? [FaultUpstream.streamHead, FaultUpstream.chunk("hello"), FaultUpstream.streamEnd, .close]
          : [FaultUpstream.completion("hello")]
      }
      let error =
        #"{"error":{"message":"does not support 'xhigh'","param":"reasoning_effort","code":"unsupported_value"}}"#
      return [FaultUpstream.answer(error, status: "400 Bad")]
    }
    let gateway = try await TestGateway.start(.testing(upstream.baseURL))
    defer { gateway.stop() }
    for (effort, leftOut) in [("xhigh", "reasoning_effort"), ("high", nil)] as [(String, String?)] {
      let body =
        #"{"model":"small","stream":\#(stream),"reasoning_effort":"\#(effort)","messages":[{"role":"user","content":"hi"}]}"#
      let seen = try await gateway.send("/v1/chat/completions", body, headers: [("x-ockham-debug", "true")])
      #expect(seen.status == 200 && seen.headers["x-ockham-left-out"] == leftOut, "\(seen.text)")
    }
    #expect(upstream.requests.count == 3)
    #expect(String(decoding: upstream.requests[2].body, as: UTF8.self).contains("\"high\""))
  }
}
