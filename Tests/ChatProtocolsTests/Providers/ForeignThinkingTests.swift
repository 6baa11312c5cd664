import TextKit
import Testing

@testable import ChatProtocols

/// Conversations with thoughts and tools that move from one provider to another in the middle of a loop.
struct ForeignThinkingTests {
  /// A provider with a model, and an answer of it that thinks and calls a tool.
  struct Side: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let codec: any ProviderCodec
    let model: String
    let answer: String
  }

  private static let openAIAnswer =
    #"{"id":"a","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"I will look.","reasoning_content":"It may rain.","tool_calls":[{"id":"call_1","type":"function","function":{"name":"look","arguments":"{\"city\":\"Rome\"}"}}]},"finish_reason":"tool_calls"}]}"#

  static let sides = [
    Side(testDescription: "openai", codec: OpenAICodec(), model: "gpt-4o", answer: openAIAnswer),
    Side(testDescription: "deepseek", codec: OpenAICodec(), model: "deepseek-reasoner", answer: openAIAnswer),
    Side(
      testDescription: "anthropic", codec: AnthropicCodec(), model: "claude-opus-4-5",
      answer:
        #"{"id":"a","model":"m","content":[{"type":"thinking","thinking":"It may rain.","signature":"c2lnbmVk"},{"type":"text","text":"I will look."},{"type":"tool_use","id":"toolu_1","name":"look","input":{"city":"Rome"}}],"stop_reason":"tool_use","usage":{"input_tokens":1,"output_tokens":1}}"#
    ),
    Side(
      testDescription: "gemini", codec: GeminiCodec(), model: "gemini-3-pro-preview",
      answer:
        #"{"responseId":"r","candidates":[{"index":0,"finishReason":"STOP","content":{"role":"model","parts":[{"text":"It may rain.","thought":true},{"text":"I will look."},{"functionCall":{"name":"look","args":{"city":"Rome"}},"thoughtSignature":"c2lnbmVk"}]}}]}"#
    ),
  ]

  enum Client: CaseIterable { case chat, responses, messages, messagesThinking }

  /// The client's first request.
  private func first(_ client: Client) throws -> ChatRequest {
    switch client {
    case .chat:
      try chat(
        #"{"model":"auto","messages":[{"role":"user","content":"Rain?"}],"reasoning_effort":"low","tools":[{"type":"function","function":{"name":"look","parameters":{"type":"object","properties":{}}}}]}"#
      )
    case .responses:
      try responses(
        #"{"model":"auto","input":[{"role":"user","content":"Rain?"}],"reasoning":{"effort":"low"},"tools":[{"type":"function","name":"look","parameters":{"type":"object","properties":{}}}]}"#
      )
    case .messages, .messagesThinking:
      try messages(
        #"{"model":"auto","max_tokens":9000,\#(client == .messages ? "" : #""thinking":{"type":"enabled","budget_tokens":2000},"context_management":{"edits":[{"type":"clear_thinking_20251015"},{"type":"clear_tool_uses_20250919"}]},"#)"messages":[{"role":"user","content":"Rain?"}],"tools":[{"name":"look","input_schema":{"type":"object","properties":{}}}]}"#
      )
    }
  }

  /// The next one, as clients make it: all that was said, and the tool's result.
  private func next(_ client: Client, after request: ChatRequest, _ from: Side) throws -> ChatRequest {
    let root = request.root
    let answer = try from.codec.answer(from: bytes(from.answer))
    #expect(answer.choices[0].reasoning == "It may rain.")
    // Where client and provider are compatible the client has the provider's own words.
    let own = from.codec.apiFormat == request.apiFormat ? try json(from.answer) : nil
    switch client {
    case .chat:
      let body = try own ?? json(text(ChatCompletionsFormat().body(of: answer, to: request)))
      let message = try #require(body["choices"]?.elements?.first?["message"])
      let id = try #require(message["tool_calls"]?.elements?.first?["id"])
      let result: JSONNode = .object(["role": .string("tool"), "tool_call_id": id, "content": .string("wet")])
      let all = (root["messages"]?.elements ?? []) + [message, result]
      return try chat(root.setting("messages", to: .array(all)).jsonText)
    case .responses:
      let body = try json(text(ResponsesFormat().body(of: answer, to: request)))
      let output = try #require(body["output"]?.elements)
      let id = try #require(output.last?["call_id"])
      let result: JSONNode = .object([
        "type": .string("function_call_output"), "call_id": id, "output": .string("wet"),
      ])
      return try responses(
        root.setting("input", to: .array((root["input"]?.elements ?? []) + output + [result])).jsonText)
    case .messages, .messagesThinking:
      let body = try own ?? json(text(MessagesFormat().body(of: answer, to: request)))
      let content = try #require(body["content"])
      let id = try #require(content.elements?.last?["id"])
      let result: JSONNode = .object(["type": .string("tool_result"), "tool_use_id": id, "content": .string("wet")])
      let turns: [JSONNode] = [
        .object(["role": .string("assistant"), "content": content]),
        .object(["role": .string("user"), "content": .array([result])]),
      ]
      return try messages(root.setting("messages", to: .array((root["messages"]?.elements ?? []) + turns)).jsonText)
    }
  }

  @Test(arguments: Client.allCases, sides)
  func loopsGoOnElsewhere(client: Client, from: Side) throws {
    let request = try first(client)
    let second = try next(client, after: request, from)
    for to in Self.sides {
      let sent = try json(text(to.codec.upstreamRequest(for: second, model: to.model).body))
      let place = "\(client): \(from.testDescription) to \(to.testDescription): \(sent.jsonText)"
      switch to.testDescription {
      case "anthropic": try checkAnthropic(sent, place)
      case "gemini": checkGemini(sent, place)
      default: checkChat(sent, isNeedy: to.testDescription == "deepseek", client, place)
      }
    }
  }

  private func checkChat(_ sent: JSONNode, isNeedy: Bool, _ client: Client, _ place: String) {
    let messages = sent["messages"]?.elements ?? []
    #expect(messages.map { $0["role"]?.string } == ["user", "assistant", "tool"], "\(place)")
    let call = messages[1]["tool_calls"]?.elements?.first
    #expect(call?["function"]?["arguments"]?.string?.contains("Rome") == true, "\(place)")
    #expect(call?["id"]?.string == messages[2]["tool_call_id"]?.string, "\(place)")
    #expect(messages[1]["content"]?.string == "I will look.", "thoughts are no text: \(place)")
    #expect(messages[1]["reasoning_content"]?.string == (isNeedy ? "It may rain." : nil), "\(place)")
  }

  /// What Anthropic refuses: thoughts that it did not sign, results that do not follow their calls, and thinking in a loop
  /// whose turns do not begin with a thought.
  private func checkAnthropic(_ sent: JSONNode, _ place: String) throws {
    let messages = try #require(sent["messages"]?.elements)
    #expect(messages.map { $0["role"]?.string } == ["user", "assistant", "user"], "\(place)")
    let blocks = try #require(messages[1]["content"]?.elements)
    for block in blocks where block["type"]?.string == "thinking" {
      #expect(block["signature"]?.string == "c2lnbmVk", "a signature that no one gave: \(place)")
    }
    #expect(blocks.contains { $0["text"]?.string == "I will look." }, "\(place)")
    #expect(!blocks.contains { $0["text"]?.string?.contains("It may rain.") == true }, "\(place)")
    let call = try #require(blocks.last)
    #expect(call["input"]?["city"]?.string == "Rome", "\(place)")
    #expect(messages[2]["content"]?.elements?.first?["tool_use_id"]?.string == call["id"]?.string, "\(place)")
    guard sent["thinking"]?["type"]?.string == "enabled" else {
      let edits = sent["context_management"]?["edits"]?.elements ?? []
      #expect(!edits.contains { $0["type"]?.string == "clear_thinking_20251015" }, "\(place)")
      return
    }
    #expect(blocks[0]["type"]?.string == "thinking", "\(place)")
  }

  private func checkGemini(_ sent: JSONNode, _ place: String) {
    let contents = sent["contents"]?.elements ?? []
    #expect(contents.map { $0["role"]?.string } == ["user", "model", "user"], "\(place)")
    let parts = contents[1]["parts"]?.elements ?? []
    #expect(parts.compactMap { $0["text"]?.string } == ["I will look."], "\(place)")
    #expect(parts.last?["functionCall"]?["args"]?["city"]?.string == "Rome", "\(place)")
    #expect(parts.last?["thoughtSignature"]?.string == "skip_thought_signature_validator", "\(place)")
    #expect(contents[2]["parts"]?.elements?.first?["functionResponse"]?["name"]?.string == "look", "\(place)")
  }

  /// A client of Messages that was answered by Anthropic keeps its thoughts, as they are signed.
  @Test func signedThoughtsStay() throws {
    let body =
      #"{"model":"a","max_tokens":9000,"thinking":{"type":"enabled","budget_tokens":2000},"messages":[{"role":"user","content":"x"},{"role":"assistant","content":[{"type":"thinking","thinking":"t","signature":"s"},{"type":"tool_use","id":"u","name":"f","input":{}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"u","content":"r"}]}]}"#
    let sent = try AnthropicCodec().upstreamRequest(for: messages(body), model: "a").body
    #expect(text(sent) == body)
  }

  /// A loop that another provider began earlier in it, and one that is over.
  @Test func thinkingIsOffInForeignLoopsAlone() throws {
    func kind(_ turns: String) throws -> String? {
      let body =
        #"{"model":"a","max_tokens":9000,"thinking":{"type":"enabled","budget_tokens":2000},"messages":[{"role":"user","content":"x"},\#(turns)]}"#
      return try json(text(AnthropicCodec().upstreamRequest(for: messages(body), model: "claude-opus-4-5").body))[
        "thinking"]?["type"]?.string
    }
    func call(_ id: String, _ thought: String = "") -> String {
      #"{"role":"assistant","content":[\#(thought){"type":"tool_use","id":"\#(id)","name":"f","input":{}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"\#(id)","content":"r"}]}"#
    }
    let signed = #"{"type":"thinking","thinking":"t","signature":"s"},"#
    let redacted = #"{"type":"redacted_thinking","data":"d"},"#
    let unsigned = #"{"type":"thinking","thinking":"t","signature":""},"#
    #expect(try kind(call("a", signed)) == "enabled")
    #expect(try kind(call("a", redacted)) == "enabled")
    #expect(try kind(call("a", unsigned)) == "disabled")
    #expect(try kind(call("a")) == "disabled")
    #expect(try kind(call("a") + "," + call("b", signed)) == "disabled")
    #expect(
      try kind(call("a") + #",{"role":"assistant","content":"done"},{"role":"user","content":"y"}"#) == "enabled")
    #expect(
      try kind(
        call("a") + #",{"role":"assistant","content":"done"},{"role":"user","content":"y"},"# + call("b", signed))
        == "enabled")
  }

  @Test func thoughtsOfEarlierTurnsAreLeftOut() throws {
    let request = try messages(
      #"{"model":"a","max_tokens":9,"messages":[{"role":"user","content":"x"},{"role":"assistant","content":[{"type":"thinking","thinking":"old","signature":"s"},{"type":"text","text":"t"}]},{"role":"user","content":"y"}]}"#
    )
    for model in ["deepseek-chat", "gpt-4o", "llama"] {
      let sent = text(try OpenAICodec().upstreamRequest(for: request, model: model).body)
      #expect(!sent.contains("old") && !sent.contains("reasoning_content"), "\(model): \(sent)")
    }
  }

  /// What a client of chat completions says itself goes as it came, but to models that are known to refuse it.
  @Test func clientsOwnThoughtsGoWhereTheyMay() throws {
    let body =
      #"{"model":"m", "messages":[{"role":"user","content":"x"},{"role":"assistant","content":"t","reasoning_content":"r"},{"role":"user","content":"y"}]}"#
    #expect(text(try OpenAICodec().upstreamRequest(for: chat(body), model: "m").body) == body)
    let sent = text(try OpenAICodec().upstreamRequest(for: chat(body), model: "gpt-5").body)
    #expect(sent.contains(#"{"role":"assistant","content":"t"}"#) && !sent.contains("reasoning_content"))
  }

  private func failure(_ message: String, status: Int = 400) -> UpstreamFailure {
    UpstreamFailure(.badRequest, status: status, reason: "r", clientMessage: message)
  }

  @Test func aServerThatSaysWhatItMindsGetsIt() throws {
    let body = bytes(
      #"{"messages":[{"role":"user","content":"x"},{"role":"assistant","content":null,"tool_calls":[{"id":"c"}]},{"role":"assistant","content":"a","reasoning_content":"r"}]}"#
    )
    let missing = failure(
      "thinking is enabled but reasoning_content is missing in assistant tool call message at index 1")
    let filled = try #require(OpenAICodec().mended(body, after: missing))
    #expect(try json(text(filled))["messages"]?.elements?.map { $0["reasoning_content"]?.string } == [nil, " ", "r"])
    #expect(OpenAICodec().mended(filled, after: missing) == nil, "once")
    let minded = failure("property 'reasoning_content' is unsupported, did you mean 'role'? unknown field")
    let stripped = try #require(OpenAICodec().mended(body, after: minded))
    #expect(!text(stripped).contains("reasoning_content"))
    #expect(OpenAICodec().mended(body, after: failure("temperature is wrong")) == nil)
    #expect(OpenAICodec().mended(body, after: failure("reasoning_content is missing", status: 500)) == nil)
  }

  @Test func anthropicsRefusalOfASignatureIsMended() throws {
    let body = bytes(
      #"{"thinking":{"type":"enabled","budget_tokens":2000},"messages":[{"role":"user","content":"x"},{"role":"assistant","content":[{"type":"thinking","thinking":"t","signature":"forged"},{"type":"redacted_thinking","data":"d"},{"type":"text","text":"a"}]},{"role":"user","content":"y"}]}"#
    )
    let refusal = failure("messages.1.content.0: Invalid `signature` in `thinking` block")
    let mended = try #require(AnthropicCodec().mended(body, after: refusal))
    #expect(
      text(mended)
        == #"{"thinking":{"type":"disabled"},"messages":[{"role":"user","content":"x"},{"role":"assistant","content":[{"type":"text","text":"a"}]},{"role":"user","content":"y"}]}"#
    )
    #expect(AnthropicCodec().mended(mended, after: refusal) == nil)
    #expect(AnthropicCodec().mended(body, after: failure("max_tokens: too large")) == nil)
    #expect(GeminiCodec().mended(body, after: refusal) == nil)
  }
}
