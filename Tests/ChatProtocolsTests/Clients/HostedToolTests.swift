import TextKit
import Testing

@testable import ChatProtocols

/// Tools that run at one provider, and custom tools, where another is asked.
struct HostedToolTests {
  private static let function =
    #"{"type":"function","name":"f","parameters":{"type":"object","properties":{}}}"#
  private static let kept =
    #"{"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{}}}}"#

  // MARK: Messages

  private static let claude = #"""
    {"model":"auto","max_tokens":9,"tools":[{"type":"web_search_20250305","name":"web_search"},{"name":"f","input_schema":{"type":"object"}}],
    "tool_choice":{"type":"tool","name":"web_search"},"mcp_servers":[{"type":"url","url":"https://m.test","name":"m"}],
    "messages":[{"role":"user","content":"x"},{"role":"assistant","content":[{"type":"server_tool_use","id":"s","name":"web_search","input":{}},
    {"type":"web_search_tool_result","tool_use_id":"s","content":[]},{"type":"text","text":"found"}]},{"role":"user","content":"y"}]}
    """#

  @Test func serverToolsStayWithAnthropic() throws {
    let request = try messages(Self.claude)
    #expect(
      request.hostedTools.names == ["server_tool_use", "web_search_tool_result", "mcp_servers", "web_search_20250305"])
    let kept = try request.applying(.keep)
    let sent = try json(text(AnthropicCodec().upstreamRequest(for: kept, model: "auto").body))
    #expect(try sent == json(Self.claude), "byte for byte, but for the model's name")
    for codec in [OpenAICodec(), GeminiCodec()] as [any ProviderCodec] {
      let error = #expect(throws: GatewayError.self) { _ = try codec.upstreamRequest(for: kept, model: "m") }
      #expect(error?.code == .unsupportedFeature && error?.param == "mcp_servers")
    }
    let refused = #expect(throws: GatewayError.self) { _ = try request.applying(.refuse) }
    #expect(refused?.code == .unsupportedFeature)
  }

  @Test func serverToolsAreLeftOutElsewhere() throws {
    let request = try messages(Self.claude).applying(.drop)
    let sent = try json(text(OpenAICodec().upstreamRequest(for: request, model: "gpt-4o").body))
    #expect(sent["tools"]?.elements?.count == 1 && sent["tool_choice"] == nil, "\(sent.jsonText)")
    #expect(sent["tools"]?.elements?.first?["function"]?["name"]?.string == "f")
    #expect(sent["messages"]?.elements?.map { $0["content"]?.string } == ["x", "found", "y"])
    let own = try json(text(AnthropicCodec().upstreamRequest(for: request, model: "auto").body))
    #expect(try own == json(Self.claude), "who has them gets them")
    let alone = try messages(
      #"{"model":"a","max_tokens":9,"tools":[{"type":"web_search_20250305","name":"w"}],"tool_choice":{"type":"tool","name":"w"},"messages":[{"role":"user","content":"x"}]}"#
    ).applying(.drop)
    let bare = try json(text(OpenAICodec().upstreamRequest(for: alone, model: "gpt-4o").body))
    #expect(bare["tools"] == nil && bare["tool_choice"] == nil)
  }

  // MARK: Responses

  @Test func searchesOfAgentsGoUnasked() throws {
    let body = #"{"model":"a","input":"x","tools":[{"type":"web_search"},\#(Self.function)]}"#
    for rule in [HostedToolRule.keep, .drop] {
      let request = try responses(body).applying(rule)
      #expect(try request.chat["tools"] == json("[\(Self.kept)]"))
      #expect(request.hostedTools.names == ["web_search"] && request.untranslatable == nil)
    }
    #expect(throws: GatewayError.self) { _ = try responses(body).applying(.refuse) }
  }

  @Test(arguments: [
    (#""tools":[{"type":"file_search"}]"#, "tools[0]"),
    (#""tools":[{"type":"code_interpreter","container":{}}]"#, "tools[0]"),
    (#""tools":[{"type":"mcp","server_url":"u"}]"#, "tools[0]"),
    (#""tools":[{"type":"computer_use_preview"}]"#, "tools[0]"),
    (#""tool_choice":{"type":"file_search"}"#, "tool_choice"),
    (#""include":["file_search_call.results"]"#, "include[0]"),
    (#""include":["code_interpreter_call.outputs"]"#, "include[0]"),
  ])
  func othersAreRefusedOrLeftOut(member: String, param: String) throws {
    let request = try responses(#"{"model":"a","input":"x",\#(member)}"#)
    let error = #expect(throws: GatewayError.self) { _ = try request.applying(.keep) }
    #expect(error?.code == .unsupportedFeature && error?.param == param)
    #expect(throws: GatewayError.self) { _ = try request.applying(.refuse) }
    let dropped = try request.applying(.drop)
    let sent = try json(text(OpenAICodec().upstreamRequest(for: dropped, model: "gpt-4o").body))
    #expect(sent["tools"] == nil && sent["tool_choice"] == nil)
  }

  @Test func itemsOfHostedToolsAreNoMessages() throws {
    let request = try responses(
      #"{"model":"a","input":[{"role":"user","content":"x"},{"type":"code_interpreter_call","id":"c","code":"1"},{"type":"mcp_list_tools","id":"m"},{"role":"assistant","content":"1"}]}"#
    ).applying(.drop)
    #expect(request.chat["messages"]?.elements?.map { $0["content"]?.string } == ["x", "1"])
    #expect(throws: GatewayError.self) {
      _ = try responses(#"{"model":"a","input":[{"type":"item_reference","id":"i"}]}"#)
    }
    #expect(throws: GatewayError.self) {
      _ = try responses(#"{"model":"a","input":"x","tools":[{"type":"teleport"}]}"#)
    }
  }

  // MARK: Chat completions

  private static let custom = #"""
    {"model":"auto","tools":[{"type":"custom","custom":{"name":"patch","description":"edits","format":{"type":"grammar","grammar":{"syntax":"lark","definition":"start: x"}}}},
    {"type":"web_search"},\#(kept)],"tool_choice":{"type":"custom","custom":{"name":"patch"}},"web_search_options":{},
    "messages":[{"role":"user","content":"x"},{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"custom","custom":{"name":"patch","input":"a\"b"}}]},
    {"role":"tool","tool_call_id":"c1","content":"done"}]}
    """#

  @Test func customToolsAreFunctionsElsewhere() throws {
    let request = try chat(Self.custom).applying(.drop)
    #expect(request.hostedTools.names == ["web_search", "web_search_options"])
    let sent = try json(text(AnthropicCodec().upstreamRequest(for: request, model: "claude-haiku-4-5").body))
    let tools = try #require(sent["tools"]?.elements)
    #expect(tools.map { $0["name"]?.string } == ["patch", "f", "web_search"])
    #expect(tools[0]["description"]?.string == "edits\n\nThe input must follow this grammar:\nstart: x")
    #expect(sent["tool_choice"]?["name"]?.string == "patch")
    let blocks = try #require(sent["messages"]?.elements?.map { $0["content"]?.elements?.first })
    #expect(blocks[1]?["input"]?["input"]?.string == "a\"b" && blocks[1]?["name"]?.string == "patch")
    #expect(blocks[2]?["tool_use_id"]?.string == "c1")
    let gemini = try json(text(GeminiCodec().upstreamRequest(for: request, model: "gemini-2.5-flash").body))
    let declared = gemini["tools"]?.elements?.first?["functionDeclarations"]?.elements
    #expect(declared?.map { $0["name"]?.string } == ["patch", "f"])
    let own = text(try OpenAICodec().upstreamRequest(for: request, model: "auto").body)
    #expect(own == Self.custom, "servers that are compatible get it as it came")
    #expect(throws: GatewayError.self) {
      _ = try AnthropicCodec().upstreamRequest(for: chat(Self.custom).applying(.keep), model: "claude")
    }
  }

  @Test func callsOfCustomToolsComeBackAsSuch() throws {
    let request = try chat(Self.custom)
    let calls = [
      ToolCall(id: "c1", name: "patch", arguments: #"{"input":"a\nb"}"#),
      ToolCall(id: "c2", name: "f", arguments: "{}"), ToolCall(id: "c3", name: "patch", arguments: "plain"),
    ]
    let answer = ChatResponse(
      id: "a", created: 1, model: "m", choices: [ChatChoice(index: 0, toolCalls: calls, finishReason: .toolCalls)],
      usage: nil)
    let whole = try json(text(ChatCompletionsFormat().body(of: answer, to: request)))
    let written = try #require(whole["choices"]?.elements?.first?["message"]?["tool_calls"]?.elements)
    #expect(written.map { $0["type"]?.string } == ["custom", "function", "custom"])
    #expect(written[0]["custom"]?["input"]?.string == "a\nb" && written[2]["custom"]?["input"]?.string == "plain")
    let pieces: [ChatEvent] = [
      .start(id: "a", model: "m", created: 1),
      .toolCall(choice: 0, call: 0, id: "c1", name: "patch", arguments: ""),
      .toolCall(choice: 0, call: 0, id: nil, name: nil, arguments: #"{"input":"a"#),
      .toolCall(choice: 0, call: 1, id: "c2", name: "f", arguments: "{}"),
      .toolCall(choice: 0, call: 0, id: nil, name: nil, arguments: #"\nb"}"#), .finish(choice: 0, .toolCalls),
    ]
    let events = try sent(encoded(pieces, by: ChatCompletionsFormat().makeStreamEncoder(for: request)))
    let parts = try events.flatMap {
      try data($0)["choices"]?.elements?.first?["delta"]?["tool_calls"]?.elements ?? []
    }
    #expect(parts.map { $0["index"]?.integer } == [1, 0])
    #expect(parts[1]["custom"]?["input"]?.string == "a\nb" && parts[1]["function"] == nil)
    let reasons = try events.compactMap { try data($0)["choices"]?.elements?.first?["finish_reason"]?.string }
    #expect(reasons == ["tool_calls"])
  }
}
