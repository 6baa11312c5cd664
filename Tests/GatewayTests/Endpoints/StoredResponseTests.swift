import Foundation
import Testing
import TextKit

@testable import ChatProtocols
@testable import Gateway
@testable import GatewayCore

/// Responses that go on from earlier ones, are asked for again and deleted.
@Suite(.timeLimit(.minutes(20)))
struct StoredResponseTests {
  private static let one = [("authorization", "Bearer one")]
  private static let two = [("authorization", "Bearer two")]

  /// Two tiers, of different providers, behind two keys.
  private static func gateway(
    _ small: FaultUpstream, _ large: FaultUpstream, isOn: Bool = true
  ) async throws -> TestGateway {
    var configuration = GatewayConfiguration.testing(small.baseURL)
    var provider = ProviderConfiguration(name: "claude", kind: .anthropic, baseURL: large.baseURL)
    provider.timeouts.firstToken = 20
    configuration.providers["claude"] = provider
    let target = TargetConfiguration(name: "c", provider: "claude", model: "claude-haiku-4-5")
    configuration.tiers.append(TierConfiguration(name: "large", targets: [target]))
    configuration.keys = ["one", "two"].map { KeyConfiguration(name: $0, sha256: VirtualKey.sha256($0.utf8)) }
    if isOn { configuration.storedResponses = StoredResponsesConfiguration() }
    return try await TestGateway.start(configuration)
  }

  private static func calls(_ request: FaultUpstream.Received) -> [FaultUpstream.Step] {
    let isStream = String(decoding: request.body, as: UTF8.self).contains(#""stream":true"#)
    guard isStream else {
      return [
        FaultUpstream.answer(
          #"{"id":"same","choices":[{"index":0,"message":{"role":"assistant","content":null,"tool_calls":[{"id":"call_1","type":"function","function":{"name":"look","arguments":"{}"}}]},"finish_reason":"tool_calls"}]}"#
        )
      ]
    }
    return [
      FaultUpstream.streamHead, FaultUpstream.chunk("It "), FaultUpstream.chunk("rains."), FaultUpstream.streamEnd,
      .close,
    ]
  }

  private static let claude = FaultUpstream.answer(
    #"{"id":"msg_1","type":"message","role":"assistant","model":"claude","content":[{"type":"text","text":"Dry."}],"stop_reason":"end_turn","usage":{"input_tokens":1,"output_tokens":1}}"#
  )

  private static func json(_ text: String) throws -> JSONNode { try JSONParser.parse(Array(text.utf8)) }

  private static func json(_ request: FaultUpstream.Received) throws -> JSONNode { try JSONParser.parse(request.body) }

  /// A tool's call of one tier, its result and the next question: each turn sends what is new, each target sees everything.
  @Test func goesOnAcrossTiers() async throws {
    let small = try await FaultUpstream.start { Self.calls($1) }
    let large = try await FaultUpstream.start { _, _ in [Self.claude] }
    let gateway = try await Self.gateway(small, large)
    defer { gateway.stop() }
    let tools = #""tools":[{"type":"function","name":"look","parameters":{"type":"object","properties":{}}}]"#
    let first = try Self.json(
      try await gateway.send(
        "/v1/responses", #"{"model":"small","input":"Does it rain?","instructions":"Be short.",\#(tools)}"#,
        headers: Self.one
      ).text)
    let id = try #require(first["id"]?.string)
    #expect(first["store"]?.boolean == true && id != "resp_same", "names of providers need not be unique")
    let second = try Self.json(
      try await gateway.send(
        "/v1/responses",
        #"{"model":"large","previous_response_id":"\#(id)",\#(tools),"input":[{"type":"function_call_output","call_id":"call_1","output":"rain"}]}"#,
        headers: Self.one
      ).text)
    #expect(second["previous_response_id"]?.string == id)
    let messages = try #require(try Self.json(large.requests[0])["messages"]?.elements)
    #expect(messages.map { $0["role"]?.string } == ["user", "assistant", "user"])
    #expect(messages[1]["content"]?.elements?.first?["name"]?.string == "look")
    #expect(messages[2]["content"]?.elements?.first?["content"]?.string == "rain")
    #expect(try Self.json(large.requests[0])["system"] == nil, "instructions are of one request alone")
    let stream = try await gateway.send(
      "/v1/responses",
      #"{"model":"small","stream":true,"previous_response_id":"\#(second["id"]?.string ?? "")","input":"And now?"}"#,
      headers: Self.one)
    let completed = try #require(stream.text.components(separatedBy: "event: response.completed\ndata: ").last)
    let response = try #require(try Self.json(String(completed.prefix { $0 != "\n" }))["response"])
    let sent = try #require(try Self.json(small.requests[1])["messages"]?.elements)
    #expect(sent.map { $0["role"]?.string } == ["user", "assistant", "tool", "assistant", "user"])
    let kept = try await gateway.send(
      "/v1/responses/\(response["id"]?.string ?? "")", method: "GET", headers: Self.one)
    #expect(try Self.json(kept.text) == response, "what the stream said is what is kept")
    #expect(kept.text.contains("It rains."))
  }

  @Test func belongsToOneKey() async throws {
    let small = try await FaultUpstream.start { _, _ in [FaultUpstream.completion("hi")] }
    let large = try await FaultUpstream.start { _, _ in [Self.claude] }
    let gateway = try await Self.gateway(small, large)
    defer { gateway.stop() }
    let first = try await gateway.send("/v1/responses", #"{"model":"small","input":"x"}"#, headers: Self.one)
    let id = try #require(try Self.json(first.text)["id"]?.string)
    let path = "/v1/responses/\(id)"
    #expect(try await gateway.send(path, method: "GET", headers: Self.one).text == first.text)
    let foreign = try await gateway.send(path, method: "GET", headers: Self.two)
    #expect(foreign.status == 404 && foreign.code == "response_not_found")
    #expect(try await gateway.send(path, method: "DELETE", headers: Self.two).status == 404)
    #expect(try await gateway.send(path, method: "GET").status == 401)
    let other = try await gateway.send(
      "/v1/responses", #"{"model":"small","input":"x","previous_response_id":"\#(id)"}"#, headers: Self.two)
    #expect(other.status == 400 && other.code == "previous_response_not_found")
    let wrong = try await gateway.send(path, method: "PUT", "{}", headers: Self.one)
    #expect(wrong.status == 405 && wrong.headers["allow"] == "GET, DELETE")
    let deleted = try await gateway.send(path, method: "DELETE", headers: Self.one)
    #expect(deleted.status == 200 && deleted.text == #"{"id":"\#(id)","object":"response","deleted":true}"#)
    #expect(try await gateway.send(path, method: "GET", headers: Self.one).status == 404)
    let unkept = try await gateway.send(
      "/v1/responses", #"{"model":"small","input":"x","store":false}"#, headers: Self.one)
    let unkeptID = try #require(try Self.json(unkept.text)["id"]?.string)
    #expect(try Self.json(unkept.text)["store"]?.boolean == false)
    #expect(try await gateway.send("/v1/responses/\(unkeptID)", method: "GET", headers: Self.one).status == 404)
  }

  /// What a response answered, with what was said before it and without what it said itself; in pages.
  @Test func tellsWhatItAnswered() async throws {
    let small = try await FaultUpstream.start { Self.calls($1) }
    let large = try await FaultUpstream.start { _, _ in [Self.claude] }
    let gateway = try await Self.gateway(small, large)
    defer { gateway.stop() }
    func create(_ members: String) async throws -> String {
      let seen = try await gateway.send("/v1/responses", "{\(members)}", headers: Self.one)
      return try #require(try Self.json(seen.text)["id"]?.string)
    }
    let first = try await create(#""model":"small","input":"Does it rain?""#)
    let second = try await create(
      #""model":"large","previous_response_id":"\#(first)","input":[{"type":"function_call_output","call_id":"call_1","output":"rain"},{"id":"mine","role":"user","content":[{"type":"input_text","text":"And?"}]}]"#
    )
    func list(_ id: String, _ query: String = "") async throws -> JSONNode {
      let seen = try await gateway.send(
        "/v1/responses/\(id)/input_items\(query)", method: "GET", headers: Self.one)
      #expect(seen.status == 200, "\(seen.text)")
      return try Self.json(seen.text)
    }
    let alone = try await list(first)
    let question: JSONNode = .object([
      "id": .string("msg_\(first)_0"), "type": .string("message"), "role": .string("user"),
      "content": .array([.object(["type": .string("input_text"), "text": .string("Does it rain?")])]),
      "status": .string("completed"),
    ])
    #expect(alone["data"]?.elements == [question])
    #expect(alone["object"]?.string == "list" && alone["has_more"]?.boolean == false)
    #expect(alone["first_id"]?.string == "msg_\(first)_0" && alone["last_id"] == alone["first_id"])
    let all = try await list(second, "?order=asc&include[]=message.input_image.image_url")
    let types = all["data"]?.elements?.map { $0["type"]?.string }
    #expect(types == ["message", "function_call", "function_call_output", "message"], "no output of its own")
    let ids = try #require(all["data"]?.elements?.compactMap { $0["id"]?.string })
    #expect(ids.count == 4 && Set(ids).count == 4 && ids[3] == "mine")
    let page = try await list(second, "?limit=2")
    #expect(page["data"]?.elements?.compactMap { $0["id"]?.string } == [ids[3], ids[2]], "the last comes first")
    #expect(page["has_more"]?.boolean == true && page["last_id"]?.string == ids[2])
    let rest = try await list(second, "?limit=2&after=\(ids[2])")
    #expect(rest["data"]?.elements?.compactMap { $0["id"]?.string } == [ids[1], ids[0]])
    #expect(rest["has_more"]?.boolean == false)
    let none = try await list(second, "?after=\(ids[0])")
    #expect(none["data"]?.elements?.isEmpty == true && none["first_id"]?.isNull == true)
    for (query, param) in [
      ("?limit=0", "limit"), ("?limit=101", "limit"), ("?limit=x", "limit"), ("?order=up", "order"),
      ("?after=no", "after"),
    ] {
      let seen = try await gateway.send(
        "/v1/responses/\(second)/input_items\(query)", method: "GET", headers: Self.one)
      #expect(seen.status == 400 && seen.code == "invalid_value", "\(query)")
      #expect(try Self.json(seen.text)["error"]?["param"]?.string == param)
    }
    let foreign = try await gateway.send(
      "/v1/responses/\(second)/input_items", method: "GET", headers: Self.two)
    #expect(foreign.status == 404 && foreign.code == "response_not_found")
    #expect(
      try await gateway.send("/v1/responses/\(second)/input_items", "{}", headers: Self.one).status == 405)
  }

  /// What is over cannot be ended, and no one learns of another key's responses.
  @Test func nothingIsCancelled() async throws {
    let small = try await FaultUpstream.start { _, _ in [FaultUpstream.completion("hi")] }
    let large = try await FaultUpstream.start { _, _ in [Self.claude] }
    for isOn in [true, false] {
      let gateway = try await Self.gateway(small, large, isOn: isOn)
      defer { gateway.stop() }
      let first = try await gateway.send("/v1/responses", #"{"model":"small","input":"x"}"#, headers: Self.one)
      let path = "/v1/responses/\(try #require(try Self.json(first.text)["id"]?.string))/cancel"
      for body in ["", "{}"] {
        let seen = try await gateway.send(path, body, headers: Self.one)
        #expect(seen.status == 400 && seen.code == "unsupported_feature", "\(seen.text)")
      }
      let foreign = try await gateway.send(path, "", headers: Self.two)
      #expect(foreign.code == (isOn ? "response_not_found" : "unsupported_feature"))
      #expect(try await gateway.send(path, method: "GET", headers: Self.one).status == 405)
      #expect(try await gateway.send(path, "").status == 401)
    }
  }

  /// Nothing is kept unless the operator says so, and a client that asks gets the reason.
  @Test func offByDefault() async throws {
    let small = try await FaultUpstream.start { _, _ in [FaultUpstream.completion("hi")] }
    let large = try await FaultUpstream.start { _, _ in [Self.claude] }
    let gateway = try await Self.gateway(small, large, isOn: false)
    defer { gateway.stop() }
    let first = try await gateway.send(
      "/v1/responses", #"{"model":"small","input":"x","store":true}"#, headers: Self.one)
    let id = try #require(try Self.json(first.text)["id"]?.string)
    #expect(try Self.json(first.text)["store"]?.boolean == false)
    let seen = try await gateway.send("/v1/responses/\(id)", method: "GET", headers: Self.one)
    #expect(seen.status == 404 && seen.text.contains("stored_responses"))
    let next = try await gateway.send(
      "/v1/responses", #"{"model":"small","input":"x","previous_response_id":"\#(id)"}"#, headers: Self.one)
    #expect(next.status == 400 && next.code == "unsupported_feature" && next.text.contains("stored_responses"))
  }

  @Test(arguments: [
    (#""input":"x","previous_response_id":7"#, 400, "invalid_type", "previous_response_id"),
    (#""input":"x","previous_response_id":"resp_none""#, 400, "previous_response_not_found", "previous_response_id"),
    (#""input":"x","conversation":"conv_1""#, 400, "unsupported_feature", "conversation"),
    (#""input":7"#, 400, "invalid_type", "input"),
    (#""previous_response_id":null"#, 400, "missing_required_parameter", "input"),
    (#""input":[]"#, 400, "empty_array", "input"), (#""input":"x","store":"yes""#, 400, "invalid_type", "store"),
  ])
  func badRequestsAreToldWhy(members: String, status: Int, code: String, param: String) async throws {
    var configuration = GatewayConfiguration.demo()
    configuration.storedResponses = StoredResponsesConfiguration()
    let gateway = try await TestGateway.start(configuration)
    defer { gateway.stop() }
    let seen = try await gateway.send("/v1/responses", #"{"model":"small",\#(members)}"#)
    #expect(seen.status == status && seen.code == code, "\(seen.text)")
    #expect(try Self.json(seen.text)["error"]?["param"]?.string == param || code == "missing_required_parameter")
    #expect(gateway.live.shared.responses.standing.entries == 0)
  }

  /// A client that leaves, and a target that fails, leave nothing behind.
  @Test func whatFailedIsNotKept() async throws {
    let small = try await FaultUpstream.start { _, _ in
      [FaultUpstream.streamHead, FaultUpstream.chunk("half"), .close]
    }
    let large = try await FaultUpstream.start { _, _ in [Self.claude] }
    let gateway = try await Self.gateway(small, large)
    defer { gateway.stop() }
    let seen = try await gateway.send(
      "/v1/responses", #"{"model":"small","input":"x","stream":true}"#, headers: Self.one)
    #expect(seen.text.contains("response.failed"))
    #expect(gateway.live.shared.responses.standing == (0, 0))
  }
}
