import ChatProtocols
import Testing
import TextKit

@testable import Gateway
@testable import GatewayCore

/// Parameters by target, as clients and providers see them.
struct TargetParameterTests {
  /// Two targets of one provider each; the second takes what the first does not.
  private func send(
    _ members: String, catalogue: PriceCatalogue = .shipped, _ change: (inout GatewayConfiguration) -> Void
  ) async throws -> (seen: TestGateway.Seen, bodies: [[JSONNode]]) {
    let upstreams = [
      try await FaultUpstream.start { _, _ in [FaultUpstream.completion("one")] },
      try await FaultUpstream.start { _, _ in [FaultUpstream.completion("two")] },
    ]
    var configuration = GatewayConfiguration.testing(upstreams[0].baseURL, upstreams[1].baseURL)
    change(&configuration)
    let gateway = try await TestGateway.start(configuration, catalogue: catalogue)
    defer { gateway.stop() }
    let body = #"{"model":"small","messages":[{"role":"user","content":"hi"}]\#(members)}"#
    let seen = try await gateway.send("/v1/chat/completions", body, headers: [("x-ockham-debug", "true")])
    return (seen, try upstreams.map { try $0.requests.map { try JSONParser.parse($0.body) } })
  }

  @Test func bodiesAreChangedAndItIsTold() async throws {
    let (seen, bodies) = try await send(#","temperature":1.5,"seed":7,"max_tokens":50,"top_p":0.5"#) {
      $0.tiers[0].targets[0].parameters.drop = ["seed"]
      $0.tiers[0].targets[0].parameters.clamp = ["temperature": 0...1]
      $0.tiers[0].targets[0].parameters.rename = ["max_tokens": "max_completion_tokens"]
    }
    #expect(seen.status == 200)
    #expect(seen.headers["x-ockham-adapted"] == "max_tokens:renamed,seed:dropped,temperature:changed")
    let sent = bodies[0][0]
    #expect(sent["seed"] == nil && sent["temperature"]?.number == 1 && sent["top_p"]?.number == 0.5)
    #expect(sent["max_tokens"] == nil && sent["max_completion_tokens"]?.integer == 50)
  }

  @Test func whatIsForbiddenIsTheNextTargets() async throws {
    let (seen, bodies) = try await send(#","seed":7"#) { $0.tiers[0].targets[0].parameters.forbid = ["seed"] }
    #expect(seen.status == 200 && seen.headers["x-ockham-target"] == "t1" && seen.text.contains("two"))
    #expect(bodies[0].isEmpty && bodies[1][0]["seed"]?.integer == 7)
  }

  @Test func whereNoneTakesItTheParameterIsNamed() async throws {
    let (seen, bodies) = try await send(#","seed":7"#) {
      for index in 0...1 { $0.tiers[0].targets[index].parameters.forbid = ["seed"] }
    }
    #expect(seen.status == 400 && seen.code == "unsupported_feature", "\(seen.text)")
    #expect(seen.text.contains(#""param":"seed""#) && seen.text.contains("t1"), "\(seen.text)")
    #expect(bodies.joined().isEmpty)
  }

  @Test(arguments: [true, false]) func strictTargetsRefuse(isGateways: Bool) async throws {
    let (seen, bodies) = try await send(#","temperature":1.5"#) {
      if isGateways { $0.isStrict = true } else { $0.tiers[0].targets[0].isStrict = true }
      $0.tiers[0].targets[0].parameters.clamp = ["temperature": 0...1]
    }
    // The second target takes it as it is.
    #expect(seen.status == 200 && seen.headers["x-ockham-target"] == "t1")
    #expect(bodies[0].isEmpty && bodies[1][0]["temperature"]?.number == 1.5)
  }

  @Test func strictTargetsNameWhatTheyWouldChange() async throws {
    let (seen, _) = try await send(#","temperature":1.5,"max_tokens":50"#) {
      $0.isStrict = true
      $0.tiers[0].targets.removeLast()
      $0.tiers[0].targets[0].parameters.drop = ["temperature"]
      // Another name for the same is no change.
      $0.tiers[0].targets[0].parameters.rename = ["max_tokens": "max_completion_tokens"]
    }
    #expect(seen.status == 400 && seen.code == "unsupported_feature")
    #expect(seen.text.contains(#""param":"temperature""#) && seen.text.contains("t0"), "\(seen.text)")
  }

  @Test func strictTargetsLearnNothing() async throws {
    let upstream = try await FaultUpstream.start { _, _ in
      [
        FaultUpstream.answer(
          #"{"error":{"message":"'temperature' is not supported","param":"temperature"}}"#, status: "400 Bad")
      ]
    }
    var configuration = GatewayConfiguration.testing(upstream.baseURL)
    configuration.isStrict = true
    let gateway = try await TestGateway.start(configuration)
    defer { gateway.stop() }
    let body = #"{"model":"small","temperature":0,"messages":[{"role":"user","content":"hi"}]}"#
    let seen = try await gateway.send("/v1/chat/completions", body)
    #expect(seen.status == 400 && upstream.requests.count == 1 && seen.text.contains("temperature"))
  }

  private static let image =
    #","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,aaaa"}}]}]"#
  private static let tool = #","tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"}}}]"#

  /// By the catalogue's word, and by the configuration's over it.
  @Test(
    arguments: [
      ("supports_function_calling", tool, "tools", true), ("supports_function_calling", tool, "tools", false),
      (
        "supports_response_schema",
        #","response_format":{"type":"json_schema","json_schema":{"name":"a","schema":{"type":"object"}}}"#,
        "response_format", true
      ),
      ("supports_tool_choice", tool + #","tool_choice":"required""#, "tool_choice", true),
    ] as [(String, String, String, Bool)])
  func whatAModelDoesNotSupportIsTheNextTargets(
    field: String, members: String, param: String, isOnlyTheCataloguesWord: Bool
  ) async throws {
    let catalogue = try PriceCatalogue(
      json: Array(#"{"poor":{"input_cost_per_token":1e-6,"output_cost_per_token":1e-6,"\#(field)":false}}"#.utf8))
    let (seen, bodies) = try await send(members, catalogue: catalogue) {
      $0.tiers[0].targets[0].model = "poor"
      if !isOnlyTheCataloguesWord { $0.tiers[0].targets[0].support.tools = true }
    }
    #expect(seen.status == 200, "\(seen.text)")
    #expect(seen.headers["x-ockham-target"] == (isOnlyTheCataloguesWord ? "t1" : "t0"))
    #expect(bodies[0].isEmpty == isOnlyTheCataloguesWord)
  }

  @Test func hintsThatAModelIsKnownToRefuseAreLeftOut() async throws {
    let (seen, bodies) = try await send(#","reasoning_effort":"low""# + Self.tool + #","parallel_tool_calls":false"#) {
      $0.tiers[0].targets[0].support.reasoning = false
      $0.tiers[0].targets[0].support.parallelTools = false
    }
    #expect(seen.headers["x-ockham-adapted"] == "parallel_tool_calls:dropped,reasoning_effort:dropped")
    #expect(bodies[0][0]["reasoning_effort"] == nil && bodies[0][0]["parallel_tool_calls"] == nil)
  }

  /// An effort of another API format reaches a model that its name does not show to reason.
  @Test func modelsThatReasonGetTheEffort() async throws {
    let upstream = try await FaultUpstream.start { _, _ in [FaultUpstream.completion("one")] }
    var configuration = GatewayConfiguration.testing(upstream.baseURL)
    configuration.tiers[0].targets[0].support.reasoning = true
    let gateway = try await TestGateway.start(configuration)
    defer { gateway.stop() }
    let body = """
      {"model":"small","max_tokens":9000,"thinking":{"type":"enabled","budget_tokens":2048},
      "messages":[{"role":"user","content":"hi"}]}
      """
    #expect(try await gateway.send("/v1/messages", body).status == 200)
    #expect(try JSONParser.parse(upstream.requests[0].body)["reasoning_effort"]?.string == "low")
  }
}
