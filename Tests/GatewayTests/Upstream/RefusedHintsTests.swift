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
    #expect(hints.learn(from: Self.refusal(message, param: param), of: Self.body, at: 0))
    #expect(hints.names(at: 0) == [name])
    let root = try JSONParser.parse(hints.applied(to: Self.body, at: 0))
    switch name {
    case "effort": #expect(root["output_config"] == nil)
    case "max_tokens": #expect(root["max_tokens"] == nil && root["max_completion_tokens"]?.integer == 5)
    default: #expect(root[name] == nil && root["max_tokens"]?.integer == 5)
    }
    // Once: a second refusal of the same ends the attempt.
    #expect(!hints.learn(from: Self.refusal(message, param: param), of: Self.body, at: 0))
  }

  @Test func aRefusalIsBelievedForAWeek() throws {
    let told = Mutex<[String]>([])
    let hints = RefusedHints(["seed": 0, "nonsense": 0]) { name, time in
      told.withLock { $0.append("\(name) \(Int(time))") }
    }
    let failure = Self.refusal("'temperature' is not supported")
    #expect(hints.learn(from: failure, of: Self.body, at: 100))
    #expect(!hints.learn(from: failure, of: Self.body, at: 200))
    let week = 7 * 86_400.0
    #expect(hints.names(at: 150) == ["nonsense", "seed", "temperature"])
    #expect(hints.names(at: week + 50) == ["temperature"])
    let later = 200 + week
    #expect(hints.applied(to: Self.body, at: later) == Self.body)
    #expect(hints.learn(from: failure, of: Self.body, at: later))
    #expect(told.withLock { $0 } == ["temperature 100", "temperature \(Int(later))"])
  }

  @Test func whatIsNoHintStays() {
    let hints = RefusedHints()
    for failure in [
      Self.refusal("tools are not supported"), Self.refusal("messages: unknown role"),
      Self.refusal("temperature must be between 0 and 1"), Self.refusal("top_p is not supported"),
      Self.refusal("temperature is not supported", status: 500),
    ] {
      #expect(!hints.learn(from: failure, of: Self.body, at: 0))
    }
    #expect(hints.names(at: 0).isEmpty)
  }

  @Test func theRequestIsSentAgainOnce() async throws {
    let upstream = try await FaultUpstream.start { _, request in
      String(decoding: request.body, as: UTF8.self).contains("temperature")
        ? [
          FaultUpstream.answer(
            #"{"error":{"message":"Unsupported value: 'temperature' does not support 0","param":"temperature"}}"#,
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
}
