import TextKit
import Testing

@testable import ChatProtocols

/// `thinking` in a chat, at Anthropic and Gemini.
struct ChatThinkingTests {
  private static let thinking = #","thinking":{"type":"enabled","budget_tokens":2000}"#

  private func sent(_ members: String, model: String = "claude-sonnet-4-5") throws -> JSONNode {
    try json(text(try AnthropicCodec().upstreamRequest(for: try chat(plainChat(members)), model: model).body))
  }

  @Test func itGoesAlong() throws {
    let body = try sent(Self.thinking + #","max_tokens":4000,"temperature":0.5,"top_p":0.5"#)
    #expect(body["thinking"] == (try json(#"{"type":"enabled","budget_tokens":2000}"#)))
    // Anthropic takes neither beside it.
    #expect(body["temperature"] == nil && body["top_p"] == nil)
    #expect(try sent(Self.thinking)["max_tokens"]?.integer == 16_384)
    let large = try sent(#","thinking":{"type":"enabled","budget_tokens":20000}"#)
    #expect(large["max_tokens"]?.integer == 24_096)
    #expect(large["thinking"] != nil)
  }

  private static let tool = #","tools":[{"type":"function","function":{"name":"f"}}]"#

  @Test(arguments: [
    (thinking + #","max_tokens":2000"#, "claude-sonnet-4-5"), (thinking, "claude-3-5-haiku-latest"),
    (thinking + tool + #","tool_choice":"required""#, "claude-sonnet-4-5"),
    (thinking + #","response_format":{"type":"json_object"}"#, "claude-sonnet-4-5"),
    (#","thinking":{"type":"enabled","budget_tokens":100}"#, "claude-sonnet-4-5"),
    (#","thinking":{"type":"adaptive"}"#, "claude-sonnet-4-5"),
    (#","thinking":{"type":"disabled"}"#, "claude-sonnet-4-5"),
  ])
  func whereItWouldBeRefusedItIsLeftOut(members: String, model: String) throws {
    #expect(try sent(members + #","temperature":0.5"#, model: model)["thinking"] == nil)
    #expect(try sent(members + #","temperature":0.5"#, model: model)["temperature"]?.number == 0.5)
  }

  @Test func modelsThatThinkAsTheySeeFitMay() throws {
    let body = try sent(#","thinking":{"type":"adaptive"}"#, model: "claude-opus-4-6")
    #expect(body["thinking"]?["type"]?.string == "adaptive")
  }

  @Test func loopsOfToolsGoOnWithout() throws {
    let call =
      #"{"role":"assistant","content":null,"tool_calls":[{"id":"c","type":"function","function":{"name":"f"}}]}"#
    let result = #"{"role":"tool","tool_call_id":"c","content":"r"}"#
    let answer = #",{"role":"assistant","content":"a"},{"role":"user","content":"and now?"}"#
    for (more, isKept) in [("", false), (#",{"role":"user","content":"and now?"}"#, false), (answer, true)] {
      let request = try chat(
        #"{"model":"a","messages":[{"role":"user","content":"x"},\#(call),\#(result)\#(more)]\#(Self.thinking)}"#)
      let body = try json(text(try AnthropicCodec().upstreamRequest(for: request, model: "claude-sonnet-4-5").body))
      #expect((body["thinking"] != nil) == isKept)
    }
  }

  @Test func geminiGetsABudget() throws {
    let request = try chat(plainChat(Self.thinking))
    let body = try json(text(try GeminiCodec().upstreamRequest(for: request, model: "gemini-2.5-flash").body))
    #expect(body["generationConfig"]?["thinkingConfig"]?["thinkingBudget"]?.integer == 2000)
  }
}
