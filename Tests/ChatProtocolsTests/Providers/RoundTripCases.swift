@testable import ChatProtocols

extension RoundTripTests {
  static let cases = [openAIText, openAIMany, openAITools, anthropicTools, anthropicJSON, geminiTools, geminiText]

  private static let openAIText = Case(
    name: "OpenAI, text", provider: OpenAICodec(),
    whole: #"""
      {"id":"c1","object":"chat.completion","created":7,"model":"m","system_fingerprint":"f","choices":[{"index":0,
      "message":{"role":"assistant","content":"Hé 😀!","refusal":null,"reasoning_content":"hm, so","annotations":[]},
      "logprobs":{"content":[{"token":"a","logprob":-0.5},{"token":"b","logprob":-1}],"refusal":null},
      "finish_reason":"length"}],"usage":{"prompt_tokens":100,"completion_tokens":50,"total_tokens":150,
      "prompt_tokens_details":{"cached_tokens":60,"cache_write_tokens":5},
      "completion_tokens_details":{"reasoning_tokens":20}}}
      """#,
    stream: #"""
      : OPENROUTER PROCESSING

      data: {"id":"c1","created":7,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":""}}],"usage":null}

      data: {"id":"c1","created":7,"model":"m","choices":[{"index":0,"delta":{"reasoning":"hm, "}}]}

      data: {"id":"c1","created":7,"model":"m","choices":[{"index":0,"delta":{"reasoning_content":"so"}}]}

      data: {"id":"c1","choices":[{"index":0,"delta":{"content":"Hé "},"logprobs":{"content":[{"token":"a","logprob":-0.5}],"refusal":null}}]}

      data: {"id":"c1","choices":[{"index":0,"delta":{"content":"😀!"},"logprobs":{"content":[{"token":"b","logprob":-1}],"refusal":null}}]}

      data: {"id":"c1","choices":[{"index":0,"delta":{},"finish_reason":"length"}],"usage":null}

      data: {"id":"c1","choices":[],"usage":{"prompt_tokens":100,"completion_tokens":50,"prompt_tokens_details":{"cached_tokens":60,"cache_write_tokens":5},"completion_tokens_details":{"reasoning_tokens":20}}}

      data: [DONE]


      """#,
    usage: TokenUsage(
      inputTokens: 100, outputTokens: 50, cachedInputTokens: 60, cacheWriteTokens: 5, reasoningTokens: 20),
    reason: .length)

  private static let openAIMany = Case(
    name: "OpenAI, two choices and a refusal", provider: OpenAICodec(),
    whole: #"""
      {"id":"c2","created":1,"model":"m","choices":[
      {"index":1,"message":{"content":null,"refusal":"I will not."},"finish_reason":"content_filter"},
      {"index":0,"message":{"content":"One."},"finish_reason":"stop"}],
      "usage":{"prompt_tokens":3,"completion_tokens":4,"prompt_cache_hit_tokens":2}}
      """#,
    stream: #"""
      data: {"id":"","choices":[],"prompt_filter_results":[]}

      data: {"id":"c2","created":1,"model":"m","choices":[{"index":1,"delta":{"role":"assistant","refusal":"I will"}}]}

      data: {"id":"c2","choices":[{"index":0,"delta":{"content":"One"}}]}

      data: {"id":"c2","choices":[{"index":1,"delta":{"refusal":" not."}},{"index":0,"delta":{"content":"."}}]}

      data: {"id":"c2","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

      data: {"id":"c2","choices":[{"index":1,"delta":{},"finish_reason":"content_filter"}]}

      data: {"id":"c2","choices":[{"index":0,"delta":{}}],"usage":{"prompt_tokens":3,"completion_tokens":4,"prompt_cache_hit_tokens":2}}

      data: [DONE]


      """#,
    usage: TokenUsage(inputTokens: 3, outputTokens: 4, cachedInputTokens: 2), reason: .stop)

  private static let openAITools = Case(
    name: "OpenAI, tools", provider: OpenAICodec(),
    whole: #"""
      {"id":"c3","created":1,"model":"m","choices":[{"index":0,"message":{"content":null,"tool_calls":[
      {"id":"a","type":"function","function":{"name":"f","arguments":"{\"x\": 1}"}},
      {"id":"b","type":"function","function":{"name":"g","arguments":"{}"}}]},"finish_reason":"tool_calls"}],
      "usage":{"prompt_tokens":3,"completion_tokens":4}}
      """#,
    stream: #"""
      data: {"id":"c3","created":1,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":null,"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":""}}]}}]}

      data: {"id":"c3","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"x\":"}}]}}]}

      data: {"id":"c3","choices":[{"index":0,"delta":{"tool_calls":[{"index":1,"id":"b","function":{"name":"g","arguments":"{"}},{"index":0,"function":{"arguments":" 1}"}}]}}]}

      data: {"id":"c3","choices":[{"index":0,"delta":{"tool_calls":[{"index":1,"function":{"arguments":"}"}}]}}]}

      data: {"id":"c3","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

      data: {"id":"c3","choices":[],"usage":{"prompt_tokens":3,"completion_tokens":4}}

      data: [DONE]


      """#,
    usage: TokenUsage(inputTokens: 3, outputTokens: 4), reason: .toolCalls)

  private static let anthropicTools = Case(
    name: "Anthropic, thinking, text, tools", provider: AnthropicCodec(),
    whole: #"""
      {"id":"msg","type":"message","role":"assistant","model":"claude","content":[
      {"type":"thinking","thinking":"Let me see","signature":"sig"},{"type":"redacted_thinking","data":"x"},
      {"type":"text","text":"Looking."},{"type":"tool_use","id":"t1","name":"look","input":{"at": [1.50, "é"]}},
      {"type":"tool_use","id":"t2","name":"ask","input":{}}],"stop_reason":"tool_use","stop_sequence":null,
      "usage":{"input_tokens":10,"cache_creation_input_tokens":20,"cache_read_input_tokens":30,"output_tokens":40,
      "output_tokens_details":{"thinking_tokens":15},"service_tier":"standard"}}
      """#,
    stream: #"""
      event: message_start
      data: {"type":"message_start","message":{"id":"msg","type":"message","role":"assistant","model":"claude","content":[],"stop_reason":null,"usage":{"input_tokens":10,"cache_creation_input_tokens":20,"cache_read_input_tokens":30,"output_tokens":1}}}

      event: ping
      data: {"type":"ping"}

      data: {"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}

      data: {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"Let me"}}

      data: {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":" see"}}

      data: {"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"sig"}}

      data: {"type":"content_block_stop","index":0}

      data: {"type":"content_block_start","index":1,"content_block":{"type":"redacted_thinking","data":"x"}}

      data: {"type":"content_block_stop","index":1}

      data: {"type":"content_block_start","index":2,"content_block":{"type":"text","text":""}}

      data: {"type":"content_block_delta","index":2,"delta":{"type":"text_delta","text":"Look"}}

      data: {"type":"content_block_delta","index":2,"delta":{"type":"text_delta","text":"ing."}}

      data: {"type":"content_block_stop","index":2}

      data: {"type":"content_block_start","index":3,"content_block":{"type":"tool_use","id":"t1","name":"look","input":{}}}

      data: {"type":"content_block_delta","index":3,"delta":{"type":"input_json_delta","partial_json":""}}

      data: {"type":"content_block_delta","index":3,"delta":{"type":"input_json_delta","partial_json":"{\"at\": [1.50,"}}

      data: {"type":"content_block_delta","index":3,"delta":{"type":"input_json_delta","partial_json":" \"é\"]}"}}

      data: {"type":"content_block_stop","index":3}

      data: {"type":"content_block_start","index":4,"content_block":{"type":"tool_use","id":"t2","name":"ask","input":{}}}

      data: {"type":"content_block_stop","index":4}

      event: message_delta
      data: {"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"input_tokens":null,"output_tokens":40,"output_tokens_details":{"thinking_tokens":15}}}

      event: message_stop
      data: {"type":"message_stop"}


      """#,
    usage: TokenUsage(
      inputTokens: 60, outputTokens: 40, cachedInputTokens: 30, cacheWriteTokens: 20, reasoningTokens: 15),
    reason: .toolCalls)

  private static let anthropicJSON = Case(
    name: "Anthropic, a JSON object by a tool", provider: AnthropicCodec(),
    whole: #"""
      {"id":"msg","model":"claude","content":[{"type":"tool_use","id":"t","name":"ockham_json_answer","input":{"a": 1}}],
      "stop_reason":"tool_use","usage":{"input_tokens":1,"output_tokens":2}}
      """#,
    stream: #"""
      data: {"type":"message_start","message":{"id":"msg","model":"claude","usage":{"input_tokens":1,"output_tokens":1}}}

      data: {"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"t","name":"ockham_json_answer","input":{}}}

      data: {"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{\"a\""}}

      data: {"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":": 1}"}}

      data: {"type":"content_block_stop","index":0}

      data: {"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":2}}

      data: {"type":"message_stop"}


      """#,
    usage: TokenUsage(inputTokens: 1, outputTokens: 2), reason: .stop)

  private static let geminiTools = Case(
    name: "Gemini, thoughts and calls", provider: GeminiCodec(),
    whole: #"""
      {"responseId":"r1","modelVersion":"gemini","candidates":[{"index":0,"content":{"role":"model","parts":[
      {"text":"I think","thought":true},{"text":"Hé"},{"functionCall":{"name":"f","args":{"x": 1}},"thoughtSignature":"s"},
      {"functionCall":{"id":"own","name":"g"}}]},"finishReason":"STOP"}],
      "usageMetadata":{"promptTokenCount":10,"cachedContentTokenCount":4,"candidatesTokenCount":5,
      "thoughtsTokenCount":6,"toolUsePromptTokenCount":7,"totalTokenCount":28}}
      """#,
    stream: #"""
      data: {"responseId":"r1","modelVersion":"gemini","candidates":[{"content":{"parts":[{"text":"I ","thought":true}]}}],"usageMetadata":{"promptTokenCount":10,"cachedContentTokenCount":4,"thoughtsTokenCount":2}}

      data: {"responseId":"r1","candidates":[{"content":{"parts":[{"text":"think","thought":true},{"text":"Hé"}]}}],"usageMetadata":{"promptTokenCount":10}}

      data: {"responseId":"r1","candidates":[{"content":{"parts":[{"functionCall":{"name":"f","args":{"x": 1}}}]}}]}

      data: {"responseId":"r1","candidates":[{"content":{"parts":[{"functionCall":{"id":"own","name":"g"}}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":10,"cachedContentTokenCount":4,"candidatesTokenCount":5,"thoughtsTokenCount":6,"toolUsePromptTokenCount":7}}


      """#,
    usage: TokenUsage(inputTokens: 17, outputTokens: 11, cachedInputTokens: 4, reasoningTokens: 6),
    reason: .toolCalls)

  private static let geminiText = Case(
    name: "Gemini, two candidates", provider: GeminiCodec(),
    whole: #"""
      {"responseId":"r2","modelVersion":"gemini","candidates":[
      {"index":0,"content":{"parts":[{"text":"One."}]},"finishReason":"MAX_TOKENS","avgLogprobs":-1,
      "logprobsResult":{"topCandidates":[{"candidates":[{"token":"One","logProbability":-0.1}]}],
      "chosenCandidates":[{"token":"One","tokenId":5,"logProbability":-0.1}]}},
      {"index":1,"content":{"parts":[{"text":"Two."}]},"finishReason":"SAFETY"}],
      "usageMetadata":{"promptTokenCount":1,"candidatesTokenCount":2}}
      """#,
    stream: #"""
      data: {"responseId":"r2","modelVersion":"gemini","candidates":[{"index":0,"content":{"parts":[{"text":"On"}]},"logprobsResult":{"topCandidates":[{"candidates":[{"token":"One","logProbability":-0.1}]}],"chosenCandidates":[{"token":"One","logProbability":-0.1}]}},{"index":1,"content":{"parts":[{"text":"Two"}]}}]}

      data: {"responseId":"r2","candidates":[{"index":0,"content":{"parts":[{"text":"e."}]},"finishReason":"MAX_TOKENS"}]}

      data: {"responseId":"r2","candidates":[{"index":1,"content":{"parts":[{"text":"."}]},"finishReason":"SAFETY"}],"usageMetadata":{"promptTokenCount":1,"candidatesTokenCount":2}}


      """#,
    usage: TokenUsage(inputTokens: 1, outputTokens: 2), reason: .length)
}
