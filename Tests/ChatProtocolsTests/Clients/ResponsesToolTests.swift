import Testing
import TextKit

@testable import ChatProtocols

/// Custom tools and namespaces of Responses: as functions to the model, and back as the client declared them.
struct ResponsesToolTests {
  private static let tools = #"""
    "tools":[{"type":"custom","name":"patch","description":"edits","format":{"type":"grammar","definition":"start: x"}},
    {"type":"namespace","name":"files","tools":[{"type":"function","name":"read","parameters":{"type":"object"}}]},
    {"type":"web_search"},{"type":"function","name":"f","parameters":{"type":"object"}},
    {"type":"local_shell"}]
    """#

  private func request(_ input: String = #""hi""#, _ more: String = "") throws -> ChatRequest {
    try responses(#"{"model":"a","stream":true,"input":\#(input),\#(Self.tools)\#(more)}"#)
  }

  @Test func allAreFunctions() throws {
    let functions = try request().chat["tools"]?.elements?.compactMap { $0["function"] } ?? []
    #expect(functions.map { $0["name"]?.string } == ["patch", "files__read", "f", "local_shell"])
    #expect(functions[0]["parameters"]?["properties"]?["input"]?["type"]?.string == "string")
    #expect(functions[0]["description"]?.string?.contains("start: x") == true)
  }

  @Test func callsComeBackAsDeclared() throws {
    let calls = [
      ToolCall(id: "1", name: "patch", arguments: #"{"input":"*** Begin\n"}"#),
      ToolCall(id: "2", name: "files__read", arguments: "{}"), ToolCall(id: "3", name: "f", arguments: "{}"),
      ToolCall(id: "4", name: "local_shell", arguments: #"{"command":["ls","-l"],"timeout_ms":5}"#),
      ToolCall(id: "5", name: "local_shell", arguments: "ls"),
    ]
    let answer = ChatResponse(
      id: "x", created: 1, model: "m",
      choices: [ChatChoice(index: 0, toolCalls: calls, finishReason: .toolCalls)], usage: nil)
    let request = try request()
    let whole = try json(text(ResponsesFormat().body(of: answer, to: request)))
    let items = try #require(whole["output"]?.elements)
    #expect(items[0]["type"]?.string == "custom_tool_call" && items[0]["input"]?.string == "*** Begin\n")
    #expect(items[1]["name"]?.string == "read" && items[1]["namespace"]?.string == "files")
    #expect(items[2]["type"]?.string == "function_call" && items[2]["namespace"] == nil)
    #expect(items[3]["type"]?.string == "local_shell_call" && items[3]["call_id"]?.string == "4")
    #expect(
      items[3]["action"]?.jsonText == #"{"type":"exec","command":["ls","-l"],"timeout_ms":5,"env":{}}"#)
    // What is no action runs nothing.
    #expect(items[4]["action"]?.jsonText == #"{"type":"exec","command":[],"env":{}}"#)
    // A stream says the same, the input of the custom tool once it is whole.
    let events = try sent(encoded(answer.events, by: ResponsesFormat().makeStreamEncoder(for: request)))
    #expect(try data(try #require(events.last))["response"]?["output"] == whole["output"])
    let input = try events.map(data).first { $0["type"]?.string == "response.custom_tool_call_input.done" }
    #expect(input?["input"]?.string == "*** Begin\n")
  }

  @Test func earlierTurnsAreRead() throws {
    let input = #"""
      [{"role":"user","content":"go"},{"type":"custom_tool_call","call_id":"1","name":"patch","input":"p"},
      {"type":"function_call","call_id":"2","namespace":"files","name":"read","arguments":"{}"},
      {"role":"assistant","content":[{"type":"output_text","text":"running"}]},{"type":"web_search_call","id":"w"},
      {"type":"custom_tool_call_output","call_id":"1","output":"done"},
      {"type":"function_call_output","call_id":"2","output":[{"type":"input_text","text":"seen"},
      {"type":"input_image","image_url":"data:image/png;base64,AAAA"}]},
      {"type":"local_shell_call","call_id":"3","action":{"type":"exec","command":["ls"]}},
      {"type":"local_shell_call_output","id":"3","output":"x"}]
      """#
    let chat = try request(input).chat["messages"]?.elements ?? []
    #expect(
      chat.map { $0["role"]?.string } == ["user", "assistant", "tool", "tool", "user", "assistant", "tool"])
    #expect(chat[1]["content"]?.string == "running" && chat[1]["tool_calls"]?.elements?.count == 2)
    #expect(chat[1]["tool_calls"]?.elements?[1]["function"]?["name"]?.string == "files__read")
    #expect(chat[4]["content"]?.elements?.first?["type"]?.string == "image_url")
  }

  @Test func resultsStandBehindTheirCalls() throws {
    let input = #"""
      [{"type":"function_call","call_id":"1","name":"f","arguments":"{}"},{"role":"user","content":"wait"},
      {"type":"function_call_output","call_id":"1","output":"x"}]
      """#
    let roles = try request(input).chat["messages"]?.elements?.map { $0["role"]?.string }
    #expect(roles == ["assistant", "tool", "user"])
  }

  /// Some servers count their ids from 0 in every turn.
  @Test func idsMayComeAgain() throws {
    let turn = #"""
      {"type":"function_call","call_id":"0","name":"f","arguments":"{}"},
      {"type":"function_call_output","call_id":"0","output":"TURN"}
      """#
    let turns = ["a", "b", "c"].map { turn.replacing("TURN", with: $0) }.joined(separator: ",")
    let chat = try request("[\(turns)]").chat["messages"]?.elements ?? []
    #expect(chat.map { $0["role"]?.string } == ["assistant", "tool", "assistant", "tool", "assistant", "tool"])
    #expect(chat.compactMap { $0["tool_call_id"] == nil ? nil : $0["content"]?.string } == ["a", "b", "c"])
  }

  @Test func nothingIsSaidOfToolsWhereThereAreNone() throws {
    let body = #"{"model":"a","input":"x","tools":[],"tool_choice":"auto","parallel_tool_calls":false}"#
    let chat = try responses(body).chat
    for key in ["tools", "tool_choice", "parallel_tool_calls"] { #expect(chat[key] == nil) }
  }
}
