import Testing
import TextKit

@testable import ChatProtocols

/// Converse, both ways.
struct BedrockTests {
  private static let claude = "anthropic.claude-sonnet-4-5-20250929-v1:0"

  private func body(_ request: ChatRequest, _ model: String = claude) throws -> JSONNode {
    try JSONParser.parse(try BedrockCodec().upstreamRequest(for: request, model: model).body)
  }

  /// One rich request of chat completions.
  @Test func chatCompletionsAreWrittenAsConverse() throws {
    let rich = GoldenRequestTests.rich.replacing(
      #"{"url":"https://x.test/a.jpg?b=1","detail":"low"}"#, with: #"{"url":"data:image/jpeg;base64,BBBB"}"#)
    let request = try chat(rich)
    let expected = #"""
      {"system":[{"text":"Be brief."},{"text":"Use"},{"text":"tools."}],
      "messages":[
       {"role":"user","content":[{"text":"What is this?"},{"image":{"format":"png","source":{"bytes":"AAAA"}}},
        {"image":{"format":"jpeg","source":{"bytes":"BBBB"}}}]},
       {"role":"assistant","content":[{"toolUse":{"toolUseId":"c1","name":"look","input":{"at":1.50}}},
        {"toolUse":{"toolUseId":"c2","name":"ask","input":{}}}]},
       {"role":"user","content":[{"toolResult":{"toolUseId":"c1","content":[{"text":"{\"seen\":true}"}]}},
        {"toolResult":{"toolUseId":"c2","content":[{"text":"absent"}]}},{"text":"And now?"}]}],
      "inferenceConfig":{"maxTokens":300,"temperature":1,"stopSequences":["END"]},
      "toolConfig":{"tools":[
        {"toolSpec":{"name":"look","description":"Looks.","inputSchema":{"json":{"type":"object",
          "properties":{"at":{"type":"number"}},"additionalProperties":false}},"strict":true}},
        {"toolSpec":{"name":"ask","inputSchema":{"json":{"properties":{},"type":"object"}}}}],
        "toolChoice":{"tool":{"name":"look"}}},
      "outputConfig":{"textFormat":{"type":"json_schema","structure":{"jsonSchema":{
        "schema":"{\"type\":\"object\",\"properties\":{},\"additionalProperties\":false}","name":"out"}}}}}
      """#
    #expect(try body(request) == (try json(expected)))
    let upstream = try BedrockCodec().upstreamRequest(for: request, model: Self.claude)
    #expect(upstream.path == "/model/anthropic.claude-sonnet-4-5-20250929-v1%3A0/converse-stream")
    #expect(
      try BedrockCodec().upstreamRequest(for: try chat(plainChat()), model: "arn:aws:bedrock:x:1:a/b").path
        == "/model/arn%3Aaws%3Abedrock%3Ax%3A1%3Aa%2Fb/converse")
  }

  /// What only Messages can say reaches Claude as it was said.
  @Test func messagesKeepThinkingAndPointsOfTheCache() throws {
    var request = try messages(
      #"""
      {"model":"auto","max_tokens":5000,"top_k":4,"thinking":{"type":"enabled","budget_tokens":2000},
      "system":[{"type":"text","text":"Long.","cache_control":{"type":"ephemeral","ttl":"1h"}}],
      "tools":[{"name":"look","input_schema":{"type":"object"},"cache_control":{"type":"ephemeral"}}],
      "messages":[
       {"role":"user","content":"hi"},
       {"role":"assistant","content":[
        {"type":"thinking","thinking":"unsigned","signature":""},
        {"type":"thinking","thinking":"hm","signature":"c2ln"},{"type":"redacted_thinking","data":"cmVk"},
        {"type":"text","text":"  "},{"type":"tool_use","id":"toolu_1","name":"look","input":{"a":[1]}}]},
       {"role":"user","content":[
        {"type":"tool_result","tool_use_id":"toolu_1","is_error":true,"content":[{"type":"text","text":"no"},
         {"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}}]},
        {"type":"text","text":"go on","cache_control":{"type":"ephemeral"}}]}]}
      """#)
    request.betas = "claude-code-20250219,interleaved-thinking-2025-05-14"
    let expected = #"""
      {"system":[{"text":"Long."},{"cachePoint":{"type":"default","ttl":"1h"}}],
      "messages":[{"role":"user","content":[{"text":"hi"}]},
       {"role":"assistant","content":[{"reasoningContent":{"reasoningText":{"text":"hm","signature":"c2ln"}}},
        {"reasoningContent":{"redactedContent":"cmVk"}},
        {"toolUse":{"toolUseId":"toolu_1","name":"look","input":{"a":[1]}}}]},
       {"role":"user","content":[{"toolResult":{"toolUseId":"toolu_1","content":[{"text":"no"},
         {"image":{"format":"png","source":{"bytes":"AAAA"}}}],"status":"error"}},
        {"text":"go on"},{"cachePoint":{"type":"default"}}]}],
      "inferenceConfig":{"maxTokens":5000},
      "toolConfig":{"tools":[{"toolSpec":{"name":"look","inputSchema":{"json":{"type":"object"}}}},
       {"cachePoint":{"type":"default"}}]},
      "additionalModelRequestFields":{"top_k":4,"thinking":{"type":"enabled","budget_tokens":2000},
       "anthropic_beta":["interleaved-thinking-2025-05-14"]}}
      """#
    #expect(try body(request) == (try json(expected)))
    // Another maker's model has neither.
    let llama = try body(request, "meta.llama3-70b-instruct-v1:0")
    let written = text(llama.jsonBytes)
    #expect(!written.contains("cachePoint") && !written.contains("reasoningContent") && !written.contains("thinking"))
  }

  @Test func cacheControlOfChatCompletionsIsAPointToo() throws {
    let request = try chat(
      #"""
      {"model":"auto","messages":[
       {"role":"system","content":[{"type":"text","text":"Long.","cache_control":{"type":"ephemeral"}}]},
       {"role":"user","content":"hi","cache_control":{"type":"ephemeral"}}]}
      """#)
    let point = try json(#"{"cachePoint":{"type":"default"}}"#)
    let written = try body(request, "us.amazon.nova-pro-v1:0")
    #expect(written["system"]?.elements?.last == point)
    #expect(written["messages"]?.elements?[0]["content"]?.elements?.last == point)
    #expect(try body(request, "anthropic.claude-3-haiku-20240307-v1:0")["system"]?.elements?.count == 1)
  }

  @Test func conversationsGetTheShapeThatBedrockDemands() throws {
    let request = try chat(
      #"""
      {"model":"auto","messages":[{"role":"assistant","content":"I"},{"role":"user","content":" "},
       {"role":"assistant","tool_calls":[{"id":"a b","type":"function","function":{"name":"very.odd","arguments":"x"}}]},
       {"role":"tool","tool_call_id":"a b","content":""},
       {"role":"user","content":[{"type":"file","file":{"file_data":"data:application/pdf;base64,QQ=="}}]},
       {"role":"assistant","content":"So: "}]}
      """#)
    let written = try body(request)
    let turns = try #require(written["messages"]?.elements)
    #expect(turns.map { $0["role"]?.string } == ["user", "assistant", "user", "assistant"])
    let use = turns[1]["content"]?.elements?.last?["toolUse"]
    let result = turns[2]["content"]?.elements?.first?["toolResult"]
    #expect(use?["toolUseId"] == result?["toolUseId"] && use?["toolUseId"]?.string != "a b")
    #expect(result?["content"]?.elements?.first?["text"]?.string == "(no output)")
    #expect(turns[2]["content"]?.elements?.contains { $0["document"]?["format"]?.string == "pdf" } == true)
    #expect(turns[2]["content"]?.elements?.contains { $0["text"] != nil } == true)
    #expect(turns[3]["content"]?.elements?.last?["text"]?.string == "So:")
    // A history with calls has tools, though the request has none.
    let tools = written["toolConfig"]?["tools"]?.elements
    #expect(tools?.map { $0["toolSpec"]?["name"] } == [use?["name"]])
  }

  @Test(arguments: [
    (#","n":2"#, claude, "n"), (#","logprobs":true"#, claude, "logprobs"),
    (#","logit_bias":{"5":1}"#, claude, "logit_bias"),
    (
      #","response_format":{"type":"json_schema","json_schema":{"name":"a","schema":{"type":"object"}}}"#,
      "anthropic.claude-3-haiku-20240307-v1:0", "response_format"
    ),
    (#","response_format":{"type":"json_object"}"#, "meta.llama3-70b-instruct-v1:0", "response_format"),
    (
      #","tools":[{"type":"function","function":{"name":"f"}}],"tool_choice":"required""#,
      "meta.llama3-1-8b-instruct-v1:0",
      "tool_choice"
    ),
  ])
  func whatConverseCannotSayIsRefused(_ members: String, _ model: String, _ param: String) throws {
    let request = try chat(plainChat(members))
    let error = #expect(throws: GatewayError.self) { try body(request, model) }
    #expect(error?.code == .unsupportedFeature && error?.param == param)
  }

  @Test func imagesMustBeData() throws {
    let image = #"{"type":"image_url","image_url":{"url":"https://x.test/a.png"}}"#
    let request = try chat(#"{"model":"a","messages":[{"role":"user","content":[\#(image)]}]}"#)
    #expect(throws: GatewayError.self) { try body(request) }
  }

  @Test func jsonObjectsAreATool() throws {
    let request = try chat(plainChat(#","response_format":{"type":"json_object"}"#))
    let written = try body(request, "us.amazon.nova-lite-v1:0")
    let name = written["toolConfig"]?["toolChoice"]?["tool"]?["name"]?.string
    #expect(name == written["toolConfig"]?["tools"]?.elements?.first?["toolSpec"]?["name"]?.string)
    let answer = try BedrockCodec().answer(
      from: bytes(
        #"{"output":{"message":{"role":"assistant","content":[{"toolUse":{"toolUseId":"t","name":"\#(name ?? "")","input":{"a": 1.50}}}]}},"stopReason":"tool_use","usage":{"inputTokens":1,"outputTokens":2,"totalTokens":3}}"#
      ))
    #expect(answer.choices[0].content == #"{"a": 1.50}"#)
    #expect(answer.choices[0].finishReason == .stop && answer.choices[0].toolCalls.isEmpty)
  }

  @Test func fieldsOfTheModelsOwn() throws {
    let request = try chat(plainChat(#","top_k":3,"reasoning_effort":"low""#))
    #expect(
      try body(request, "openai.gpt-oss-120b-1:0")["additionalModelRequestFields"]
        == (try json(#"{"reasoning_effort":"low"}"#)))
    #expect(
      try body(request, "amazon.nova-pro-v1:0")["additionalModelRequestFields"]
        == (try json(#"{"inferenceConfig":{"topK":3}}"#)))
    #expect(try body(request, "anthropic.claude-opus-4-6-v1")["outputConfig"]?["effort"]?.string == "low")
    #expect(try body(request)["outputConfig"] == nil)
  }

  // MARK: Answers

  @Test func aWholeAnswerKeepsItsSeal() throws {
    let answer = try BedrockCodec().answer(
      from: bytes(
        #"""
        {"metrics":{"latencyMs":5},"output":{"message":{"role":"assistant","content":[
         {"reasoningContent":{"reasoningText":{"text":"hm","signature":"c2ln"}}},{"reasoningContent":{"redactedContent":"cmVk"}},
         {"text":"yes"},{"toolUse":{"toolUseId":"t1","name":"look","input":{"at": 1.50}}}]}},"stopReason":"tool_use",
         "usage":{"inputTokens":5,"outputTokens":7,"totalTokens":112,"cacheReadInputTokens":80,"cacheWriteInputTokens":20,
          "cacheDetails":[{"ttl":"1h","inputTokens":15},{"ttl":"5m","inputTokens":5}]}}
        """#))
    #expect(
      answer.usage
        == TokenUsage(
          inputTokens: 105, outputTokens: 7, cachedInputTokens: 80, cacheWriteTokens: 20, longCacheWriteTokens: 15))
    let choice = try #require(answer.choices.first)
    #expect(choice.toolCalls == [ToolCall(id: "t1", name: "look", arguments: #"{"at": 1.50}"#)])
    #expect(choice.finishReason == .toolCalls && choice.content == "yes" && choice.reasoning == "hm")
    let blocks = MessagesJSON.message(answer)["content"]?.elements ?? []
    #expect(blocks[0] == (try json(#"{"type":"thinking","thinking":"hm","signature":"c2ln"}"#)))
    #expect(blocks[1] == (try json(#"{"type":"redacted_thinking","data":"cmVk"}"#)))
    #expect(answer.id.hasPrefix("chatcmpl-"))
  }

  @Test(arguments: [
    ("end_turn", "stop"), ("stop_sequence", "stop"), ("max_tokens", "length"),
    ("guardrail_intervened", "content_filter"),
    ("content_filtered", "content_filter"), ("model_context_window_exceeded", "length"), ("new_reason", "stop"),
  ])
  func reasonsToStopAreSaidInOpenAIsWords(_ name: String, _ expected: String) throws {
    let answer = try BedrockCodec().answer(
      from: bytes(#"{"output":{"message":{"content":[{"text":"a"}]}},"stopReason":"\#(name)"}"#))
    #expect(ChatCompletionJSON.name(of: answer.choices[0].finishReason) == expected)
  }

  @Test(arguments: ["malformed_model_output", "malformed_tool_use"]) func brokenAnswersAreFailures(_ name: String) {
    #expect(throws: ProviderFault.self) {
      try BedrockCodec().answer(from: bytes(#"{"output":{"message":{"content":[]}},"stopReason":"\#(name)"}"#))
    }
  }

  /// The golden stream, cut anywhere, is one answer; as Messages it has its signature.
  @Test func aStreamIsTheAnswerWhereverItIsCut() throws {
    let stream = try EventStreamTests.stream("answer")
    func decoded(_ parts: [[UInt8]]) throws -> (events: [ChatEvent], isOver: Bool) {
      var frames = BedrockCodec().makeFrameReader()
      var decoder = BedrockStreamDecoder(salt: 7)
      var events: [ChatEvent] = []
      for part in parts {
        for event in try frames.events(in: part) { events += try decoder.decode(event: event.name, data: event.data) }
      }
      return (events, decoder.isOver && decoder.isComplete)
    }
    let whole = try decoded([stream])
    #expect(whole.isOver)
    for cut in stride(from: 0, through: stream.count, by: 3) {
      #expect(try decoded([Array(stream[..<cut]), Array(stream[cut...])]).events == whole.events)
    }
    var assembler = ChatResponseAssembler()
    for event in whole.events { assembler.append(event) }
    let choice = try #require(assembler.answer.choices.first)
    #expect(choice.content == "Hé\u{1F600}" && choice.finishReason == .toolCalls)
    #expect(choice.reasoningParts == [ReasoningPart(text: "hm", seal: .signature("c2ln"))])
    #expect(choice.toolCalls == [ToolCall(id: "tooluse_1", name: "look", arguments: #"{"at": 1.50}"#)])
    #expect(assembler.answer.usage?.inputTokens == 105)
    let sent = text(encoded(whole.events, by: MessagesStreamEncoder()))
    #expect(sent.contains(#"{"type":"signature_delta","signature":"c2ln"}"#))
  }

  @Test func exceptionsInAStreamAreFailures() throws {
    for (name, kind) in [("throttled", UpstreamFailure.Kind.rateLimited), ("error", .serverError)] {
      var frames = EventStreamReader()
      var decoder = BedrockStreamDecoder()
      let fault = #expect(throws: ProviderFault.self) {
        for event in try frames.events(in: try EventStreamTests.stream(name)) {
          _ = try decoder.decode(event: event.name, data: event.data)
        }
      }
      guard case .failed(let failure)? = fault else { throw CancellationError() }
      #expect(failure.kind == kind)
    }
  }

  @Test(arguments: [
    (429, "ThrottlingException", "Too many requests", "rate_limited"),
    (400, "ServiceQuotaExceededException", "m", "rate_limited"),
    (400, "ValidationException", "Input is too long for requested model.", "context_too_long"),
    (
      400, "ValidationException", "input length and `max_tokens` exceed context limit: 199 + 4096 > 2000",
      "context_too_long"
    ),
    (400, "ValidationException", "The provided model identifier is invalid.", "model_unavailable"),
    (
      400, "ValidationException", "Invocation of model ID x with on-demand throughput isn't supported.",
      "model_unavailable"
    ),
    (400, "ValidationException", "This model doesn't support tool use.", "unsupported"),
    (400, "ValidationException", "Output blocked by content filtering policy", "content_filtered"),
    (400, "ValidationException", "Malformed input request: expected type", "bad_request"),
    (
      403, "AccessDeniedException", "You don't have access to the model with the specified model ID.",
      "model_unavailable"
    ),
    (403, "AccessDeniedException", "User is not authorized to perform this action", "forbidden"),
    (403, "UnrecognizedClientException", "The security token included in the request is invalid.", "key_refused"),
    (403, "ExpiredTokenException", "The security token included in the request is expired", "key_refused"),
    (403, "InvalidSignatureException", "m", "key_refused"),
    (403, "AccessDeniedException", "Bearer Token has expired", "key_refused"),
    (404, "ResourceNotFoundException", "m", "model_unavailable"), (408, "ModelTimeoutException", "m", "timeout"),
    (424, "ModelErrorException", "m", "server_error"), (429, "ModelNotReadyException", "m", "server_error"),
    (500, "InternalServerException", "m", "server_error"), (503, "ServiceUnavailableException", "m", "server_error"),
    (413, "RequestEntityTooLargeException", "m", "too_large"),
  ])
  func errorsHaveTheirScope(_ status: Int, _ type: String, _ message: String, _ kind: String) {
    let body = bytes(#"{"message":"\#(message)"}"#)
    let inHeader = BedrockCodec().failure(
      status: status, headers: [("x-amzn-errortype", "\(type):http://internal.amazon.com/x")], body: body)
    #expect(inHeader.kind.rawValue == kind)
    #expect(inHeader.status == status)
    let inBody = BedrockCodec().failure(
      status: status, headers: [], body: bytes(##"{"__type":"com.amazon#\##(type)","message":"\##(message)"}"##))
    #expect(inBody.kind.rawValue == kind)
  }
}
