import TextKit
import Testing

@testable import ChatProtocols

/// Searches of the web over a change of format: made by the target's own where it has one.
struct WebSearchTests {
  private static let place = #""city":"Bern","region":"Bern","country":"CH","timezone":"Europe/Zurich""#

  private static func claude(_ tool: String = "", _ more: String = "") -> String {
    #"{"model":"auto","max_tokens":9,"tools":[{"type":"web_search_20250305","name":"web_search"\#(tool)}],\#(more)"messages":[{"role":"user","content":"x"}]}"#
  }

  private static func codex(_ tool: String = "", _ more: String = "") -> String {
    #"{"model":"auto","tools":[{"type":"web_search"\#(tool)}],\#(more)"input":"x"}"#
  }

  private func sent(_ codec: any ProviderCodec, _ request: ChatRequest, _ model: String) throws -> JSONNode {
    try json(text(codec.upstreamRequest(for: request, model: model).body))
  }

  // MARK: To those who have one

  @Test func toAnthropic() throws {
    let chat = try chat(
      plainChat(
        #","web_search_options":{"search_context_size":"low","user_location":{"type":"approximate","approximate":{\#(Self.place)}}}"#
      )
    ).applying(.keep)
    let fromChat = try sent(AnthropicCodec(), chat, "claude-opus-4-6")
    let wanted =
      #"[{"type":"web_search_20250305","name":"web_search","user_location":{\#(Self.place),"type":"approximate"}}]"#
    #expect(try fromChat["tools"] == json(wanted), "\(fromChat.jsonText)")
    #expect(fromChat["tool_choice"] == nil && fromChat["web_search_options"] == nil)
    let more =
      #","filters":{"allowed_domains":["a.org"]},"user_location":{"type":"approximate",\#(Self.place)},"search_context_size":"high""#
    let function = #"{"type":"function","name":"f","parameters":{"type":"object","properties":{}}}"#
    let agent = try responses(
      #"{"model":"a","input":"x","tools":[{"type":"web_search"\#(more)},\#(function)],"tool_choice":{"type":"web_search"}}"#
    ).applying(.keep)
    let fromResponses = try sent(AnthropicCodec(), agent, "claude-opus-4-6")
    let tools = try #require(fromResponses["tools"]?.elements)
    #expect(tools.map { $0["name"]?.string } == ["f", "web_search"])
    #expect(tools[1]["allowed_domains"]?.elements?.map(\.string) == ["a.org"])
    #expect(fromResponses["tool_choice"]?["name"]?.string == "web_search")
  }

  @Test func toGemini() throws {
    let search = try json(#"[{"google_search":{}}]"#)
    let model = "gemini-2.5-flash"
    #expect(try sent(GeminiCodec(), messages(Self.claude(#","max_uses":3"#)).applying(.keep), model)["tools"] == search)
    #expect(try sent(GeminiCodec(), responses(Self.codex()).applying(.keep), model)["tools"] == search)
    let options = plainChat(#","web_search_options":{}"#)
    #expect(try sent(GeminiCodec(), chat(options).applying(.keep), model)["tools"] == search)
  }

  @Test(arguments: ["gpt-4o-search-preview", "gpt-5-search-api", "openai/gpt-4o-mini-search-preview-2025-03-11"])
  func toOpenAI(model: String) throws {
    let request = try messages(
      Self.claude(#","user_location":{"type":"approximate",\#(Self.place)}"#, #""temperature":0.5,"#)
    ).applying(.keep)
    let body = try sent(OpenAICodec(), request, model)
    let wanted = #"{"user_location":{"type":"approximate","approximate":{\#(Self.place)}}}"#
    #expect(try body["web_search_options"] == json(wanted), "\(body.jsonText)")
    #expect(body["tools"] == nil && body["temperature"] == nil)
    let agent = try responses(Self.codex(#","search_context_size":"high""#)).applying(.keep)
    #expect(try sent(OpenAICodec(), agent, model)["web_search_options"] == json(#"{"search_context_size":"high"}"#))
  }

  /// An earlier search's traces are no obstacle where the next one can be made.
  @Test func conversationsGoOn() throws {
    let body = #"""
      {"model":"auto","max_tokens":9,"tools":[{"type":"web_search_20250305","name":"web_search"}],"messages":[{"role":"user","content":"x"},
      {"role":"assistant","content":[{"type":"server_tool_use","id":"s","name":"web_search","input":{"query":"x"}},
      {"type":"web_search_tool_result","tool_use_id":"s","content":[]},{"type":"text","text":"found"}]},{"role":"user","content":"y"}]}
      """#
    let request = try messages(body).applying(.keep)
    let gemini = try sent(GeminiCodec(), request, "gemini-2.5-flash")
    #expect(gemini["contents"]?.elements?.map { $0["parts"]?.elements?.first?["text"]?.string } == ["x", "found", "y"])
    #expect(request.hostedToolsLeftOut(by: GeminiCodec(), model: "gemini-2.5-flash").isEmpty)
    #expect(throws: GatewayError.self) { _ = try sent(OpenAICodec(), request, "gpt-5") }
    #expect(try json(text(AnthropicCodec().upstreamRequest(for: request, model: "auto").body)) == json(body))
  }

  // MARK: To those who have none, or not this one

  /// Each with a model that cannot make the search of the request.
  private static let impossible: [(kind: ProviderKind, model: String, tool: String, more: String)] = [
    (.openai, "gpt-5", "", ""), (.bedrock, "anthropic.claude-opus-4-6-v1:0", "", ""), (.azure, "gpt-5", "", ""),
    (.gemini, "gemini-1.5-pro", "", ""), (.gemini, "gemini-2.5-pro", #","allowed_domains":["a.org"]"#, ""),
    (.openai, "gpt-4o-search-preview", #","blocked_domains":["a.org"]"#, ""),
    (
      .gemini, "gemini-2.5-pro", "",
      #""output_config":{"format":{"type":"json_schema","schema":{"type":"object","properties":{}}}},"#
    ),
  ]

  @Test(arguments: impossible.indices)
  func otherwiseKeptOrLeftOut(index: Int) throws {
    let (kind, model, tool, more) = Self.impossible[index]
    let request = try messages(Self.claude(tool, more))
    let error = #expect(throws: GatewayError.self) { _ = try sent(kind.codec, request.applying(.keep), model) }
    #expect(error?.code == .unsupportedFeature && error?.param == "tools[0]")
    let dropped = try request.applying(.drop)
    let body = try sent(kind.codec, dropped, model).jsonText
    #expect(!body.contains("web_search") && !body.contains("google_search"), "\(body)")
    #expect(dropped.hostedToolsLeftOut(by: kind.codec, model: model) == ["web_search_20250305"])
    #expect(throws: GatewayError.self) { _ = try request.applying(.refuse) }
  }

  /// Agents send searches along unasked: no one is skipped for them.
  @Test func searchesOfAgentsAreNoObstacle() throws {
    for (kind, model, _, more) in Self.impossible where more.isEmpty {
      let tool = kind == .gemini || model.contains("search") ? #","filters":{"allowed_domains":["a.org"]}"# : ""
      let body = try sent(kind.codec, responses(Self.codex(tool)).applying(.keep), model)
      #expect(body["tools"] == nil && body["web_search_options"] == nil && body["toolConfig"] == nil)
    }
    let offline = try responses(Self.codex(#","external_web_access":false"#)).applying(.keep)
    for (codec, model) in [
      (AnthropicCodec() as any ProviderCodec, "claude-opus-4-6"), (GeminiCodec(), "gemini-2.5-pro"),
    ] {
      #expect(try sent(codec, offline, model)["tools"] == nil, "a search of a store alone is not one of the web")
      #expect(offline.hostedToolsLeftOut(by: codec, model: model) == ["web_search"])
    }
    let sources = #""include":["web_search_call.action.sources"],"#
    #expect(try sent(OpenAICodec(), responses(Self.codex("", sources)).applying(.keep), "gpt-5")["tools"] == nil)
    let forced = try responses(Self.codex("", #""tool_choice":{"type":"web_search"},"#)).applying(.keep)
    #expect(throws: GatewayError.self) { _ = try sent(OpenAICodec(), forced, "gpt-5") }
  }

  /// Gemini takes no function beside its search, and no one two tools of one name.
  @Test func functionsComeFirst() throws {
    let function = #"{"name":"f","input_schema":{"type":"object"}}"#
    let beside = try messages(
      #"{"model":"a","max_tokens":9,"tools":[{"type":"web_search_20250305","name":"web_search"},\#(function)],"messages":[{"role":"user","content":"x"}]}"#
    )
    #expect(throws: GatewayError.self) { _ = try sent(GeminiCodec(), beside.applying(.keep), "gemini-2.5-pro") }
    let dropped = try sent(GeminiCodec(), beside.applying(.drop), "gemini-2.5-pro")
    #expect(dropped["tools"]?.elements?.first?["functionDeclarations"]?.elements?.count == 1)
    let named = try responses(
      #"{"model":"a","input":"x","tools":[{"type":"web_search"},{"type":"function","name":"web_search","parameters":{"type":"object"}}]}"#
    ).applying(.keep)
    #expect(try sent(AnthropicCodec(), named, "claude-opus-4-6")["tools"]?.elements?.count == 1)
    for model in ["claude-3-haiku-20240307", "claude-2.1"] {
      let options = try chat(plainChat(#","web_search_options":{}"#)).applying(.keep)
      #expect(throws: GatewayError.self) { _ = try sent(AnthropicCodec(), options, model) }
    }
  }

  /// Servers that speak as the client does get its own words.
  @Test func passesAsItCame() throws {
    let body = plainChat(#","web_search_options":{"search_context_size":"low"}"#)
    for rule in [HostedToolRule.keep, .drop] {
      let request = try chat(body).applying(rule)
      #expect(text(try OpenAICodec().upstreamRequest(for: request, model: "auto").body) == body)
      #expect(request.hostedToolsLeftOut(by: OpenAICodec(), model: "auto").isEmpty)
    }
  }

  @Test(arguments: [
    (#","allowed_domains":"a.org""#, "invalid_type"), (#","max_uses":0"#, "invalid_value"),
    (#","user_location":"Bern""#, "invalid_type"), (#","user_location":{"city":7}"#, "invalid_type"),
  ])
  func badSearchesAreToldWhy(tool: String, code: String) {
    let error = #expect(throws: GatewayError.self) { _ = try messages(Self.claude(tool)) }
    #expect(error?.code.rawValue == code && error?.param?.hasPrefix("tools[0].") == true)
  }

  // MARK: Answers

  /// What a search leaves in an answer is no call of the client's tools.
  @Test func answersOfSearchesAreTexts() throws {
    let blocks = #"""
      [{"type":"text","text":"I look. "},{"type":"server_tool_use","id":"s","name":"web_search","input":{"query":"q"}},
      {"type":"web_search_tool_result","tool_use_id":"s","content":[{"type":"web_search_result","url":"https://a.org","title":"A","encrypted_content":"E"}]},
      {"type":"text","text":"Found.","citations":[{"type":"web_search_result_location","url":"https://a.org","title":"A","encrypted_index":"I","cited_text":"t"}]}]
      """#
    let body =
      #"{"id":"m","type":"message","role":"assistant","model":"c","content":\#(blocks),"stop_reason":"end_turn","usage":{"input_tokens":1,"output_tokens":2,"server_tool_use":{"web_search_requests":1}}}"#
    let answer = try AnthropicCodec().answer(from: bytes(body))
    #expect(answer.choices.first?.content == "I look. Found." && answer.choices.first?.toolCalls.isEmpty == true)
    let grounded =
      #"{"candidates":[{"content":{"parts":[{"text":"Found."}]},"finishReason":"STOP","groundingMetadata":{"webSearchQueries":["q"]}}],"usageMetadata":{"promptTokenCount":1,"candidatesTokenCount":2}}"#
    #expect(try GeminiCodec().answer(from: bytes(grounded)).choices.first?.content == "Found.")
  }
}
