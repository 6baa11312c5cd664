import Testing

@testable import ChatProtocols

/// Answers in JSON beside tools, which Gemini gives from 3 on.
struct JSONBesideToolsTests {
  private static let tools = #","tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"}}}]"#
  private static let schema =
    #","response_format":{"type":"json_schema","json_schema":{"name":"a","schema":{"type":"object"}}}"#

  @Test(
    arguments: [schema, #","response_format":{"type":"json_object"}"#], ["gemini-2.5-flash", "google/gemini-2.0-pro"])
  func olderModelsAreNotAsked(format: String, model: String) throws {
    let request = try chat(plainChat(Self.tools + format))
    let error = #expect(throws: GatewayError.self) { try GeminiCodec().upstreamRequest(for: request, model: model) }
    #expect(error?.code == .unsupportedFeature)
    #expect(error?.param == "response_format")
  }

  @Test func newerModelsGetBoth() throws {
    let request = try chat(plainChat(Self.tools + Self.schema))
    let body = try json(text(try GeminiCodec().upstreamRequest(for: request, model: "gemini-3-pro-preview").body))
    #expect(body["tools"] != nil)
    #expect(body["generationConfig"]?["responseMimeType"]?.string == "application/json")
  }

  @Test func toolsThatMustNotBeCalledAreLeftOut() throws {
    let request = try chat(plainChat(Self.tools + Self.schema + #","tool_choice":"none""#))
    let body = try json(text(try GeminiCodec().upstreamRequest(for: request, model: "gemini-2.5-flash").body))
    #expect(body["tools"] == nil)
    #expect(body["toolConfig"] == nil)
    #expect(body["generationConfig"]?["responseMimeType"]?.string == "application/json")
  }

  @Test(arguments: [#""required""#, #"{"type":"function","function":{"name":"f"}}"#])
  func callsThatAreDemandedNeedNoForm(choice: String) throws {
    let request = try chat(plainChat(Self.tools + Self.schema + #","tool_choice":\#(choice)"#))
    let body = try json(text(try GeminiCodec().upstreamRequest(for: request, model: "gemini-2.5-flash").body))
    #expect(body["toolConfig"]?["functionCallingConfig"]?["mode"]?.string == "ANY")
    #expect(body["tools"] != nil)
    #expect(body["generationConfig"] == nil)
  }

  @Test(arguments: [tools + #","response_format":{"type":"text"}"#, tools + #","response_format":null"#, schema])
  func oneOfThemIsTaken(members: String) throws {
    _ = try GeminiCodec().upstreamRequest(for: try chat(plainChat(members)), model: "gemini-2.5-flash")
  }
}
