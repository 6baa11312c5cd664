import Testing
import TextKit

@testable import ChatProtocols

/// The tokens of an answer, wherever and however a provider counts them.
struct TokenCountTests {
  private static func usage(_ input: Int, _ output: Int, reasoning: Int = 0, cached: Int = 0) -> TokenUsage {
    TokenUsage(
      inputTokens: input, outputTokens: output, cachedInputTokens: cached, reasoningTokens: reasoning)
  }

  /// Servers that speak OpenAI's form.
  private static let openAI: [(usage: String, tokens: TokenUsage?)] = [
    (#"{"prompt_tokens":9,"completion_tokens":5,"total_tokens":14}"#, usage(9, 5)),
    (
      #"{"prompt_tokens":9,"completion_tokens":5,"completion_tokens_details":{"reasoning_tokens":3}}"#,
      usage(9, 5, reasoning: 3)
    ),
    // Perplexity; xAI beside the answer; Gemini's in the total alone; servers with the names of responses.
    (#"{"prompt_tokens":9,"completion_tokens":5,"total_tokens":14,"reasoning_tokens":3}"#, usage(9, 5, reasoning: 3)),
    (
      #"{"prompt_tokens":9,"completion_tokens":5,"total_tokens":17,"completion_tokens_details":{"reasoning_tokens":3}}"#,
      usage(9, 8, reasoning: 3)
    ),
    (#"{"prompt_tokens":9,"completion_tokens":5,"total_tokens":34}"#, usage(9, 25, reasoning: 20)),
    (
      #"{"input_tokens":9,"output_tokens":5,"output_tokens_details":{"reasoning_tokens":2},"input_tokens_details":{"cached_tokens":4}}"#,
      usage(9, 5, reasoning: 2, cached: 4)
    ),
    (
      #"{"prompt_tokens":9,"completion_tokens":5,"prompt_tokens_details":null,"completion_tokens_details":null}"#,
      usage(9, 5)
    ),
    (#"{"prompt_tokens":null,"completion_tokens":null}"#, nil), (#"{"total_tokens":14}"#, nil),
  ]

  @Test(arguments: openAI.indices) func openAISpeakingServers(index: Int) throws {
    let (counts, tokens) = Self.openAI[index]
    let answer = #"{"choices":[{"message":{"content":"x"}}],"usage":\#(counts)}"#
    #expect(try OpenAICodec().answer(from: bytes(answer)).usage == tokens)
  }

  @Test(arguments: [
    #"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":U}"#, #"{"choices":[],"usage":U}"#,
    #"{"choices":[{"index":0,"delta":{},"finish_reason":"stop","usage":U}]}"#,
    #"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"x_groq":{"id":"r","usage":U}}"#,
    #"{"usage":U,"choices":[{"index":0,"delta":{"content":"more"}}]}"#,
  ])
  func inAnyPlaceOfAStream(chunk: String) throws {
    var decoder = OpenAIStreamDecoder()
    let first = bytes(#"{"id":"a","choices":[{"index":0,"delta":{"content":"x"}}]}"#)
    let events =
      try decoder.decode(event: nil, data: first)
      + decoder.decode(
        event: nil, data: bytes(chunk.replacing("U", with: #"{"prompt_tokens":9,"completion_tokens":5}"#)))
    #expect(events.contains(.usage(Self.usage(9, 5))), "\(events)")
  }

  @Test func laterPartsOfGeminiTakeNothingBack() throws {
    var decoder = GeminiStreamDecoder()
    var last: TokenUsage?
    for part in [
      #"{"candidates":[{"content":{"parts":[{"text":"a"}]}}],"usageMetadata":{"promptTokenCount":9,"thoughtsTokenCount":7}}"#,
      #"{"candidates":[{"content":{"parts":[{"text":"b"}]}}],"usageMetadata":{"promptTokenCount":9,"candidatesTokenCount":5}}"#,
      #"{"candidates":[{"content":{"parts":[]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":9}}"#,
    ] {
      for case .usage(let usage) in try decoder.decode(event: nil, data: bytes(part)) { last = usage }
    }
    #expect(last == Self.usage(9, 12, reasoning: 7))
  }

  @Test func thinkingOfAnthropic() throws {
    let answer = """
      {"content":[{"type":"text","text":"x"}],"usage":{"input_tokens":3,"output_tokens":20,
      "output_tokens_details":{"thinking_tokens":12}}}
      """
    #expect(try AnthropicCodec().answer(from: bytes(answer)).usage == Self.usage(3, 20, reasoning: 12))
  }

  /// Counts that are none are flagged, regardless of who counts, and read as the nearest that are.
  @Test(arguments: ["-5", "1e30", "9223372036854775807", "2.5", "\"many\"", "-0.5"])
  func whatIsNoCountIsFlagged(count: String) throws {
    let answers = [
      try OpenAICodec().answer(
        from: bytes(
          #"{"choices":[{"message":{"content":"x"}}],"usage":{"prompt_tokens":9,"completion_tokens":\#(count)}}"#)),
      try AnthropicCodec().answer(
        from: bytes(#"{"content":[{"type":"text","text":"x"}],"usage":{"input_tokens":9,"output_tokens":\#(count)}}"#)),
      try GeminiCodec().answer(
        from: bytes(
          #"{"candidates":[{"content":{"parts":[{"text":"x"}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":9,"candidatesTokenCount":\#(count)}}"#
        )),
    ]
    for answer in answers {
      #expect(answer.usage?.isFlagged == true)
      #expect((0...1 << 30).contains(answer.usage?.outputTokens ?? -1) && answer.usage?.inputTokens == 9)
    }
  }
}
