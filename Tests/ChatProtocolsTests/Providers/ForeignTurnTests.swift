import TextKit
import Testing

@testable import ChatProtocols

/// Conversations that another provider's turn is in, given back to Anthropic.
struct ForeignTurnTests {
  /// What Anthropic gets of a Messages conversation with an answer and the results of its calls.
  private func sent(_ content: String, results: [String], isLast: Bool = false) throws -> [JSONNode] {
    let blocks = results.map { #"{"type":"tool_result","tool_use_id":"\#($0)","content":"r"}"# }.joined(separator: ",")
    let said = blocks.isEmpty ? #"{"type":"text","text":"go"}"# : blocks
    let next = isLast ? "" : #",{"role":"user","content":[\#(said)]}"#
    let request = try messages(
      #"{"model":"a","max_tokens":9,"messages":[{"role":"user","content":"x"},{"role":"assistant","content":\#(content)}\#(next)]}"#
    )
    let body = try json(text(try AnthropicCodec().upstreamRequest(for: request, model: "claude-sonnet-4-5").body))
    return try #require(body["messages"]?.elements)
  }

  @Test func idsGetLettersThatMayStand() throws {
    let turns = try sent(
      #"[{"type":"tool_use","id":"functions.look:0","name":"ns.look","input":{"a":1.50}}]"#,
      results: ["functions.look:0"])
    let call = turns[1]["content"]?.elements?[0]
    let id = try #require(call?["id"]?.string)
    #expect(id.hasPrefix("functions_look_0_"))
    #expect(turns[2]["content"]?.elements?[0]["tool_use_id"]?.string == id)
    #expect(call?["name"]?.string?.hasPrefix("ns_look_") == true)
    #expect(call?["input"]?.jsonText == #"{"a":1.50}"#)
  }

  @Test func oneIdIsGivenOnce() throws {
    let call = #"{"type":"tool_use","id":"look","name":"look","input":{}}"#
    let turns = try sent("[\(call),\(call)]", results: ["look", "look"])
    #expect(turns[1]["content"]?.elements?.map { $0["id"]?.string } == ["look", "look_2"])
    #expect(turns[2]["content"]?.elements?.map { $0["tool_use_id"]?.string } == ["look", "look_2"])
  }

  @Test(arguments: [
    (#"[{"type":"text","text":"\n\n"},{"type":"tool_use","id":"c","name":"f","input":{}}]"#, ["tool_use"]),
    (#"[{"type":"text","text":" "},{"type":"text","text":"ok "}]"#, ["text"]),
  ])
  func blankTextsAreLeftOut(content: String, types: [String]) throws {
    let turns = try sent(content, results: content.contains("tool_use") ? ["c"] : [])
    let blocks = try #require(turns[1]["content"]?.elements)
    #expect(blocks.map { $0["type"]?.string } == types)
    #expect(blocks.allSatisfy { $0["text"]?.string?.allSatisfy(\.isWhitespace) != true })
  }

  @Test(arguments: [#"[{"type":"text","text":""}]"#, #"" \n""#, "[]"]) func answersThatSayNothingGo(content: String)
    throws
  {
    let turns = try sent(content, results: [])
    #expect(turns.map { $0["role"]?.string } == ["user", "user"])
    let blank = #"{"role":"assistant","content":\#(content)}"#
    let request = try messages(
      #"{"model":"a","max_tokens":9,"messages":[\#(blank), \#(blank),{"role":"user","content":"x"} ,\#(blank),\#(blank)]}"#
    )
    let body = try json(text(try AnthropicCodec().upstreamRequest(for: request, model: "c").body))
    #expect(body["messages"]?.elements?.map { $0["role"]?.string } == ["user", "assistant"])
  }

  @Test func theLastAnswerMayBeEmpty() throws {
    let turns = try sent(#"[{"type":"text","text":"\n"}]"#, results: [], isLast: true)
    #expect(turns[1]["content"]?.elements?.isEmpty == true)
  }

  @Test(arguments: ["null", "\"\"", "[]", "5"]) func inputsAreObjects(input: String) throws {
    let content = #"[{"type":"tool_use","id":"c","name":"f","input":\#(input)}]"#
    guard input == "null" else {
      #expect(throws: GatewayError.self) { try sent(content, results: ["c"]) }
      return
    }
    #expect(try sent(content, results: ["c"])[1]["content"]?.elements?[0]["input"] == .object([:]))
    let request = try messages(
      #"{"model":"a","max_tokens":9,"messages":[{"role":"assistant","content":\#(content)},{"role":"user","content":"x"}]}"#
    )
    let call = request.chat["messages"]?.elements?[0]["tool_calls"]?.elements?[0]
    #expect(call?["function"]?["arguments"]?.string == "{}")
  }

  @Test func whatMayStandStaysByteForByte() throws {
    let body =
      #"{"model":"c","max_tokens":9,"messages":[{"role":"assistant","content":[ {"type":"text","text":"caf\u00e9"},"#
      + #"{"type":"tool_use","id":"toolu_1","name":"f","input":{"a":1.0}} ]},"#
      + #"{"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_1","content":" "}]}]}"#
    #expect(text(try AnthropicCodec().upstreamRequest(for: try messages(body), model: "c").body) == body)
  }

  @Test func chatsWithOneIdForTwoCallsKeepTheirResults() throws {
    let call = #"{"id":"c1","type":"function","function":{"name":"f","arguments":"null"}}"#
    let turn =
      #"{"role":"assistant","content":"\n","tool_calls":[\#(call),\#(call)]},"#
      + #"{"role":"tool","tool_call_id":"c1","content":"1"},{"role":"tool","tool_call_id":"c1","content":"2"}"#
    let request = try chat(#"{"model":"a","messages":[{"role":"user","content":"x"},\#(turn),\#(turn)]}"#)
    let anthropic = try json(text(try AnthropicCodec().upstreamRequest(for: request, model: "c").body))
    let blocks = (anthropic["messages"]?.elements ?? []).map { $0["content"]?.elements ?? [] }
    #expect(blocks[1].map { $0["id"]?.string } == ["c1", "c1_2"])
    #expect(blocks[1].map { $0["input"] } == [.object([:]), .object([:])])
    #expect(blocks[2].map { $0["tool_use_id"]?.string } == ["c1", "c1_2"])
    #expect(blocks[2].map { $0["content"]?.string } == ["1", "2"])
    #expect(blocks[3].map { $0["id"]?.string } == ["c1_3", "c1_4"])
    #expect(blocks[4].map { $0["tool_use_id"]?.string } == ["c1_3", "c1_4"])
  }
}
