import Synchronization
import Testing
import TextKit

@testable import ChatProtocols
@testable import Gateway
@testable import GatewayCore

/// Requests to Bedrock, through the whole gateway, against a service that checks their signatures.
@Suite(.timeLimit(.minutes(20)))
struct BedrockGatewayTests {
  private func upstream() async throws -> FaultUpstream {
    let port = PortBox()
    let upstream = try await FaultUpstream.start { BedrockService(port: port.value).steps(for: $1) }
    port.value = upstream.port
    return upstream
  }

  private func gateway(_ upstream: FaultUpstream, _ environment: [String: String], model: String = BedrockService.model)
    async throws -> TestGateway
  {
    var configuration = GatewayConfiguration.testing("http://127.0.0.1:\(upstream.port)")
    var provider = ProviderConfiguration(name: "aws", kind: .bedrock, baseURL: "http://127.0.0.1:\(upstream.port)")
    provider.region = "eu-central-1"
    provider.keyVariables = ["K"]
    provider.furtherVariables = ["secret": "S", "session_token": "T"]
    configuration.providers = ["aws": provider]
    configuration.tiers[0].targets = [TargetConfiguration(name: "t0", provider: "aws", model: model)]
    configuration.retries.attemptsPerTarget = 1
    return try await TestGateway.start(configuration, environment: environment)
  }

  private static let keys: [[String: String]] = [
    ["K": BedrockService.key, "S": BedrockService.secret],
    ["K": BedrockService.key, "S": BedrockService.secret, "T": BedrockService.token], ["K": BedrockService.bearer],
  ]

  @Test(arguments: keys) func chatsAreAnsweredInEveryFormat(_ environment: [String: String]) async throws {
    let upstream = try await upstream()
    let gateway = try await gateway(upstream, environment)
    let whole = try await gateway.chat("Grüße 你好")
    #expect(whole.status == 200, "\(whole.text)")
    let node = try JSONParser.parse(Array(whole.text.utf8))
    #expect(node["model"]?.string == BedrockService.model)
    #expect(node["usage"]?["total_tokens"]?.integer == 5)
    let stream = try await gateway.chat(stream: true)
    #expect(stream.text.contains("from ") && stream.text.hasSuffix("data: [DONE]\n\n"))
    let responses = try await gateway.send("/v1/responses", #"{"model":"small","input":"hi","stream":true}"#)
    #expect(responses.text.contains("response.completed"))
    gateway.stop()
    await upstream.stop()
  }

  /// A client of Messages, as an agent is one: thinking comes with its signature, goes back with it, and the loop ends.
  @Test(arguments: [false, true]) func aToolLoopOfMessagesKeepsItsThinking(stream: Bool) async throws {
    let upstream = try await upstream()
    let gateway = try await gateway(upstream, Self.keys[1])
    let head =
      #"{"model":"small","max_tokens":4000,"stream":\#(stream),"thinking":{"type":"enabled","budget_tokens":2000},"tools":[{"name":"look","input_schema":{"type":"object"}}],"messages":[{"role":"user","content":"go"}"#
    let first = try await gateway.send("/v1/messages", head + "]}")
    #expect(first.status == 200)
    #expect(first.text.contains("c2ln") && first.text.contains("tooluse_1") && first.text.contains("tool_use"))
    let turns =
      #",{"role":"assistant","content":[{"type":"thinking","thinking":"hm","signature":"c2ln"},{"type":"text","text":"from bedrock"},{"type":"tool_use","id":"tooluse_1","name":"look","input":{"at":1}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"tooluse_1","content":"seen"}]}]}"#
    let second = try await gateway.send("/v1/messages", head + turns)
    #expect(second.status == 200, "\(second.text)")
    #expect(second.text.contains("end_turn"))
    let sent = try JSONParser.parse(try #require(upstream.requests.last).body)
    let signature = sent["messages"]?.elements?[1]["content"]?.elements?[0]["reasoningContent"]?["reasoningText"]
    #expect(signature?["signature"]?.string == "c2ln")
    gateway.stop()
    await upstream.stop()
  }

  @Test func errorsRestWhatTheyAreAbout() async throws {
    let upstream = try await upstream()
    let gateway = try await gateway(upstream, Self.keys[0])
    #expect(try await gateway.chat("long").code == "context_length_exceeded")
    #expect(try await gateway.chat("throttle").status == 503)
    #expect(try await gateway.chat("denied").status == 502)
    #expect(try await gateway.chat().status == 200)
    let broken = try await gateway.chat("break", stream: true)
    #expect(broken.text.contains("half") && broken.text.contains("stream_interrupted"))
    #expect(!broken.text.contains("[DONE]") && !broken.text.contains("gone"))
    gateway.stop()
    await upstream.stop()
  }

  @Test func aWrongSecretIsRefusedAndTheKeyRests() async throws {
    let upstream = try await upstream()
    let gateway = try await gateway(upstream, ["K": BedrockService.key, "S": "wrong"])
    #expect(try await gateway.chat().status == 502)
    #expect(try await gateway.chat().status == 502)
    #expect(upstream.requests.count == 1)
    gateway.stop()
    await upstream.stop()
  }

  /// Whatever conversation comes, Bedrock gets one that it takes.
  @Test(arguments: [
    #"{"role":"assistant","content":"I begin"},{"role":"user","content":"a"},{"role":"user","content":"b"}"#,
    #"{"role":"user","content":"a"},{"role":"assistant","content":"  "},{"role":"user","content":[{"type":"text","text":""},{"type":"text","text":"b"}]}"#,
    #"{"role":"user","content":"a"},{"role":"assistant","tool_calls":[{"id":"x y","type":"function","function":{"name":"a.b","arguments":"[1]"}},{"id":"z","type":"function","function":{"name":"c","arguments":""}}]},{"role":"tool","tool_call_id":"x y","content":" "},{"role":"tool","tool_call_id":"z","content":"1"}"#,
    #"{"role":"system","content":" "},{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]}"#,
  ])
  func conversationsAreMadeFit(_ messages: String) async throws {
    let upstream = try await upstream()
    let gateway = try await gateway(upstream, Self.keys[0])
    let seen = try await gateway.send("/v1/chat/completions", #"{"model":"small","messages":[\#(messages)]}"#)
    #expect(seen.status == 200, "\(seen.text)")
    gateway.stop()
    await upstream.stop()
  }
}

/// The port of a service, which is known once it listens.
private final class PortBox: Sendable {
  private let port = Mutex(0)

  var value: Int {
    get { port.withLock { $0 } }
    set { port.withLock { $0 = newValue } }
  }
}
