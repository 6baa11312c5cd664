import Testing

@testable import ChatProtocols

/// Requests that no provider should see: what is wrong, named by code and field.
struct BadRequestTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var body: String
    var code: GatewayError.Code
    var param: String?
    var testDescription: String { String(body.prefix(80)) }

    init(_ body: String, _ code: GatewayError.Code, _ param: String? = nil) {
      (self.body, self.code, self.param) = (body, code, param)
    }

    /// A good chat request but for one member.
    static func chat(_ member: String, _ code: GatewayError.Code, _ param: String) -> Row {
      Row(plainChat("," + member), code, param)
    }

    /// A chat request whose one message is this.
    static func message(_ message: String, _ code: GatewayError.Code, _ param: String) -> Row {
      Row(#"{"model":"auto","messages":[\#(message)]}"#, code, "messages[0]" + param)
    }
  }

  static let roots: [Row] = [
    Row("", .invalidJSON), Row("   ", .invalidJSON), Row("{", .invalidJSON), Row("nope", .invalidJSON),
    Row(#"{"model":"auto","messages":[{"role":"user","content":"hi"}"#, .invalidJSON),
    Row(#"{"model":"a\ud800","messages":[]}"#, .invalidJSON), Row("{} {}", .invalidJSON),
    Row("[]", .invalidType), Row("null", .invalidType), Row("3", .invalidType), Row("\"text\"", .invalidType),
    Row(String(repeating: "[", count: 100_000), .invalidJSON),
    Row("{}", .missingParameter, "model"), Row(#"{"model":null}"#, .missingParameter, "model"),
    Row(#"{"model":3}"#, .invalidType, "model"), Row(#"{"model":""}"#, .invalidValue, "model"),
    Row(#"{"model":["a"]}"#, .invalidType, "model"),
    Row(#"{"model":"a","model":"b"}"#, .duplicateKey, "model"),
  ]

  static let chats: [Row] = [
    Row(#"{"model":"a"}"#, .missingParameter, "messages"),
    Row(#"{"model":"a","messages":null}"#, .missingParameter, "messages"),
    Row(#"{"model":"a","messages":"hi"}"#, .invalidType, "messages"),
    Row(#"{"model":"a","messages":{}}"#, .invalidType, "messages"),
    Row(#"{"model":"a","messages":[]}"#, .emptyArray, "messages"),
    Row(#"{"model":"a","messages":[{"role":"user","content":"x"}],"messages":[]}"#, .duplicateKey, "messages"),
    .message("3", .invalidType, ""), .message("null", .invalidType, ""), .message("{}", .missingParameter, ".role"),
    .message(#"{"role":"robot","content":"x"}"#, .invalidValue, ".role"),
    .message(#"{"role":1,"content":"x"}"#, .invalidType, ".role"),
    .message(#"{"role":"user"}"#, .missingParameter, ".content"),
    .message(#"{"role":"user","content":null}"#, .missingParameter, ".content"),
    .message(#"{"role":"user","content":5}"#, .invalidType, ".content"),
    .message(#"{"role":"user","content":[]}"#, .emptyArray, ".content"),
    .message(#"{"role":"user","content":["x"]}"#, .invalidType, ".content[0]"),
    .message(#"{"role":"user","content":[{"text":"x"}]}"#, .missingParameter, ".content[0].type"),
    .message(#"{"role":"user","content":[{"type":"text"}]}"#, .missingParameter, ".content[0].text"),
    .message(#"{"role":"user","content":[{"type":"text","text":1}]}"#, .invalidType, ".content[0].text"),
    .message(
      #"{"role":"user","content":[{"type":"image_url","image_url":"x"}]}"#, .invalidType, ".content[0].image_url"),
    .message(
      #"{"role":"user","content":[{"type":"image_url","image_url":{}}]}"#, .missingParameter,
      ".content[0].image_url.url"),
    .message(#"{"role":"assistant"}"#, .missingParameter, ".content"),
    .message(#"{"role":"assistant","tool_calls":{}}"#, .invalidType, ".tool_calls"),
    .message(#"{"role":"assistant","tool_calls":[{}]}"#, .missingParameter, ".tool_calls[0].id"),
    .message(#"{"role":"assistant","tool_calls":[{"id":"a"}]}"#, .missingParameter, ".tool_calls[0].function"),
    .message(
      #"{"role":"assistant","tool_calls":[{"id":"a","function":{"name":"f","arguments":{}}}]}"#, .invalidType,
      ".tool_calls[0].function.arguments"),
    .message(#"{"role":"tool","content":"x"}"#, .missingParameter, ".tool_call_id"),
    .chat(#""stream":"yes""#, .invalidType, "stream"), .chat(#""stream":1"#, .invalidType, "stream"),
    .chat(#""stream_options":[]"#, .invalidType, "stream_options"),
    .chat(#""stream_options":{"include_usage":1}"#, .invalidType, "stream_options.include_usage"),
    .chat(#""n":0"#, .invalidValue, "n"), .chat(#""n":1.5"#, .invalidValue, "n"), .chat(#""n":"2""#, .invalidType, "n"),
    .chat(#""n":1e99"#, .invalidValue, "n"), .chat(#""n":129"#, .invalidValue, "n"),
    .chat(#""max_tokens":-2"#, .invalidValue, "max_tokens"), .chat(#""max_tokens":0"#, .invalidValue, "max_tokens"),
    .chat(#""max_tokens":99999999999999999999"#, .invalidValue, "max_tokens"),
    .chat(#""max_completion_tokens":"5""#, .invalidType, "max_completion_tokens"),
    .chat(#""temperature":"hot""#, .invalidType, "temperature"),
    .chat(#""temperature":2.1"#, .invalidValue, "temperature"),
    .chat(#""temperature":-0.1"#, .invalidValue, "temperature"),
    .chat(#""temperature":1e999"#, .invalidValue, "temperature"), .chat(#""top_p":7"#, .invalidValue, "top_p"),
    .chat(#""presence_penalty":3"#, .invalidValue, "presence_penalty"),
    .chat(#""logit_bias":[]"#, .invalidType, "logit_bias"), .chat(#""logprobs":"yes""#, .invalidType, "logprobs"),
    .chat(#""top_logprobs":21"#, .invalidValue, "top_logprobs"), .chat(#""seed":"x""#, .invalidType, "seed"),
    .chat(#""stop":5"#, .invalidType, "stop"), .chat(#""stop":[1]"#, .invalidType, "stop[0]"),
    .chat(#""user":7"#, .invalidType, "user"), .chat(#""tools":{}"#, .invalidType, "tools"),
    .chat(#""tools":[3]"#, .invalidType, "tools[0]"), .chat(#""tools":[{}]"#, .missingParameter, "tools[0].type"),
    .chat(#""tools":[{"type":"function"}]"#, .missingParameter, "tools[0].function"),
    .chat(#""tools":[{"type":"function","function":{"name":""}}]"#, .invalidValue, "tools[0].function.name"),
    .chat(
      #""tools":[{"type":"function","function":{"name":"f","parameters":"x"}}]"#, .invalidType,
      "tools[0].function.parameters"),
    .chat(#""tool_choice":"maybe""#, .invalidValue, "tool_choice"),
    .chat(#""tool_choice":5"#, .invalidType, "tool_choice"),
    .chat(#""tool_choice":{"type":"function"}"#, .missingParameter, "tool_choice.function"),
    .chat(#""response_format":"json""#, .invalidType, "response_format"),
    .chat(#""response_format":{}"#, .missingParameter, "response_format.type"),
    .chat(#""response_format":{"type":"xml"}"#, .invalidValue, "response_format.type"),
    .chat(#""response_format":{"type":"json_schema"}"#, .missingParameter, "response_format.json_schema"),
    .chat(
      #""response_format":{"type":"json_schema","json_schema":{"name":"a","schema":[]}}"#, .invalidType,
      "response_format.json_schema.schema"),
    .chat(#""x":1,"x":2"#, .duplicateKey, "x"),
  ]

  static let anthropic: [Row] = [
    Row(#"{"model":"a","max_tokens":5}"#, .missingParameter, "messages"),
    Row(#"{"model":"a","max_tokens":5,"messages":[]}"#, .emptyArray, "messages"),
    Row(#"{"model":"a","messages":[{"role":"user","content":"x"}]}"#, .missingParameter, "max_tokens"),
    Row(#"{"model":"a","max_tokens":0,"messages":[{"role":"user","content":"x"}]}"#, .invalidValue, "max_tokens"),
    Row(#"{"model":"a","max_tokens":5,"messages":[{"role":"tool","content":"x"}]}"#, .invalidValue, "messages[0].role"),
    Row(
      #"{"model":"a","max_tokens":5,"messages":[{"role":"user","content":[{"type":"image"}]}]}"#, .missingParameter,
      "messages[0].content[0].source"),
    Row(
      #"{"model":"a","max_tokens":5,"temperature":1.5,"messages":[{"role":"user","content":"x"}]}"#, .invalidValue,
      "temperature"),
    Row(
      #"{"model":"a","max_tokens":5,"tools":[{"name":"f"}],"messages":[{"role":"user","content":"x"}]}"#,
      .missingParameter, "tools[0].input_schema"),
    Row(
      #"{"model":"a","max_tokens":5,"system":5,"messages":[{"role":"user","content":"x"}]}"#, .invalidType, "system"),
    Row(
      #"{"model":"a","max_tokens":5,"tool_choice":"auto","messages":[{"role":"user","content":"x"}]}"#, .invalidType,
      "tool_choice"),
  ]

  static let openAIResponses: [Row] = [
    Row(#"{"model":"a"}"#, .missingParameter, "input"), Row(#"{"model":"a","input":[]}"#, .emptyArray, "input"),
    Row(#"{"model":"a","input":5}"#, .invalidType, "input"),
    Row(#"{"model":"a","input":[5]}"#, .invalidType, "input[0]"),
    Row(#"{"model":"a","input":[{"role":"user"}]}"#, .missingParameter, "input[0].content"),
    Row(#"{"model":"a","input":"x","previous_response_id":"r"}"#, .unsupportedFeature, "previous_response_id"),
    Row(#"{"model":"a","input":"x","conversation":"c"}"#, .unsupportedFeature, "conversation"),
    Row(#"{"model":"a","input":"x","background":true}"#, .unsupportedFeature, "background"),
    Row(#"{"model":"a","input":"x","truncation":"auto"}"#, .unsupportedFeature, "truncation"),
    Row(#"{"model":"a","input":[{"type":"item_reference","id":"i"}]}"#, .unsupportedFeature, "input[0]"),
    Row(#"{"model":"a","input":"x","max_output_tokens":0}"#, .invalidValue, "max_output_tokens"),
    Row(#"{"model":"a","input":"x","text":{"format":{"type":"json_schema"}}}"#, .missingParameter, "text.format.name"),
    Row(
      #"{"model":"a","input":[{"role":"user","content":[{"type":"input_image","file_id":"f"}]}]}"#,
      .unsupportedFeature, "input[0].content[0]"),
  ]

  @Test(arguments: roots + chats)
  func refusesChat(_ row: Row) throws { try expect(row, from: ChatCompletionsFormat()) }

  @Test(arguments: roots + anthropic)
  func refusesMessages(_ row: Row) throws { try expect(row, from: MessagesFormat()) }

  @Test(arguments: roots + openAIResponses)
  func refusesResponses(_ row: Row) throws { try expect(row, from: ResponsesFormat()) }

  @Test func refusesDamagedUTF8() throws {
    let body = bytes(#"{"model":"a"#) + [0xFF] + bytes(#"","messages":[]}"#)
    let error = #expect(throws: GatewayError.self) { try ChatCompletionsFormat().request(from: body) }
    #expect(error?.code == .invalidUTF8)
  }

  @Test func tellsNothingOfTheText() throws {
    let secret = "my secret words are long and many"
    for body in [
      #"{"model":"a","messages":[{"role":"\#(secret)","content":"x"}]}"#,
      #"{"model":"a","messages":"\#(secret)"}"#, plainChat(#","tool_choice":"\#(secret)""#),
      plainChat(#","\#(secret)":1,"\#(secret)":2"#),
    ] {
      let error = #expect(throws: GatewayError.self) { try chat(body) }
      #expect(error?.message.contains("secret") == false)
      #expect(error?.param?.contains("secret") != true)
    }
  }

  private func expect(_ row: Row, from apiFormat: some ClientFormat) throws {
    let error = #expect(throws: GatewayError.self) { try apiFormat.request(from: bytes(row.body)) }
    #expect(error?.status == 400)
    #expect(error?.code == row.code, "\(error?.message ?? "")")
    #expect(error?.param == row.param)
    let envelope = try json(text(apiFormat.body(of: try #require(error))))
    #expect(envelope["error"]?["code"]?.string == row.code.rawValue)
    #expect(envelope["error"]?["message"]?.string?.isEmpty == false)
    #expect(envelope["error"]?["type"]?.string == "invalid_request_error")
  }
}
