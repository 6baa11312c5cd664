import Testing

@testable import ChatProtocols

/// Where a streamed answer is whole, where it is over, and what its reason to stop means.
struct StreamEndTests {
  @Test func openAIsMarkEndsTheStreamWithSpacesToo() throws {
    for mark in ["[DONE]", " [DONE] ", "[DONE]\r"] {
      var decoder = OpenAIStreamDecoder()
      _ = try decoder.decode(event: nil, data: bytes(#"{"id":"c","choices":[{"delta":{"content":"a"}}]}"#))
      #expect(!decoder.isComplete && !decoder.isOver)
      // No one said why the model stopped: the mark does.
      #expect(try decoder.decode(event: nil, data: bytes(mark)) == [.finish(choice: 0, .stop)])
      #expect(decoder.isComplete && decoder.isOver)
    }
  }

  @Test func aFinishedAnswerIsWholeBeforeItsMark() throws {
    var openAI = OpenAIStreamDecoder()
    _ = try openAI.decode(
      event: nil, data: bytes(#"{"id":"c","choices":[{"delta":{"content":"a"},"finish_reason":"stop"}]}"#))
    #expect(openAI.isComplete && !openAI.isOver)
    var anthropic = AnthropicStreamDecoder()
    _ = try anthropic.decode(
      event: nil, data: bytes(#"{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{}}"#))
    #expect(anthropic.isComplete && !anthropic.isOver)
    _ = try anthropic.decode(event: nil, data: bytes(#"{"type":"message_stop"}"#))
    #expect(anthropic.isOver)
  }

  @Test func geminiIsOverWhereReasonAndTokensStandTogether() throws {
    let part = #"{"candidates":[{"content":{"parts":[{"text":"a"}]},"finishReason":"STOP"}]"#
    var with = GeminiStreamDecoder()
    _ = try with.decode(event: nil, data: bytes(part + #","usageMetadata":{"promptTokenCount":1}}"#))
    #expect(with.isComplete && with.isOver)
    var without = GeminiStreamDecoder()
    _ = try without.decode(event: nil, data: bytes(part + "}"))
    #expect(without.isComplete && !without.isOver)
  }

  @Test(arguments: [
    ("EOS", "stop"), ("end_turn", "stop"), ("MAX_TOKENS", "length"), ("model_length", "length"),
    ("tool_use", "tool_calls"), ("function_call", "tool_calls"), ("SAFETY", "content_filter"),
    ("content-filter", "content_filter"), ("pause_turn", "stop"),
  ])
  func foreignReasonsAreSaidInOpenAIsWords(_ name: String, _ expected: String) throws {
    let reason = try #require(FinishReason(named: name))
    #expect(ChatCompletionJSON.name(of: reason) == expected)
    guard name != "function_call" else { return }
    var decoder = OpenAIStreamDecoder()
    let chunk = #"{"id":"c","x":1,"choices":[{"delta":{"content":"a"},"finish_reason":"\#(name)"}]}"#
    _ = try decoder.decode(event: nil, data: bytes(chunk))
    let mended = try json(text(try #require(decoder.mendedData)))
    #expect(mended["choices"]?.elements?[0]["finish_reason"]?.string == expected)
    #expect(mended["x"]?.integer == 1)
  }

  @Test func anEmptyReasonIsNone() throws {
    #expect(FinishReason(named: "") == nil)
    var decoder = OpenAIStreamDecoder()
    let chunk = #"{"id":"c","choices":[{"delta":{"content":"a"},"finish_reason":""}]}"#
    let events = try decoder.decode(event: nil, data: bytes(chunk))
    #expect(events == [.start(id: "c", model: "", created: 0), .content(choice: 0, "a")])
    #expect(!decoder.isComplete)
  }

  @Test(arguments: ["error", "abort", "network_error"]) func reasonsOfServersThatGaveUpAreFailures(_ name: String) {
    var decoder = OpenAIStreamDecoder()
    #expect(throws: ProviderFault.self) {
      try decoder.decode(event: nil, data: bytes(#"{"choices":[{"delta":{},"finish_reason":"\#(name)"}]}"#))
    }
    #expect(throws: ProviderFault.self) {
      try OpenAICodec().answer(
        from: bytes(#"{"choices":[{"message":{"content":"a"},"finish_reason":"\#(name)"}]}"#))
    }
  }

  /// Halves of surrogates and `NaN` are replaced, whole pairs and quoted words are not; nothing moves.
  @Test func looseJSONIsReadInPlace() throws {
    let loose = #"{"a":"\ud83d x \ude00","b":"\ud83d\ude00 NaN","c":[NaN,-Infinity,1],"d":"\\ud83d"}"#
    #expect(throws: (any Error).self) { try json(loose) }
    let tight = LooseJSON.tightened(bytes(loose))
    #expect(tight.count == loose.utf8.count)
    let node = try json(text(tight))
    #expect(node["a"]?.string == "\u{FFFD} x \u{FFFD}")
    #expect(node["b"]?.string == "\u{1F600} NaN")
    #expect(node["c"]?.elements?[1].isNull == true)
    #expect(node["d"]?.string == "\\ud83d")
    #expect(try ProviderBody.object(in: bytes(loose))["c"]?.elements?.count == 3)
  }
}
