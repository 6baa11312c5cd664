import Testing

@testable import ChatProtocols

/// Messages and Responses read into chat completions.
struct TranslationTests {
  @Test func readsMessages() throws {
    let request = try messages(
      #"""
      {"model":"auto","max_tokens":300,"stream":true,"temperature":0.5,"top_k":5,"stop_sequences":["END"],
      "system":[{"type":"text","text":"Be"},{"type":"text","text":"brief.","cache_control":{"type":"ephemeral"}}],
      "metadata":{"user_id":"u1"},"thinking":{"type":"enabled","budget_tokens":5000},
      "messages":[
       {"role":"user","content":[{"type":"text","text":"See"},
        {"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}},
        {"type":"image","source":{"type":"url","url":"https://x.test/a"}}]},
       {"role":"assistant","content":[{"type":"thinking","thinking":"hm","signature":"s"},{"type":"text","text":"Ok"},
        {"type":"tool_use","id":"t1","name":"look","input":{"at":1.50}}]},
       {"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","content":[{"type":"text","text":"seen"},
         {"type":"image","source":{"type":"url","url":"https://x.test/b"}}]},{"type":"text","text":"And?"}]}],
      "tools":[{"name":"look","description":"Looks.","input_schema":{"type":"object"}}],
      "tool_choice":{"type":"any","disable_parallel_tool_use":true},
      "output_config":{"format":{"type":"json_schema","schema":{"type":"object"}}},"unknown":1}
      """#)
    let expected = #"""
      {"model":"auto","max_tokens":300,"stream":true,"stream_options":{"include_usage":true},"temperature":0.5,
      "top_k":5,"stop":["END"],"user":"u1","reasoning_effort":"medium",
      "messages":[{"role":"system","content":"Be\nbrief."},
       {"role":"user","content":[{"type":"text","text":"See"},
        {"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}},
        {"type":"image_url","image_url":{"url":"https://x.test/a"}}]},
       {"role":"assistant","content":"Ok","reasoning_content":"hm","tool_calls":[{"id":"t1","type":"function",
        "function":{"name":"look","arguments":"{\"at\":1.50}"}}]},
       {"role":"tool","tool_call_id":"t1","content":"seen"},
       {"role":"user","content":[{"type":"image_url","image_url":{"url":"https://x.test/b"}},
        {"type":"text","text":"And?"}]}],
      "tools":[{"type":"function","function":{"name":"look","description":"Looks.","parameters":{"type":"object"}}}],
      "tool_choice":"required","parallel_tool_calls":false,
      "response_format":{"type":"json_schema",
       "json_schema":{"name":"answer","schema":{"type":"object"},"strict":false}}}
      """#
    #expect(request.chat == (try json(expected)))
    #expect(request.untranslatable == nil)
    #expect(request.isStream)
    #expect(request.request.attributes.imageCount == 3)
    #expect(request.request.attributes.toolNames == ["look"])
    #expect(request.request.attributes.responseFormat == .jsonSchema)
  }

  @Test func openAIGetsWhatItKnows() throws {
    let request = try messages(
      #"{"model":"a","max_tokens":9,"top_k":5,"stream":true,"messages":[{"role":"user","content":"x"}]}"#)
    let plain = try OpenAICodec().upstreamRequest(for: request, model: "gpt-4o")
    #expect(
      text(plain.body)
        == #"{"model":"gpt-4o","messages":[{"role":"user","content":"x"}],"max_tokens":9,"stream":true,"#
        + #""stream_options":{"include_usage":true}}"#)
    let reasoning = try OpenAICodec().upstreamRequest(for: request, model: "openai/o3-mini")
    let body = try json(text(reasoning.body))
    #expect(body["max_completion_tokens"]?.integer == 9)
    #expect(body["max_tokens"] == nil)
  }

  @Test(arguments: [
    #""container":"c""#, #""mcp_servers":[{}]"#,
    #""messages":[{"role":"user","content":[{"type":"image","source":{"type":"file","file_id":"f"}}]}]"#,
    #""messages":[{"role":"user","content":[{"type":"search_result"}]}]"#,
  ])
  func notesWhatOnlyAnthropicCan(member: String) throws {
    let said = member.contains("messages") ? "" : #","messages":[{"role":"user","content":"x"}]"#
    let request = try messages(#"{"model":"a","max_tokens":5,\#(member)\#(said)}"#)
    #expect(try request.applying(.keep).untranslatable?.code == .unsupportedFeature)
    _ = try AnthropicCodec().upstreamRequest(for: request, model: "c")
  }

  @Test func readsResponses() throws {
    let request = try responses(
      #"""
      {"model":"auto","stream":true,"instructions":"Be brief.","max_output_tokens":50,"temperature":1,"top_p":0.5,
      "reasoning":{"effort":"low","summary":"auto"},"metadata":{"a":"b"},"store":true,"parallel_tool_calls":false,
      "include":["reasoning.encrypted_content"],"top_logprobs":2,"user":"u",
      "input":[{"role":"developer","content":"Dev."},
       {"role":"user","content":[{"type":"input_text","text":"See"},
        {"type":"input_image","image_url":"https://x.test/a","detail":"low"},
        {"type":"input_file","filename":"a.pdf","file_data":"data:application/pdf;base64,AA"}]},
       {"type":"reasoning","id":"rs","summary":[]},
       {"type":"message","role":"assistant","content":[{"type":"output_text","text":"Ok","annotations":[]}]},
       {"type":"function_call","id":"fc","call_id":"c1","name":"look","arguments":"{}"},
       {"type":"function_call","call_id":"c2","name":"ask","arguments":"{}"},
       {"type":"function_call_output","call_id":"c1","output":"seen"},
       {"type":"function_call_output","call_id":"c2","output":[{"type":"input_text","text":"no"}]}],
      "tools":[{"type":"function","name":"look","parameters":{"type":"object"},"strict":true}],
      "tool_choice":{"type":"function","name":"look"},
      "text":{"verbosity":"low","format":{"type":"json_schema","name":"out","schema":{"type":"object"},"strict":true}}}
      """#)
    let expected = #"""
      {"model":"auto","stream":true,"stream_options":{"include_usage":true},"max_tokens":50,"temperature":1,"top_p":0.5,
      "reasoning_effort":"low","parallel_tool_calls":false,"logprobs":true,"top_logprobs":2,"user":"u",
      "verbosity":"low",
      "messages":[{"role":"system","content":"Be brief."},{"role":"system","content":"Dev."},
       {"role":"user","content":[{"type":"text","text":"See"},
        {"type":"image_url","image_url":{"url":"https://x.test/a","detail":"low"}},
        {"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,AA"}}]},
       {"role":"assistant","content":"Ok","tool_calls":[
        {"id":"c1","type":"function","function":{"name":"look","arguments":"{}"}},
        {"id":"c2","type":"function","function":{"name":"ask","arguments":"{}"}}]},
       {"role":"tool","tool_call_id":"c1","content":"seen"},{"role":"tool","tool_call_id":"c2","content":"no"}],
      "tools":[{"type":"function","function":{"name":"look","parameters":{"type":"object"},"strict":true}}],
      "tool_choice":{"type":"function","function":{"name":"look"}},
      "response_format":{"type":"json_schema","json_schema":{"name":"out","schema":{"type":"object"},"strict":true}}}
      """#
    #expect(request.chat == (try json(expected)))
    #expect(request.isStream)
    #expect(!request.wantsUsageChunk)
  }

  @Test func readsATextAsOneMessage() throws {
    let request = try responses(#"{"model":"a","input":"hi","text":{"format":{"type":"text"}}}"#)
    #expect(text(request.chatBody) == #"{"model":"a","messages":[{"role":"user","content":"hi"}]}"#)
    #expect(request.request.segments.map(\.text) == ["hi"])
  }
}
