import Statistics
import Testing
import TextKit

@testable import ChatProtocols

/// Whatever a provider answers, in whatever pieces, every API format says it whole and streamed, and reads back the same.
struct AnswerPropertyTests {
  /// What an answer means: nothing is allowed to be lost but white space in arguments, and that of no arguments.
  struct Meaning: Equatable {
    var reasoning = ""
    var content = ""
    var calls: [ToolCall] = []
    var finish = FinishReason.stop
    var tokens: [Int] = []
  }

  @Test(arguments: 0..<300 as Range<UInt64>) func answersSurvive(_ seed: UInt64) throws {
    var draws = SplitMix64(seed: seed)
    let drawn = Self.answer(&draws)
    let events = Self.events(of: drawn, &draws)
    let meaning = Self.meaning(of: drawn)
    let chat = try chat(plainChat(#","stream":true,"stream_options":{"include_usage":true}"#))
    let asked = try responses(#"{"model":"m","input":"hi","stream":true}"#)

    let chatStream = text(encoded(events, by: ChatCompletionsFormat().makeStreamEncoder(for: chat)))
    #expect(Self.meaning(of: try streamedAnswer(OpenAICodec(), chatStream).answer) == meaning, "chat, streamed")
    let chatWhole = ChatCompletionsFormat().body(of: drawn, to: chat)
    #expect(Self.meaning(of: try OpenAICodec().answer(from: chatWhole)) == meaning, "chat, whole")

    let messagesStream = text(encoded(events, by: MessagesFormat().makeStreamEncoder(for: chat)))
    #expect(
      Self.meaning(of: try streamedAnswer(AnthropicCodec(), messagesStream).answer) == meaning, "messages, streamed")
    let messagesWhole = MessagesFormat().body(of: drawn, to: chat)
    #expect(Self.meaning(of: try AnthropicCodec().answer(from: messagesWhole)) == meaning, "messages, whole")

    let stream = try sent(encoded(events, by: ResponsesFormat().makeStreamEncoder(for: asked))).map(data)
    #expect(try Self.meaning(ofResponse: #require(stream.last?["response"])) == meaning, "responses, streamed")
    #expect(Self.texts(of: stream) == [meaning.reasoning, meaning.content].filter { !$0.isEmpty }, "responses, pieces")
    let whole = try json(text(ResponsesFormat().body(of: drawn, to: asked)))
    #expect(Self.meaning(ofResponse: whole) == meaning, "responses, whole")
  }

  private static let contents = ["Grüße, 世界", "👩‍👩‍👧\r\n\n", " \u{2028}\"\\", "data: [DONE]\n\n", "x"]
  private static let arguments = ["{}", #"{"a":"é😀","n":[1,2.5,{"b":null}]}"#, #"{"text":"}{\\\"[ \\n"}"#]

  private static func answer(_ draws: inout SplitMix64) -> ChatResponse {
    let calls = (0..<Int.random(in: 0...3, using: &draws)).map { number in
      ToolCall(
        id: "call_\(number)", name: ["f", "g"][Int.random(in: 0...1, using: &draws)],
        arguments: arguments[Int.random(in: 0..<arguments.count, using: &draws)])
    }
    let isSilent = !calls.isEmpty && Bool.random(using: &draws)
    let content = (0..<3).map { _ in contents[Int.random(in: 0..<contents.count, using: &draws)] }.joined()
    let finish: FinishReason = [.stop, .length, .contentFilter][Int.random(in: 0..<3, using: &draws)]
    let cached = Int.random(in: 0...50, using: &draws)
    return ChatResponse(
      id: "a", created: 7, model: "m",
      choices: [
        ChatChoice(
          index: 0, content: isSilent ? nil : content, reasoning: Bool.random(using: &draws) ? "¿qué? " + content : nil,
          toolCalls: calls, finishReason: calls.isEmpty ? finish : .toolCalls)
      ],
      usage: TokenUsage(
        inputTokens: cached + Int.random(in: 1...50, using: &draws), outputTokens: 9, cachedInputTokens: cached))
  }

  /// The answer in drawn pieces: first thoughts and text, then calls, whose arguments may be mixed into one another.
  private static func events(of answer: ChatResponse, _ draws: inout SplitMix64) -> [ChatEvent] {
    let choice = answer.choices[0]
    var events: [ChatEvent] = [.start(id: answer.id, model: answer.model, created: answer.created)]
    events += pieces(of: choice.reasoning ?? "", &draws).map { .reasoning(choice: 0, $0) }
    events += pieces(of: choice.content ?? "", &draws).map { .content(choice: 0, $0) }
    var rests = choice.toolCalls.map { pieces(of: $0.arguments, &draws)[...] }
    let isMixed = Bool.random(using: &draws)
    var opened = 0
    while let open = rests.indices.first(where: { $0 >= opened || !rests[$0].isEmpty }) {
      let drawn = isMixed ? Int.random(in: 0...min(opened, rests.count - 1), using: &draws) : open
      if drawn == opened {
        let call = choice.toolCalls[drawn]
        events.append(.toolCall(choice: 0, call: drawn, id: call.id, name: call.name, arguments: ""))
        opened += 1
      }
      guard let piece = rests[drawn].popFirst() else { continue }
      events.append(.toolCall(choice: 0, call: drawn, id: nil, name: nil, arguments: piece))
    }
    events.append(.finish(choice: 0, choice.finishReason))
    return events + (answer.usage.map { [.usage($0)] } ?? [])
  }

  private static func pieces(of text: String, _ draws: inout SplitMix64) -> [String] {
    var pieces: [String] = []
    var rest = text.unicodeScalars[...]
    while !rest.isEmpty {
      let count = Int.random(in: 1...6, using: &draws)
      pieces.append(String(rest.prefix(count)))
      rest = rest.dropFirst(count)
    }
    return pieces
  }

  private static func meaning(of answer: ChatResponse) -> Meaning {
    let choice = answer.choices.first
    let usage = answer.usage
    return Meaning(
      reasoning: choice?.reasoning ?? "", content: choice?.content ?? "", calls: (choice?.toolCalls ?? []).map(plain),
      finish: choice?.finishReason ?? .stop,
      tokens: usage.map { [$0.inputTokens, $0.cachedInputTokens, $0.outputTokens] } ?? [])
  }

  private static func meaning(ofResponse response: JSONNode) -> Meaning {
    var meaning = Meaning()
    for item in response["output"]?.elements ?? [] {
      let text = (item["content"]?.elements ?? []).compactMap { $0["text"]?.string }.joined()
      switch item["type"]?.string {
      case "reasoning": meaning.reasoning += text
      case "message": meaning.content += text
      default:
        meaning.calls.append(
          plain(
            ToolCall(
              id: item["call_id"]?.string ?? "", name: item["name"]?.string ?? "",
              arguments: item["arguments"]?.string ?? "")))
      }
    }
    switch response["incomplete_details"]?["reason"]?.string {
    case "max_output_tokens": meaning.finish = .length
    case "content_filter": meaning.finish = .contentFilter
    default: meaning.finish = meaning.calls.isEmpty ? .stop : .toolCalls
    }
    let usage = response["usage"]
    meaning.tokens = [
      usage?["input_tokens"], usage?["input_tokens_details"]?["cached_tokens"], usage?["output_tokens"],
    ]
    .compactMap { $0?.integer }
    return meaning
  }

  /// The texts that the pieces of a stream add up to: the reasoning, then the answer.
  private static func texts(of stream: [JSONNode]) -> [String] {
    ["response.reasoning_text.delta", "response.output_text.delta"].map { type in
      stream.filter { $0["type"]?.string == type }.compactMap { $0["delta"]?.string }.joined()
    }.filter { !$0.isEmpty }
  }

  private static func plain(_ call: ToolCall) -> ToolCall {
    var call = call
    call.arguments = ConversationBuilder.canonical(ConversationBuilder.arguments(call.arguments))
    return call
  }
}
