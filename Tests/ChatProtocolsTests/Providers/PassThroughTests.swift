import RequestLog
import Testing

@testable import ChatProtocols

/// Requests to providers that speak the client's API format: the client's bytes, but for the model and the usage chunk.
struct PassThroughTests {
  private static let odd =
    "{ \"messages\" : [ {\"role\":\"user\",\"content\":\"caf\\u00e9 \\ud83d\\ude00 \\/\"} ] ,\n\t\"model\":\"au\\u0074o\","
    + " \"x_unknown\":{\"a\":[1.50,1e3,-0]},\"temperature\":1.0}"

  @Test func replacesTheModelAlone() throws {
    let request = signed(
      try OpenAICodec().upstreamRequest(for: try chat(Self.odd), model: "gpt-\"x\""), by: .openai)
    #expect(text(request.body) == Self.odd.replacing("\"au\\u0074o\"", with: "\"gpt-\\\"x\\\"\""))
    #expect(request.path == "/chat/completions")
    #expect(request.headers.contains { $0.name == "authorization" && $0.value == "Bearer k" })
  }

  @Test(arguments: [
    (#"{"model":"a","M","stream":true}"#, #"{"model":"b","M","stream":true,"stream_options":{"include_usage":true}}"#),
    (
      #"{"stream":true,"M","model":"a" }"#, #"{"stream":true,"M","model":"b" ,"stream_options":{"include_usage":true}}"#
    ),
    (
      #"{"model":"a","stream_options":{"include_usage":false},"M","stream":true}"#,
      #"{"model":"b","stream_options":{"include_usage":true},"M","stream":true}"#
    ),
    (
      #"{"model":"a","stream_options":{"y":1 },"M","stream":true}"#,
      #"{"model":"b","stream_options":{"y":1 ,"include_usage":true},"M","stream":true}"#
    ),
    (
      #"{"model":"a","stream_options":{ },"M","stream":true}"#,
      #"{"model":"b","stream_options":{ "include_usage":true},"M","stream":true}"#
    ),
    (
      #"{"model":"a","stream_options":null,"M","stream":true}"#,
      #"{"model":"b","stream_options":{"include_usage":true},"M","stream":true}"#
    ),
    (#"{"model":"a","M","stream":false}"#, #"{"model":"b","M","stream":false}"#),
  ])
  func asksForUsage(body: String, expected: String) throws {
    let said = #""messages":[{"role":"user","content":"hi"}]"#
    let request = try chat(body.replacing("\"M\"", with: said))
    let upstream = try OpenAICodec().upstreamRequest(for: request, model: "b")
    #expect(text(upstream.body) == expected.replacing("\"M\"", with: said))
    #expect(!upstream.headers.contains { $0.name == "authorization" })
  }

  @Test func keepsMessagesForAnthropic() throws {
    let body =
      #"{"model":"auto","max_tokens":5, "stream":true,"tools":[{"type":"web_search_20250305","name":"w"}],"#
      + #""messages":[{"role":"user","content":[{"type":"new_kind","x":1}]}],"beta":true}"#
    let request = try messages(body)
    let upstream = signed(try AnthropicCodec().upstreamRequest(for: request, model: "claude"), by: .anthropic)
    #expect(text(upstream.body) == body.replacing("\"auto\"", with: "\"claude\""))
    #expect(upstream.path == "/messages")
    #expect(upstream.headers.map(\.name) == ["content-type", "anthropic-version", "x-api-key"])
    for provider in [OpenAICodec(), GeminiCodec()] as [any ProviderCodec] {
      let error = #expect(throws: GatewayError.self) {
        try provider.upstreamRequest(for: request, model: "m")
      }
      #expect(error?.code == .unsupportedFeature)
      #expect(error?.param == "messages[0].content[0]")
    }
  }

  @Test func logsAndClientsReadAlike() throws {
    let body = plainChat(
      #","tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"}}}],"max_tokens":7"#)
    let parser = try #require(RequestParser())
    #expect(try chat(body).request == (try parser.request(fromJSON: bytes(body))))
    // Names that only logs know have no say in what a client sends.
    #expect(try chat(plainChat(#","prompt":"x","image_count":9"#)).request == (try chat(plainChat()).request))
  }

  @Test func longBodiesAreReadToo() throws {
    let long = String(repeating: "word ", count: 100_000)
    let request = try chat(#"{"model":"a","messages":[{"role":"user","content":"\#(long)"}]}"#)
    #expect(request.request.segments[0].text == long)
  }
}
