import TextKit
import Testing

@testable import ChatProtocols

/// Legacy completions, which are read into chats and written back.
struct CompletionsTests {
  private func completions(_ members: String) throws -> ChatRequest {
    try CompletionsFormat().request(from: bytes(#"{"model":"auto",\#(members)}"#))
  }

  @Test func aPromptIsAMessage() throws {
    let request = try completions(
      #""prompt":"Once","max_tokens":5,"temperature":0.5,"n":2,"stop":["a"],"seed":3,"user":"u","logprobs":2,"best_of":2,"suffix":"","foo":1"#
    )
    #expect(
      try json(text(request.chatBody))
        == json(
          #"{"model":"auto","messages":[{"role":"user","content":"Once"}],"n":2,"stop":["a"],"user":"u","logprobs":true,"top_logprobs":2,"max_tokens":5,"seed":3,"temperature":0.5}"#
        ))
    #expect(request.apiFormat == .completions && !request.isStream)
    let stream = try completions(#""prompt":["Once"],"stream":true,"logprobs":0"#)
    #expect(stream.isStream && stream.chat["stream_options"]?["include_usage"]?.boolean == true)
    #expect(stream.chat["messages"]?.elements?.first?["content"]?.string == "Once")
    #expect(stream.chat["logprobs"]?.boolean == true && stream.chat["top_logprobs"] == nil)
  }

  @Test(arguments: [
    (#""stream":true"#, GatewayError.Code.missingParameter, "prompt"), (#""prompt":[]"#, .emptyArray, "prompt"),
    (#""prompt":7"#, .invalidType, "prompt"), (#""prompt":["a","b"]"#, .unsupportedFeature, "prompt"),
    (#""prompt":[1,2]"#, .unsupportedFeature, "prompt"), (#""prompt":[[1]]"#, .unsupportedFeature, "prompt"),
    (#""prompt":"a","suffix":"b""#, .unsupportedFeature, "suffix"),
    (#""prompt":"a","suffix":1"#, .invalidType, "suffix"),
    (#""prompt":"a","best_of":2"#, .unsupportedFeature, "best_of"), (#""prompt":"a","n":0"#, .invalidValue, "n"),
    (#""prompt":"a","echo":true,"logprobs":1"#, .unsupportedFeature, "logprobs"),
    (#""prompt":"a","logprobs":true"#, .invalidType, "logprobs"), (#""prompt":"a","echo":1"#, .invalidType, "echo"),
    (#""prompt":"a","max_tokens":0"#, .invalidValue, "max_tokens"),
    (#""prompt":"a","stop":[1]"#, .invalidType, "stop[0]"),
    (#""prompt":"a","temperature":3"#, .invalidValue, "temperature"),
    (#""prompt":"a","logit_bias":[]"#, .invalidType, "logit_bias"),
  ])
  func whatCannotBeAskedIsNamed(members: String, code: GatewayError.Code, param: String) throws {
    let error = #expect(throws: GatewayError.self) { _ = try completions(members) }
    #expect(error?.code == code && (error?.param == param || code == .missingParameter), "\(String(describing: error))")
  }

  private static let answer = ChatResponse(
    id: "c1", created: 7, model: "m",
    choices: [
      ChatChoice(index: 0, content: " upon", reasoning: "thought", finishReason: .length),
      ChatChoice(index: 1, content: " a time", finishReason: .stop),
    ], usage: TokenUsage(inputTokens: 2, outputTokens: 3))

  @Test func answersAreTextCompletions() throws {
    let request = try completions(#""prompt":"Once","n":2,"echo":true"#)
    let body = try json(text(CompletionsFormat().body(of: Self.answer, to: request)))
    #expect(body["object"]?.string == "text_completion" && body["id"]?.string == "c1")
    let choices = try #require(body["choices"]?.elements)
    #expect(choices.map { $0["text"]?.string } == ["Once upon", "Once a time"])
    #expect(choices.map { $0["finish_reason"]?.string } == ["length", "stop"])
    #expect(choices.map { $0["index"]?.integer } == [0, 1])
    #expect(body["usage"]?["total_tokens"]?.integer == 5)
  }

  @Test func logprobsAreArraysBesideOneAnother() throws {
    var choice = ChatChoice(index: 0, content: " äb", finishReason: .stop)
    choice.logprobs = try json(
      #"{"content":[{"token":" ä","logprob":-0.5,"top_logprobs":[{"token":" ä","logprob":-0.5},{"token":"x","logprob":-2}]},{"token":"b","logprob":-1,"top_logprobs":[]}]}"#
    )
    let request = try completions(#""prompt":"Once","logprobs":2"#)
    let answer = ChatResponse(id: "c", created: 0, model: "m", choices: [choice], usage: nil)
    let written = try json(text(CompletionsFormat().body(of: answer, to: request)))["choices"]?.elements?[0][
      "logprobs"]
    let expected = try json(
      #"{"tokens":[" ä","b"],"token_logprobs":[-0.5,-1],"top_logprobs":[{" ä":-0.5,"x":-2},{}],"text_offset":[0,2]}"#)
    #expect(written == expected)
    // In a stream places go on.
    var encoder = CompletionsFormat().makeStreamEncoder(for: request)
    _ = encoder.encode(.logprobs(choice: 0, try #require(choice.logprobs)))
    let more = try sent(encoder.encode(.logprobs(choice: 0, try #require(choice.logprobs))))
    let places = try data(more[0])["choices"]?.elements?[0]["logprobs"]?["text_offset"]
    #expect(try places == json("[3,5]"))
  }

  @Test func streamsSayThePromptOnceAndEnd() throws {
    let request = try completions(
      #""prompt":"Once","n":2,"echo":true,"stream":true,"stream_options":{"include_usage":true}"#)
    let events = try sent(encoded(Self.answer.events, by: CompletionsFormat().makeStreamEncoder(for: request)))
    let chunks = try events.dropLast().map { try data($0) }
    #expect(text(events.last?.data ?? []) == "[DONE]")
    #expect(chunks.allSatisfy { $0["object"]?.string == "text_completion" && $0["id"]?.string == "c1" })
    for choice in 0...1 {
      let texts = chunks.compactMap { chunk -> String? in
        chunk["choices"]?.elements?.first { $0["index"]?.integer == choice }?["text"]?.string
      }
      #expect(texts.joined() == ["Once upon", "Once a time"][choice])
    }
    #expect(chunks.last?["choices"]?.elements?.isEmpty == true && chunks.last?["usage"]?["total_tokens"]?.integer == 5)
    #expect(chunks.dropLast().allSatisfy { $0["usage"]?.isNull == true })
    #expect(
      !text(encoded(Self.answer.events, by: CompletionsFormat().makeStreamEncoder(for: request))).contains("thought"))
  }

  @Test func modelsGetItAsTheyTakeIt() throws {
    let request = try completions(#""prompt":"Once","max_tokens":5,"temperature":0.5"#)
    let sent = try json(text(OpenAICodec().upstreamRequest(for: request, model: "gpt-5").body))
    #expect(sent["max_completion_tokens"]?.integer == 5 && sent["temperature"] == nil && sent["max_tokens"] == nil)
    let claude = try json(text(AnthropicCodec().upstreamRequest(for: request, model: "claude-haiku-4-5").body))
    #expect(claude["max_tokens"]?.integer == 5)
    #expect(throws: GatewayError.self) {
      _ = try AnthropicCodec().upstreamRequest(for: completions(#""prompt":"a","logprobs":1"#), model: "claude")
    }
  }
}
