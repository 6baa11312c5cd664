import Testing

@testable import ChatProtocols

/// What clients see of a streamed answer.
struct StreamEncoderTests {
  private static let usage = TokenUsage(
    inputTokens: 10, outputTokens: 5, cachedInputTokens: 4, cacheWriteTokens: 1, reasoningTokens: 2)
  private static let events: [ChatEvent] = [
    .start(id: "x", model: "m", created: 9), .reasoning(choice: 0, "hm"), .content(choice: 0, "He"),
    .content(choice: 0, "y"), .toolCall(choice: 0, call: 0, id: "c1", name: "f", arguments: ""),
    .toolCall(choice: 0, call: 0, id: nil, name: nil, arguments: "{\"a\":"),
    .toolCall(choice: 0, call: 1, id: "c2", name: "g", arguments: "{}"),
    .toolCall(choice: 0, call: 0, id: nil, name: nil, arguments: "1}"), .finish(choice: 0, .toolCalls), .usage(usage),
  ]
  private static let error = GatewayError(
    .streamInterrupted, status: 502, message: "the provider stopped in the middle of its answer")

  private func chunks(_ events: [ChatEvent], includesUsage: Bool) throws -> [ServerSentEvent] {
    let member = #","stream":true,"stream_options":{"include_usage":\#(includesUsage)}"#
    return try sent(encoded(events, by: ChatCompletionsFormat().makeStreamEncoder(for: try chat(plainChat(member)))))
  }

  @Test func chunksEndWithUsageAndDone() throws {
    let events = try chunks(Self.events, includesUsage: true)
    let nodes = try events.map(data)
    #expect(events.last?.data == bytes("[DONE]"))
    #expect(nodes[0]["choices"]?.elements?[0]["delta"] == (try json(#"{"role":"assistant","content":""}"#)))
    for node in nodes.dropLast(2) {
      #expect(node["usage"]?.isNull == true)
      #expect(node["id"]?.string == "x" && node["created"]?.integer == 9 && node["model"]?.string == "m")
      #expect(node["object"]?.string == "chat.completion.chunk")
    }
    let last = nodes[nodes.count - 2]
    #expect(last["choices"]?.elements?.isEmpty == true)
    let expected = #"""
      {"prompt_tokens":10,"completion_tokens":5,"total_tokens":15,
      "prompt_tokens_details":{"cached_tokens":4,"cache_write_tokens":1},
      "completion_tokens_details":{"reasoning_tokens":2}}
      """#
    #expect(last["usage"] == (try json(expected)))
    #expect(nodes[nodes.count - 3]["choices"]?.elements?[0]["finish_reason"]?.string == "tool_calls")
    #expect(nodes.filter { $0["choices"]?.elements?.first?["delta"]?["role"] != nil }.count == 1)
  }

  @Test func chunksSayNothingOfUsageUnasked() throws {
    for event in try chunks(Self.events, includesUsage: false) { #expect(try data(event)["usage"] == nil) }
  }

  @Test func everyChoiceSaysItsRoleOnce() throws {
    let events: [ChatEvent] = [
      .start(id: "x", model: "m", created: 0), .content(choice: 1, "b"), .content(choice: 0, "a"),
      .content(choice: 1, "c"), .finish(choice: 0, .stop), .finish(choice: 1, .length),
    ]
    let deltas = try chunks(events, includesUsage: false).dropLast().map { try data($0)["choices"]?.elements?.first }
    let speakers = deltas.filter { $0?["delta"]?["role"]?.string == "assistant" }.map { $0?["index"]?.integer }
    #expect(speakers == [0, 1])
  }

  @Test func failedStreamsNeverLookWhole() throws {
    let request = try chat(plainChat(#","stream":true"#))
    var encoder = ChatCompletionsFormat().makeStreamEncoder(for: request)
    _ = encoder.encode(.start(id: "x", model: "m", created: 0))
    let last = try sent(encoder.fail(Self.error))
    #expect(last.count == 1)
    #expect(try data(last[0])["error"]?["code"]?.string == "stream_interrupted")

    var messages = MessagesFormat().makeStreamEncoder(for: request)
    _ = messages.encode(.start(id: "x", model: "m", created: 0))
    let failed = try sent(messages.fail(Self.error))
    #expect(failed.map(\.name) == ["error"])
    #expect(try data(failed[0])["error"]?["type"]?.string == "api_error")

    var responses = ResponsesFormat().makeStreamEncoder(for: request)
    _ = responses.encode(.start(id: "x", model: "m", created: 0))
    let both = try sent(responses.fail(Self.error))
    #expect(both.map(\.name) == ["response.failed", "error"])
    #expect(try data(both[0])["response"]?["error"]?["code"]?.string == "stream_interrupted")
    #expect(try data(both[0])["response"]?["status"]?.string == "failed")
    #expect(try data(both[1])["message"]?.string == Self.error.message)
  }

  @Test func messagesAreNamedEvents() throws {
    let request = try messages(#"{"model":"a","max_tokens":5,"messages":[{"role":"user","content":"x"}]}"#)
    let events = try sent(encoded(Self.events, by: MessagesFormat().makeStreamEncoder(for: request)))
    #expect(
      events.map(\.name) == [
        "message_start", "content_block_start", "content_block_delta", "content_block_stop", "content_block_start",
        "content_block_delta", "content_block_delta", "content_block_stop", "content_block_start",
        "content_block_delta", "content_block_delta", "content_block_stop", "content_block_start",
        "content_block_delta", "content_block_stop", "message_delta", "message_stop",
      ])
    for event in events { #expect(try data(event)["type"]?.string == event.name) }
    let delta = try data(events[events.count - 2])
    #expect(delta["delta"]?["stop_reason"]?.string == "tool_use")
    let expected = #"""
      {"input_tokens":5,"cache_read_input_tokens":4,"cache_creation_input_tokens":1,"output_tokens":5}
      """#
    #expect(delta["usage"] == (try json(expected)))
  }

  @Test func responsesAreNumberedEvents() throws {
    let request = try responses(#"{"model":"a","input":"x","stream":true,"metadata":{"k":"v"}}"#)
    let events = try sent(encoded(Self.events, by: ResponsesFormat().makeStreamEncoder(for: request)))
    let nodes = try events.map(data)
    #expect(nodes.map { $0["sequence_number"]?.integer } == Array(0..<events.count))
    #expect(nodes.map { $0["type"]?.string } == events.map(\.name))
    #expect(
      events.map { $0.name?.dropFirst("response.".count) ?? "" } == [
        "created", "in_progress", "output_item.added", "content_part.added", "reasoning_text.delta",
        "reasoning_text.done", "content_part.done", "output_item.done", "output_item.added", "content_part.added",
        "output_text.delta", "output_text.delta", "output_item.added", "function_call_arguments.delta",
        "output_item.added", "function_call_arguments.delta", "function_call_arguments.delta", "output_text.done",
        "content_part.done", "output_item.done", "function_call_arguments.done", "output_item.done",
        "function_call_arguments.done", "output_item.done", "completed",
      ])
    // The last event holds what a whole answer would.
    var assembler = ChatResponseAssembler()
    for event in Self.events { assembler.append(event) }
    let whole = try json(text(ResponsesFormat().body(of: assembler.answer, to: request)))
    #expect(nodes.last?["response"] == whole)
    #expect(whole["metadata"]?["k"]?.string == "v")
    #expect(whole["usage"]?["input_tokens_details"]?["cached_tokens"]?.integer == 4)
  }

  @Test(arguments: [(FinishReason.length, "max_output_tokens"), (.contentFilter, "content_filter")])
  func responsesMayBeIncomplete(reason: FinishReason, name: String) throws {
    let request = try responses(#"{"model":"a","input":"x","stream":true}"#)
    let events: [ChatEvent] = [
      .start(id: "x", model: "m", created: 0), .content(choice: 0, "a"), .finish(choice: 0, reason),
    ]
    let last = try #require(try sent(encoded(events, by: ResponsesFormat().makeStreamEncoder(for: request))).last)
    #expect(last.name == "response.incomplete")
    #expect(try data(last)["response"]?["incomplete_details"]?["reason"]?.string == name)
  }

  @Test func attemptsAreListed() throws {
    let attempts = [
      Attempt(target: "a/b", tier: "small", failure: .rateLimited, status: 429, latencyMilliseconds: 12.34567),
      Attempt(target: "c/d", tier: "mid", failure: .connection, latencyMilliseconds: 1),
    ]
    let error = GatewayError(.allProvidersFailed, status: 502, message: "all failed", attempts: attempts)
    let expected = #"""
      {"error":{"message":"all failed","type":"server_error","param":null,"code":"all_providers_failed","attempts":[
      {"target":"a/b","tier":"small","failure":"rate_limited","status":429,"latency_ms":12.346},
      {"target":"c/d","tier":"mid","failure":"connection","status":null,"latency_ms":1.0}]}}
      """#
    #expect(try json(text(ChatCompletionsFormat().body(of: error))) == (try json(expected)))
    #expect(try json(text(MessagesFormat().body(of: error)))["error"]?["attempts"]?.elements?.count == 2)
  }

  @Test func theBuiltInModelAnswers() throws {
    let request = try chat(plainChat(#","n":2,"max_tokens":4"#))
    let answer = MockAnswer.make(for: request, model: "demo-small")
    #expect(answer.choices.count == 2)
    #expect(answer.choices[0].finishReason == .length)
    #expect(answer.usage?.outputTokens == 8)
    var assembler = ChatResponseAssembler()
    for event in MockAnswer.events(for: request, model: "demo-small") { assembler.append(event) }
    #expect(assembler.answer == answer)
    let tools = #","tools":[{"type":"function","function":{"name":"f"}}],"tool_choice":"required""#
    #expect(MockAnswer.make(for: try chat(plainChat(tools)), model: "m").choices[0].toolCalls.first?.name == "f")
    let object = MockAnswer.make(for: try chat(plainChat(#","response_format":{"type":"json_object"}"#)), model: "m")
    #expect(try json(object.choices[0].content ?? "").members != nil)
  }
}
