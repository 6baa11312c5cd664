import TextKit
import Testing

@testable import ChatProtocols

/// Tools that Anthropic defines and clients carry out, where a model of another provider is asked.
struct ClientToolTests {
  private static func request(_ tools: String, _ more: String = "") -> String {
    #"{"model":"auto","max_tokens":9,"tools":[\#(tools)],\#(more)"messages":[{"role":"user","content":"x"}]}"#
  }

  /// The function of a tool's properties, and what of them must be there.
  private static func function(
    _ tool: String
  ) throws -> (name: String?, properties: JSONNode, required: [String]) {
    let request = try messages(request(tool)).applying(.keep)
    #expect(request.hostedTools.names.isEmpty && request.untranslatable == nil)
    let sent = try json(text(OpenAICodec().upstreamRequest(for: request, model: "gpt-5").body))
    let function = try #require(sent["tools"]?.elements?.first?["function"])
    #expect(function["description"]?.string?.isEmpty == false)
    let schema = try #require(function["parameters"])
    #expect(schema["type"]?.string == "object")
    let required = schema["required"]?.elements?.compactMap(\.string) ?? []
    return (function["name"]?.string, schema["properties"] ?? .null, required)
  }

  @Test(arguments: ["bash_20241022", "bash_20250124", "bash_20270101"])
  func shell(type: String) throws {
    let function = try Self.function(#"{"type":"\#(type)","name":"bash"}"#)
    #expect(function.name == "bash" && function.required.isEmpty)
    #expect(function.properties.members?.map(\.key) == ["command", "restart"])
    #expect(function.properties["restart"]?["type"]?.string == "boolean")
  }

  @Test(arguments: [
    ("text_editor_20241022", "str_replace_editor", true), ("text_editor_20250124", "str_replace_editor", true),
    ("text_editor_20250429", "str_replace_based_edit_tool", false),
    ("text_editor_20250728", "str_replace_based_edit_tool", false),
  ])
  func editor(type: String, name: String, isOld: Bool) throws {
    let function = try Self.function(#"{"type":"\#(type)","name":"\#(name)","max_characters":10000}"#)
    #expect(function.name == name && function.required == ["command", "path"])
    let commands = function.properties["command"]?["enum"]?.elements?.compactMap(\.string)
    #expect(commands == ["view", "create", "str_replace", "insert"] + (isOld ? ["undo_edit"] : []))
    let keys = function.properties.members?.map(\.key) ?? []
    #expect(keys.contains("insert_text") == !isOld)
    #expect(Set(keys).isSuperset(of: ["file_text", "old_str", "new_str", "insert_line", "view_range"]))
    #expect(function.properties["view_range"]?["items"]?["type"]?.string == "integer")
  }

  @Test(arguments: [
    ("computer_20241022", "", false, false), ("computer_20250124", "", true, false),
    ("computer_20251124", "", true, false), ("computer_20251124", #","enable_zoom":true"#, true, true),
  ])
  func computer(type: String, more: String, isNew: Bool, canZoom: Bool) throws {
    let tool =
      #"{"type":"\#(type)","name":"computer","display_width_px":1024,"display_height_px":768,"display_number":1\#(more)}"#
    let function = try Self.function(tool)
    #expect(function.name == "computer" && function.required == ["action"])
    let actions = Set(function.properties["action"]?["enum"]?.elements?.compactMap(\.string) ?? [])
    #expect(actions.isSuperset(of: ["screenshot", "left_click", "type", "key"]))
    #expect(actions.contains("scroll") == isNew && actions.contains("zoom") == canZoom)
    #expect((function.properties["scroll_direction"] != nil) == isNew)
    #expect((function.properties["region"] != nil) == canZoom)
    let declared = try messages(Self.request(tool)).chat["tools"]?.elements?.first?["function"]
    #expect(declared?["description"]?.string?.contains("1024 by 768 pixels") == true)
  }

  @Test func memory() throws {
    let function = try Self.function(#"{"type":"memory_20250818","name":"memory"}"#)
    #expect(function.name == "memory" && function.required == ["command"])
    let commands = function.properties["command"]?["enum"]?.elements?.compactMap(\.string)
    #expect(commands == ["view", "create", "str_replace", "insert", "delete", "rename"])
    #expect(function.properties["old_path"] != nil && function.properties["insert_text"] != nil)
  }

  @Test(arguments: [
    (#"{"type":"computer_20250124","name":"computer"}"#, "missing_required_parameter", "tools[0].display_width_px"),
    (
      #"{"type":"computer_20250124","name":"computer","display_width_px":0,"display_height_px":1}"#, "invalid_value",
      "tools[0].display_width_px"
    ), (#"{"type":"bash_20250124"}"#, "missing_required_parameter", "tools[0].name"),
  ])
  func badDeclarations(tool: String, code: String, param: String) {
    let error = #expect(throws: GatewayError.self) { _ = try messages(Self.request(tool)) }
    #expect(error?.code.rawValue == code && error?.message.contains(param) == true, "\(String(describing: error))")
  }

  /// What runs at Anthropic stays what it was, whatever its name begins with.
  @Test(arguments: [
    #"{"type":"code_execution_20250825","name":"code_execution"}"#,
    #"{"type":"web_fetch_20250910","name":"web_fetch"}"#,
    #"{"type":"tool_search_tool_bm25_20251119","name":"tool_search_tool_bm25"}"#,
    #"{"type":"mcp_toolset","mcp_server_name":"m"}"#, #"{"type":"bash_code_execution_20250825","name":"b"}"#,
    #"{"type":"bash_new","name":"bash"}"#,
  ])
  func hostedToolsAreNone(tool: String) throws {
    let request = try messages(Self.request(tool))
    #expect(request.hostedTools.names.count == 1 && request.chat["tools"] == nil)
    #expect(throws: GatewayError.self) {
      _ = try OpenAICodec().upstreamRequest(for: request.applying(.keep), model: "gpt-5")
    }
    let own = text(try AnthropicCodec().upstreamRequest(for: request.applying(.keep), model: "auto").body)
    #expect(own == Self.request(tool))
  }

  private static let loop = #"""
    {"model":"auto","max_tokens":9,"tools":[{"type":"text_editor_20250728","name":"str_replace_based_edit_tool"},
    {"type":"computer_20250124","name":"computer","display_width_px":10,"display_height_px":20,"cache_control":{"type":"ephemeral"}}],
    "tool_choice":{"type":"tool","name":"computer"},"messages":[{"role":"user","content":"x"},
    {"role":"assistant","content":[{"type":"tool_use","id":"toolu_1","name":"computer","input":{"action":"left_click","coordinate":[3,4]}}]},
    {"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_1","content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}}]}]}]}
    """#

  /// A loop in progress goes on elsewhere, and what the model calls there is a call of the client's tool.
  @Test func loopsGoOn() throws {
    let request = try messages(Self.loop)
    let body = try json(text(OpenAICodec().upstreamRequest(for: request, model: "gpt-5").body))
    let said = try #require(body["messages"]?.elements)
    let call = try #require(said[1]["tool_calls"]?.elements?.first?["function"])
    #expect(call["name"]?.string == "computer")
    #expect(call["arguments"]?.string == #"{"action":"left_click","coordinate":[3,4]}"#)
    #expect(said[2]["role"]?.string == "tool" && said[3]["content"]?.elements?.first?["image_url"] != nil)
    #expect(body["tool_choice"]?["function"]?["name"]?.string == "computer")
    for model in ["gemini-2.5-flash", "gemini-3-pro"] {
      let gemini = try json(text(GeminiCodec().upstreamRequest(for: request, model: model).body))
      let declared = gemini["tools"]?.elements?.first?["functionDeclarations"]?.elements
      #expect(declared?.map { $0["name"]?.string } == ["str_replace_based_edit_tool", "computer"])
    }
    let bedrock = try json(
      text(BedrockCodec().upstreamRequest(for: request, model: "anthropic.claude-opus-4-6-v1:0").body))
    let tools = try #require(bedrock["toolConfig"]?["tools"]?.elements)
    #expect(tools.map { $0["toolSpec"]?["name"]?.string } == ["str_replace_based_edit_tool", "computer", nil])
    #expect(tools[2]["cachePoint"] != nil, "the point of the cache stands behind its tool")
    let own = text(try AnthropicCodec().upstreamRequest(for: request, model: "auto").body)
    #expect(own == Self.loop, "Anthropic's own models get the tools as they are")
    let events: [ChatEvent] = [
      .start(id: "a", model: "m", created: 1),
      .toolCall(choice: 0, call: 0, id: "c", name: "computer", arguments: #"{"action":"screenshot"}"#),
      .finish(choice: 0, .toolCalls),
    ]
    let blocks = try sent(encoded(events, by: MessagesFormat().makeStreamEncoder(for: request))).map(data)
    let block = try #require(blocks.first { $0["type"]?.string == "content_block_start" }?["content_block"])
    #expect(block["type"]?.string == "tool_use" && block["name"]?.string == "computer")
  }

  /// A point of the cache stands behind its own tool, though one before it is left out.
  @Test func cachePointsKeepTheirTools() throws {
    let request = try messages(
      Self.request(
        #"{"type":"web_fetch_20250910","name":"web_fetch","cache_control":{"type":"ephemeral"}},{"name":"f","input_schema":{"type":"object"}},{"name":"g","input_schema":{"type":"object"},"cache_control":{"type":"ephemeral"}}"#
      )
    ).applying(.drop)
    let sent = try json(
      text(BedrockCodec().upstreamRequest(for: request, model: "anthropic.claude-opus-4-6-v1:0").body))
    let tools = sent["toolConfig"]?["tools"]?.elements?.map { $0["toolSpec"]?["name"]?.string }
    #expect(tools == ["f", "g", nil])
  }
}
