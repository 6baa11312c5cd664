import Testing

@testable import ChatProtocols

/// The bodies that providers get for one rich chat completion request.
struct GoldenRequestTests {
  static let rich = #"""
    {"model":"auto","stream":true,"max_completion_tokens":300,"max_tokens":9,"temperature":1.5,"top_p":0.9,"seed":7,
    "stop":"END","user":"u1","reasoning_effort":"medium","parallel_tool_calls":false,"presence_penalty":0.5,
    "messages":[
     {"role":"system","content":"Be brief."},
     {"role":"developer","content":[{"type":"text","text":"Use"},{"type":"text","text":"tools."}]},
     {"role":"user","content":[{"type":"text","text":"What is this?"},
      {"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}},
      {"type":"image_url","image_url":{"url":"https://x.test/a.jpg?b=1","detail":"low"}}]},
     {"role":"assistant","content":null,"tool_calls":[
      {"id":"c1","type":"function","function":{"name":"look","arguments":"{\"at\": 1.50}"}},
      {"id":"c2","type":"function","function":{"name":"ask","arguments":""}}]},
     {"role":"tool","tool_call_id":"c1","content":"{\"seen\":true}"},
     {"role":"tool","tool_call_id":"c2","content":"absent"},
     {"role":"user","content":"And now?"}],
    "tools":[{"type":"function","function":{"name":"look","description":"Looks.","strict":true,
      "parameters":{"type":"object","properties":{"at":{"type":"number"}}}}},
     {"type":"function","function":{"name":"ask"}}],
    "tool_choice":{"type":"function","function":{"name":"look"}},
    "response_format":{"type":"json_schema","json_schema":{"name":"out","strict":true,
      "schema":{"type":"object","properties":{},"additionalProperties":false}}}}
    """#

  @Test func anthropic() throws {
    let upstream = try AnthropicCodec().upstreamRequest(for: try chat(Self.rich), model: "claude")
    let expected = #"""
      {"model":"claude","max_tokens":300,"stream":true,"temperature":1,"top_p":0.9,"stop_sequences":["END"],
      "metadata":{"user_id":"u1"},
      "system":[{"type":"text","text":"Be brief."},{"type":"text","text":"Use\ntools."}],
      "messages":[
       {"role":"user","content":[{"type":"text","text":"What is this?"},
        {"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}},
        {"type":"image","source":{"type":"url","url":"https://x.test/a.jpg?b=1"}}]},
       {"role":"assistant","content":[{"type":"tool_use","id":"c1","name":"look","input":{"at":1.50}},
        {"type":"tool_use","id":"c2","name":"ask","input":{}}]},
       {"role":"user","content":[{"type":"tool_result","tool_use_id":"c1","content":"{\"seen\":true}"},
        {"type":"tool_result","tool_use_id":"c2","content":"absent"},{"type":"text","text":"And now?"}]}],
      "tools":[{"name":"look","description":"Looks.","strict":true,
        "input_schema":{"type":"object","properties":{"at":{"type":"number"}},"additionalProperties":false}},
       {"name":"ask","input_schema":{"type":"object","properties":{}}}],
      "tool_choice":{"type":"tool","name":"look","disable_parallel_tool_use":true},
      "output_config":{"effort":"medium","format":{"type":"json_schema",
        "schema":{"type":"object","properties":{},"additionalProperties":false}}}}
      """#
    #expect(try json(text(upstream.body)) == (try json(expected)))
  }

  @Test(arguments: [("gemini-2.5-pro", false), ("gemini-3-pro", true)])
  func gemini(model: String, isThird: Bool) throws {
    // Before Gemini 3 there is no JSON beside tools.
    let rich =
      isThird ? Self.rich : Self.rich.replacing(#""json_schema","json_schema""#, with: #""text","json_schema""#)
    let upstream = signed(try GeminiCodec().upstreamRequest(for: try chat(rich), model: model), by: .gemini)
    let format =
      isThird
      ? #""responseMimeType":"application/json","responseJsonSchema":{"type":"object","properties":{},"additionalProperties":false},"#
      : ""
    let thinking = isThird ? #"{"thinkingLevel":"medium"}"# : #"{"thinkingBudget":8192}"#
    let signature = isThird ? #","thoughtSignature":"skip_thought_signature_validator""# : ""
    let expected = #"""
      {"systemInstruction":{"parts":[{"text":"Be brief."},{"text":"Use\ntools."}]},
      "contents":[
       {"role":"user","parts":[{"text":"What is this?"},{"inlineData":{"mimeType":"image/png","data":"AAAA"}},
        {"fileData":{"fileUri":"https://x.test/a.jpg?b=1","mimeType":"image/jpeg"}}]},
       {"role":"model","parts":[{"functionCall":{"name":"look","args":{"at":1.50}}\#(signature)},
        {"functionCall":{"name":"ask","args":{}}\#(signature)}]},
       {"role":"user","parts":[{"functionResponse":{"name":"look","response":{"seen":true}}},
        {"functionResponse":{"name":"ask","response":{"result":"absent"}}},{"text":"And now?"}]}],
      "tools":[{"functionDeclarations":[{"name":"look","description":"Looks.",
        "parametersJsonSchema":{"type":"object","properties":{"at":{"type":"number"}}}},{"name":"ask"}]}],
      "toolConfig":{"functionCallingConfig":{"mode":"ANY","allowedFunctionNames":["look"]}},
      "generationConfig":{"temperature":1.5,"topP":0.9,"seed":7,"maxOutputTokens":300,"stopSequences":["END"],
       "presencePenalty":0.5,\#(format)
       "thinkingConfig":\#(thinking)}}
      """#
    #expect(try json(text(upstream.body)) == (try json(expected)))
    #expect(upstream.path == "/models/\(model):streamGenerateContent?alt=sse")
    #expect(upstream.headers.contains { $0.name == "x-goog-api-key" && $0.value == "k" })
  }

  @Test func plainRequestsStayPlain() throws {
    let request = try chat(plainChat())
    let anthropic = try AnthropicCodec().upstreamRequest(for: request, model: "c")
    #expect(
      text(anthropic.body)
        == #"{"model":"c","max_tokens":16384,"messages":[{"role":"user","content":[{"type":"text","text":"hi"}]}]}"#)
    let gemini = try GeminiCodec().upstreamRequest(for: request, model: "a/../b?c")
    #expect(text(gemini.body) == #"{"contents":[{"role":"user","parts":[{"text":"hi"}]}]}"#)
    #expect(gemini.path == "/models/a%2F..%2Fb%3Fc:generateContent")
  }

  @Test func jsonObjectsAreAToolOfAnthropic() throws {
    let request = try chat(plainChat(#","response_format":{"type":"json_object"}"#))
    let body = try json(text(try AnthropicCodec().upstreamRequest(for: request, model: "c").body))
    #expect(body["tools"]?.elements?.count == 1)
    #expect(body["tool_choice"]?["name"]?.string == body["tools"]?.elements?[0]["name"]?.string)
    #expect(body["output_config"] == nil)
  }

  @Test(arguments: [
    (#","n":2"#, "n"), (#","logprobs":true"#, "logprobs"), (#","logit_bias":{"5":1}"#, "logit_bias"),
    (#","functions":[]"#, "functions"), (#","modalities":["audio"]"#, "modalities"),
    (#","tools":[{"type":"web_search"}]"#, "tools[0]"),
    (
      #","response_format":{"type":"json_object"},"tools":[{"type":"function","function":{"name":"f"}}]"#,
      "response_format"
    ),
  ])
  func anthropicRefuses(members: String, param: String) throws {
    let request = try chat(plainChat(members))
    let error = #expect(throws: GatewayError.self) {
      try AnthropicCodec().upstreamRequest(for: request, model: "c")
    }
    #expect(error?.code == .unsupportedFeature)
    #expect(error?.param == param)
  }

  @Test(arguments: [
    #"{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"A"}}]}"#,
    #"{"role":"function","name":"f","content":"x"}"#, #"{"role":"tool","tool_call_id":"none","content":"x"}"#,
    #"{"role":"system","content":[{"type":"image_url","image_url":{"url":"u"}}]}"#,
  ])
  func geminiRefuses(message: String) throws {
    let request = try chat(#"{"model":"a","messages":[\#(message)]}"#)
    let error = #expect(throws: GatewayError.self) {
      try GeminiCodec().upstreamRequest(for: request, model: "g")
    }
    #expect(error?.status == 400)
    #expect(error?.param?.hasPrefix("messages[0]") == true)
  }

  @Test func geminiGetsManyAnswersAndLogprobs() throws {
    let request = try chat(plainChat(#","n":3,"logprobs":true,"top_logprobs":2,"tool_choice":"none""#))
    let body = try json(text(try GeminiCodec().upstreamRequest(for: request, model: "g").body))
    let expected = #"{"candidateCount":3,"responseLogprobs":true,"logprobs":2}"#
    #expect(body["generationConfig"] == (try json(expected)))
  }
}
