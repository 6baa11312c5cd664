import Testing
import TextKit

@testable import ChatProtocols

/// What becomes of parameters by a target's rules, and what is told of it.
struct ParameterTests {
  private static func rules(_ change: (inout ParameterRules) -> Void) -> ParameterRules {
    var rules = ParameterRules()
    change(&rules)
    return rules
  }

  private static let openAI = #"{"model":"m","max_tokens":50,"temperature":1.5,"seed":7,"stop":["a"]}"#
  private static let gemini = #"{"contents":[],"generationConfig":{"maxOutputTokens":50,"temperature":1.5,"seed":7}}"#
  private static let anthropic =
    #"{"model":"m","max_tokens":50,"temperature":1.5,"output_config":{"effort":"low"},"tool_choice":{"type":"auto","disable_parallel_tool_use":true}}"#

  private static let rows: [(body: String, rules: ParameterRules, result: String)] = [
    (openAI, rules { $0.drop = ["seed", "top_p"] }, #"{"model":"m","max_tokens":50,"temperature":1.5,"stop":["a"]}"#),
    (gemini, rules { $0.drop = ["seed", "max_tokens"] }, #"{"contents":[],"generationConfig":{"temperature":1.5}}"#),
    (gemini, rules { $0.drop = ["generationConfig"] }, #"{"contents":[]}"#),
    (
      anthropic, rules { $0.drop = ["reasoning_effort", "parallel_tool_calls"] },
      #"{"model":"m","max_tokens":50,"temperature":1.5,"tool_choice":{"type":"auto"}}"#
    ),
    (
      openAI, rules { $0.rename = ["max_tokens": "max_completion_tokens"] },
      #"{"model":"m","temperature":1.5,"seed":7,"stop":["a"],"max_completion_tokens":50}"#
    ),
    (
      openAI, rules { $0.rename = ["seed": "options.seed"] },
      #"{"model":"m","max_tokens":50,"temperature":1.5,"stop":["a"],"options":{"seed":7}}"#
    ),
    (
      openAI, rules { $0.clamp = ["temperature": 0...1, "max_tokens": 100...200, "seed": 0...9] },
      #"{"model":"m","max_tokens":100,"temperature":1,"seed":7,"stop":["a"]}"#
    ),
    (
      gemini, rules { $0.clamp = ["temperature": 0...0.7] },
      #"{"contents":[],"generationConfig":{"maxOutputTokens":50,"temperature":0.7,"seed":7}}"#
    ),
  ]

  @Test(arguments: rows.indices) func bodiesFollowTheRules(index: Int) throws {
    let (body, rules, result) = Self.rows[index]
    #expect(String(decoding: rules.applied(to: bytes(body)), as: UTF8.self) == result)
  }

  @Test func whereRulesSayNothingBytesStay() {
    let body = bytes(#"{ "model" : "m", "temperature" : 0.50, "x" : [1.0] }"#)
    let rules = Self.rules {
      $0.drop = ["seed"]
      $0.clamp = ["temperature": 0...1]
      $0.rename = ["top_p": "p"]
    }
    #expect(rules.applied(to: body) == body)
    #expect(ParameterRules().applied(to: bytes("no JSON")) == bytes("no JSON"))
  }

  @Test func aNewNameThatIsThereStays() {
    let rules = Self.rules { $0.rename = ["max_tokens": "max_completion_tokens"] }
    let body = rules.applied(to: bytes(#"{"max_tokens":5,"max_completion_tokens":9}"#))
    #expect(String(decoding: body, as: UTF8.self) == #"{"max_completion_tokens":9}"#)
  }

  @Test(
    arguments: [
      (#","seed":7"#, "seed"), (#","seed":null"#, nil), (#","stop":["a"]"#, "stop"), (#","stop":[]"#, nil),
      (#","parallel_tool_calls":false"#, "parallel_tool_calls"), (#","n":1"#, nil), (#","n":2"#, "n"),
      (#","logprobs":false"#, nil),
    ] as [(String, String?)])
  func forbiddenParametersAreSeen(member: String, name: String?) throws {
    let rules = Self.rules { $0.forbid = ["seed", "stop", "n", "logprobs", "parallel_tool_calls"] }
    let request = try chat(plainChat(member))
    // What is not said at all is not forbidden, nor is what says nothing.
    let expected = member.contains("parallel") ? "parallel_tool_calls" : name
    #expect(rules.forbidden(in: request) == expected)
  }

  /// Local servers take −1 for no limit: it goes to those that are compatible, and the others are told none.
  @Test func minusOneIsNoLimit() throws {
    for key in ["max_tokens", "max_completion_tokens"] {
      let request = try chat(plainChat(#","\#(key)":-1"#))
      #expect(request.request.attributes.maximumOutputTokens == nil)
      let sent = try OpenAICodec().upstreamRequest(for: request, model: "qwen3:8b").body
      #expect(try JSONParser.parse(sent)[key]?.integer == -1)
      let gemini = try GeminiCodec().upstreamRequest(for: request, model: "gemini-2.5-flash").body
      #expect(try JSONParser.parse(gemini)["generationConfig"]?["maxOutputTokens"] == nil)
      let claude = try AnthropicCodec().upstreamRequest(for: request, model: "claude-haiku-4-5").body
      #expect((try JSONParser.parse(claude)["max_tokens"]?.integer ?? 0) > 0)
    }
  }

  @Test func changesOnTheWayToOtherProvidersAreTold() throws {
    let request = try chat(
      plainChat(#","seed":7,"temperature":1.5,"top_p":0.5,"verbosity":"low","max_tokens":50,"n":1"#))
    func changes(_ codec: any ProviderCodec, _ model: String, _ rules: ParameterRules = ParameterRules()) throws
      -> [String]
    {
      let written = try codec.upstreamRequest(for: request, model: model)
      return ParameterChange.all(from: request, to: rules.applied(to: written.body), by: rules).map {
        "\($0.name):\($0.kind.rawValue)"
      }
    }
    #expect(try changes(OpenAICodec(), "gpt-4o").isEmpty)
    #expect(
      try changes(AnthropicCodec(), "claude-sonnet-4-5")
        == ["seed:dropped", "temperature:changed", "top_p:dropped", "verbosity:dropped"])
    #expect(try changes(GeminiCodec(), "gemini-2.5-flash") == ["verbosity:dropped"])
    #expect(
      try changes(OpenAICodec(), "gpt-4o", Self.rules { $0.rename = ["max_tokens": "max_completion_tokens"] })
        == ["max_tokens:renamed"])
  }

  @Test func whatPassesAsItIsIsNoChange() throws {
    let request = try messages(
      #"""
      {"model":"auto","max_tokens":5000,"temperature":0.5,"top_k":4,"stop_sequences":["a"],"metadata":{"user_id":"u"},
      "thinking":{"type":"enabled","budget_tokens":2048},"tools":[{"name":"f","input_schema":{"type":"object"}}],
      "tool_choice":{"type":"auto","disable_parallel_tool_use":true},"messages":[{"role":"user","content":"hi"}]}
      """#)
    let passed = try AnthropicCodec().upstreamRequest(for: request, model: "claude-sonnet-4-5").body
    #expect(ParameterChange.all(from: request, to: passed, by: ParameterRules()).isEmpty)
    let translated = try OpenAICodec().upstreamRequest(for: request, model: "gpt-4o").body
    let changes = ParameterChange.all(from: request, to: translated, by: ParameterRules())
    #expect(changes.map(\.name) == ["reasoning_effort", "thinking", "top_k"])
    #expect(changes.allSatisfy { $0.kind == .dropped })
  }
}
