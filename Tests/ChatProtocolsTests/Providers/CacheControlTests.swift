import TextKit
import Testing

@testable import ChatProtocols

/// Marks of the prompt cache in chats, at Anthropic.
struct CacheControlTests {
  private static let mark = #""cache_control":{"type":"ephemeral","ttl":"1h"}"#

  private func sent(_ body: String) throws -> JSONNode {
    let request = try chat(body.replacing("MARK", with: Self.mark))
    return try json(text(try AnthropicCodec().upstreamRequest(for: request, model: "claude").body))
  }

  @Test func marksStayWhereTheyStand() throws {
    let body = try sent(
      #"""
      {"model":"a","messages":[
       {"role":"system","content":[{"type":"text","text":"long","cache_control":{"type":"ephemeral","ttl":"1h"}},
        {"type":"text","text":"short"}]},
       {"role":"user","content":[{"type":"text","text":"q"},{"type":"text","text":"r",MARK}]},
       {"role":"assistant","content":"a","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]},
       {"role":"tool","tool_call_id":"c","content":[{"type":"text","text":"t",MARK}]}],
      "tools":[{"type":"function","function":{"name":"f"},MARK}]}
      """#)
    let expected = #"""
      {"system":[{"type":"text","text":"long",MARK},{"type":"text","text":"short"}],
      "tools":[{"name":"f","input_schema":{"type":"object","properties":{}},MARK}],
      "messages":[{"role":"user","content":[{"type":"text","text":"q"},{"type":"text","text":"r",MARK}]},
       {"role":"assistant","content":[{"type":"text","text":"a"},{"type":"tool_use","id":"c","name":"f","input":{}}]},
       {"role":"user","content":[{"type":"tool_result","tool_use_id":"c","content":"t",MARK}]}]}
      """#
    let wanted = try json(expected.replacing("MARK", with: Self.mark))
    for key in ["system", "tools", "messages"] { #expect(body[key] == wanted[key], "\(body.jsonText)") }
  }

  @Test func aMessagesMarkIsThatOfItsLastBlock() throws {
    let body = try sent(
      #"{"model":"a","messages":[{"role":"system","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}],MARK},"#
        + #"{"role":"user","content":[{"type":"text","text":"c"},{"type":"text","text":"d"}],MARK}]}"#)
    #expect(body["system"] == (try json(#"[{"type":"text","text":"a\nb",MARK}]"#.replacing("MARK", with: Self.mark))))
    let blocks = try #require(body["messages"]?.elements?[0]["content"]?.elements)
    #expect(blocks.map { $0["cache_control"] != nil } == [false, true])
  }

  @Test func othersMarksAreLeftOut() throws {
    let body = try sent(
      #"{"model":"a","messages":[{"role":"user","content":[{"type":"text","text":"c","cache_control":{"type":"new"}}],"cache_control":true}]}"#
    )
    #expect(!body.jsonText.contains("cache_control"))
  }

  @Test func requestsHaveOneToo() throws {
    let body = try sent(#"{"model":"a",MARK,"messages":[{"role":"user","content":"x"}]}"#)
    #expect(body["cache_control"] == (try json("{\(Self.mark)}"))["cache_control"])
  }

  @Test func theLastFourStay() throws {
    let turns = (0..<6).map { #"{"role":"user","content":[{"type":"text","text":"\#($0)",MARK}]}"# }
    let body = try sent(
      #"{"model":"a","messages":[{"role":"system","content":"s",MARK},\#(turns.joined(separator: ","))]}"#)
    #expect(body["system"]?.elements?[0]["cache_control"] != nil)
    let blocks = try #require(body["messages"]?.elements?[0]["content"]?.elements)
    #expect(blocks.map { $0["cache_control"] != nil } == [false, false, false, true, true, true])
  }
}
