import TextKit
import Testing

@testable import ChatProtocols

/// A choice among some of the tools, for providers that have none.
struct AllowedToolsTests {
  private func members(_ mode: String, _ allowed: [String]) -> String {
    func list(_ names: [String]) -> String {
      names.map { #"{"type":"function","function":{"name":"\#($0)"}}"# }.joined(separator: ",")
    }
    return #","tools":[\#(list(["look", "ask", "delete"]))],"#
      + #""tool_choice":{"type":"allowed_tools","allowed_tools":{"mode":"\#(mode)","tools":[\#(list(allowed))]}}"#
  }

  private func sent(_ members: String, _ codec: any ProviderCodec, _ model: String) throws -> JSONNode {
    try json(text(try codec.upstreamRequest(for: try chat(plainChat(members)), model: model).body))
  }

  @Test(arguments: [("auto", "auto"), ("required", "any")])
  func theOthersAreNotOffered(mode: String, type: String) throws {
    let members = members(mode, ["look", "ask"])
    let anthropic = try sent(members, AnthropicCodec(), "claude")
    #expect(anthropic["tools"]?.elements?.map { $0["name"]?.string } == ["look", "ask"])
    #expect(anthropic["tool_choice"]?["type"]?.string == type)
    let gemini = try sent(members, GeminiCodec(), "gemini-2.5-flash")
    let functions = gemini["tools"]?.elements?[0]["functionDeclarations"]?.elements
    #expect(functions?.map { $0["name"]?.string } == ["look", "ask"])
    #expect(gemini["toolConfig"]?["functionCallingConfig"]?["mode"]?.string == (mode == "required" ? "ANY" : nil))
    let bedrock = try sent(members, BedrockCodec(), "anthropic.claude-sonnet-4-5")
    #expect(bedrock["toolConfig"]?["tools"]?.elements?.count == 2)
    #expect((bedrock["toolConfig"]?["toolChoice"]?["any"] != nil) == (mode == "required"))
  }

  @Test func whereNoneIsAllowedNoneIsOffered() throws {
    let body = try sent(members("auto", ["other"]), AnthropicCodec(), "claude")
    #expect(body["tools"] == nil)
    #expect(body["tool_choice"] == nil)
  }

  @Test(arguments: [("auto", []), ("required", [])] as [(String, [ParameterChange])])
  func nothingIsLost(mode: String, changes: [ParameterChange]) throws {
    let request = try chat(plainChat(members(mode, ["look"])))
    for (codec, model) in [(AnthropicCodec(), "claude"), (GeminiCodec(), "gemini-3")] as [(any ProviderCodec, String)] {
      let body = try codec.upstreamRequest(for: request, model: model).body
      #expect(ParameterChange.all(from: request, to: body, by: ParameterRules()) == changes)
    }
  }

  @Test func clientsOfOpenAIAreTakenAtTheirWord() throws {
    let body = try sent(members("auto", ["look"]), OpenAICodec(), "gpt-4o")
    #expect(body["tools"]?.elements?.count == 3)
    #expect(body["tool_choice"]?["type"]?.string == "allowed_tools")
  }

  private func response(_ choice: String) throws -> ChatRequest {
    try responses(
      #"{"model":"a","input":"x","tools":[{"type":"function","name":"look"},{"type":"function","name":"ask"},"#
        + #"{"type":"namespace","name":"mcp.files","tools":[{"type":"function","name":"read"}]}],"tool_choice":\#(choice)}"#
    )
  }

  @Test func responsesAllowToolsToo() throws {
    let request = try response(
      #"{"type":"allowed_tools","mode":"required","tools":[{"type":"function","name":"look"},{"type":"function","namespace":"mcp.files","name":"read"},{"type":"web_search"}]}"#
    )
    let openAI = try json(text(try OpenAICodec().upstreamRequest(for: request, model: "gpt-4o").body))
    let allowed = openAI["tool_choice"]?["allowed_tools"]
    #expect(allowed?["mode"]?.string == "required")
    let names = openAI["tools"]?.elements?.map { $0["function"]?["name"]?.string }
    #expect(allowed?["tools"]?.elements?.map { $0["function"]?["name"]?.string } == [names?[0], names?[2]])
    let local = try json(text(try OpenAICodec().upstreamRequest(for: request, model: "qwen3:8b").body))
    #expect(local["tools"]?.elements?.count == 2)
    #expect(local["tool_choice"]?.string == "required")
    let anthropic = try json(text(try AnthropicCodec().upstreamRequest(for: request, model: "claude").body))
    #expect(anthropic["tools"]?.elements?.count == 2)
    #expect(anthropic["tool_choice"]?["type"]?.string == "any")
  }

  @Test(arguments: [
    #"{"type":"allowed_tools","tools":[]}"#, #"{"type":"allowed_tools","mode":"none","tools":[]}"#,
    #"{"type":"allowed_tools","mode":"auto"}"#, #"{"type":"allowed_tools","mode":"auto","tools":[{"type":"new"}]}"#,
  ])
  func whatCannotBeReadIsRefused(choice: String) throws {
    #expect(throws: GatewayError.self) { try response(choice) }
  }

  @Test func hostedToolsAloneAllowNoFunction() throws {
    let request = try response(#"{"type":"allowed_tools","mode":"auto","tools":[{"type":"web_search"}]}"#)
    #expect(request.chat["tool_choice"]?.string == "none")
  }
}
