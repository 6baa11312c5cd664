import TextKit
import Testing

@testable import ChatProtocols

/// Requests of other API formats as each model takes them: what its provider refuses and the meaning does not need is gone.
struct AdaptationTests {
  private func sent(_ codec: any ProviderCodec, _ request: ChatRequest, _ model: String) throws -> UpstreamRequest {
    try codec.upstreamRequest(for: request, model: model)
  }

  private static let everything = #"""
    {"model":"a","max_tokens":50,"temperature":0.5,"top_k":3,"stop_sequences":["a","b","c","d","e"],
    "thinking":{"type":"enabled","budget_tokens":9000},"metadata":{"user_id":"\#(String(repeating: "u", count: 90))"},
    "tool_choice":{"type":"auto","disable_parallel_tool_use":true},
    "messages":[{"role":"user","content":"hi"},{"role":"system","content":[]}]}
    """#

  @Test func reasoningModelsGetNoSampling() throws {
    let body = try json(text(sent(OpenAICodec(), messages(Self.everything), "gpt-5").body))
    for key in ["temperature", "top_k", "stop", "max_tokens", "parallel_tool_calls", "tool_choice"] {
      #expect(body[key] == nil, "\(key)")
    }
    #expect(body["max_completion_tokens"]?.integer == 50 && body["reasoning_effort"]?.string == "medium")
    #expect(body["messages"]?.elements?.count == 1)
  }

  @Test func modelsThatDoNotReasonGetNoEffort() throws {
    let body = try json(text(sent(OpenAICodec(), messages(Self.everything), "gpt-4o").body))
    #expect(body["reasoning_effort"] == nil && body["temperature"]?.number == 0.5)
    #expect(body["stop"]?.elements?.count == 4 && (body["user"]?.string?.utf8.count ?? 99) <= 64)
    let unknown = try json(text(sent(OpenAICodec(), messages(Self.everything), "qwen3:8b").body))
    #expect(unknown["reasoning_effort"] == nil)
    let known = try json(text(sent(OpenAICodec(), messages(Self.everything), "openai/gpt-oss-20b").body))
    #expect(known["reasoning_effort"]?.string == "medium")
  }

  @Test func longNamesOfToolsGoAndComeBack() throws {
    let long = "mcp__" + String(repeating: "server_", count: 12) + "tool"
    let request = try messages(
      #"""
      {"model":"a","max_tokens":5,"messages":[{"role":"user","content":"hi"}],
      "tools":[{"name":"\#(long)","input_schema":{"type":"object"}},{"name":"f","input_schema":{}}],
      "tool_choice":{"type":"tool","name":"\#(long)"}}
      """#)
    let body = try json(text(sent(OpenAICodec(), request, "gpt-4o").body))
    let tools = try #require(body["tools"]?.elements).compactMap { $0["function"] }
    let short = try #require(tools[0]["name"]?.string)
    #expect(short.utf8.count <= 64 && short != long && tools[1]["name"]?.string == "f")
    #expect(body["tool_choice"]?["function"]?["name"]?.string == short)
    #expect(tools.allSatisfy { $0["parameters"]?["properties"]?.members != nil })
    let event = ChatEvent.toolCall(choice: 0, call: 0, id: "c", name: short, arguments: "")
    #expect(request.restoring(event) == .toolCall(choice: 0, call: 0, id: "c", name: long, arguments: ""))
    let other = ChatEvent.toolCall(choice: 0, call: 0, id: "c", name: "f", arguments: "")
    #expect(request.restoring(other) == other)
  }

  @Test func anthropicGetsWhatItTakes() throws {
    let request = try chat(
      #"""
      {"model":"a","temperature":0.5,"top_p":0.9,"user":"a@example.org","reasoning_effort":"low",
      "response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object","properties":
      {"a":{"type":"integer","minimum":1},"b":{"type":"array","items":{"type":"object","properties":{}}}}}}},
      "messages":[{"role":"assistant","content":"Hello"},{"role":"user","content":" \n"},
      {"role":"assistant","content":null,"tool_calls":[{"id":"functions.f:0","type":"function",
      "function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"functions.f:0","content":"x"},
      {"role":"assistant","content":"So: \n"}]}
      """#)
    let body = try json(text(sent(AnthropicCodec(), request, "claude-haiku-4-5").body))
    #expect(body["metadata"] == nil && body["top_p"] == nil && body["output_config"]?["effort"] == nil)
    let schema = try #require(body["output_config"]?["format"]?["schema"])
    #expect(schema["additionalProperties"]?.boolean == false)
    #expect(schema["properties"]?["a"] == (try json(#"{"type":"integer"}"#)))
    #expect(schema["properties"]?["b"]?["items"]?["additionalProperties"]?.boolean == false)
    let turns = try #require(body["messages"]?.elements)
    #expect(turns.first?["role"]?.string == "user")
    let id = turns.compactMap { $0["content"]?.elements?.first { $0["type"]?.string == "tool_use" }?["id"]?.string }
    let result = turns.compactMap { $0["content"]?.elements?.first?["tool_use_id"]?.string }
    #expect(id == result && id.count == 1 && !id[0].contains("."))
    #expect(turns.last?["content"]?.elements?.last?["text"]?.string == "So:")
    let new = try json(text(sent(AnthropicCodec(), request, "claude-next").body))
    #expect(new["output_config"]?["effort"]?.string == "low")
  }

  /// A client of Messages is passed on byte for byte, but for what only another model or provider takes.
  @Test func foreignThinkingAndEffortsStayBehind() throws {
    let body = #"""
      {"model":"a", "max_tokens":5,"thinking":{"type":"adaptive"},"output_config":{"effort":"high"},"messages":[
      {"role":"user","content":"hi"},{"role":"assistant","content":[{"type":"thinking","thinking":"x","signature":""},
      {"type":"thinking","thinking":"y","signature":"s"},{"type":"text","text":"a"}]},{"role":"user","content":"b"}]}
      """#
    var request = try messages(body)
    request.betas = "one-2025,two"
    let old = try sent(AnthropicCodec(), request, "claude-haiku-4-5")
    #expect(old.headers.contains { $0 == ("anthropic-beta", "one-2025,two") })
    let root = try json(text(old.body))
    #expect(root["thinking"]?["type"]?.string == "disabled" && root["output_config"]?["effort"] == nil)
    #expect(root["messages"]?.elements?[1]["content"]?.elements?.count == 2)
    let signed = body.replacing(#""signature":"""#, with: #""signature":"t""#)
    let new = try sent(AnthropicCodec(), messages(signed), "claude-next")
    #expect(text(new.body) == signed.replacing(#""model":"a""#, with: #""model":"claude-next""#))
  }

  @Test func limitsOfAnswersAreLowered() {
    func lowered(_ body: String) -> String { text(OutputLimit.applied(8000, to: bytes(body))) }
    #expect(lowered(#"{"max_tokens": 9000,"x":1}"#) == #"{"max_tokens": 8000,"x":1}"#)
    #expect(lowered(#"{"max_completion_tokens":7000}"#) == #"{"max_completion_tokens":7000}"#)
    #expect(
      lowered(#"{"max_tokens":32000,"thinking":{"budget_tokens":31999}}"#)
        == #"{"max_tokens":8000,"thinking":{"budget_tokens":4000}}"#)
    #expect(
      lowered(#"{"generationConfig":{"maxOutputTokens":90000}}"#) == #"{"generationConfig":{"maxOutputTokens":8000}}"#)
  }

  @Test func geminiThinksAsItCan() throws {
    func budget(_ effort: String, _ model: String) throws -> JSONNode? {
      let request = try chat(plainChat(#","reasoning_effort":"\#(effort)""#))
      return try json(text(sent(GeminiCodec(), request, model).body))["generationConfig"]?["thinkingConfig"]
    }
    #expect(try budget("none", "gemini-2.5-pro")?["thinkingBudget"]?.integer == 128)
    #expect(try budget("none", "gemini-2.5-flash")?["thinkingBudget"]?.integer == 0)
    #expect(try budget("low", "gemini-2.0-flash") == nil)
  }
}
