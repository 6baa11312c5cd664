import Testing
import TextKit

@testable import ChatProtocols
@testable import GatewayCore

/// The same answer, whole and streamed: the same text, calls, reason and tokens, and so the same cost.
struct RoundTripTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var provider: any ProviderCodec
    var whole: String
    var stream: String
    var usage: TokenUsage
    var reason: FinishReason
    var testDescription: String { name }
  }

  @Test(arguments: cases, [1, 7, 4096])
  func streamedIsWhole(_ row: Case, size: Int) throws {
    let whole = try row.provider.answer(from: bytes(row.whole))
    let (streamed, events, isComplete) = try streamedAnswer(row.provider, row.stream, size: size)
    #expect(isComplete)
    #expect(streamed == whole)
    #expect(whole.usage == row.usage)
    #expect(whole.choices.first?.finishReason == row.reason)
    #expect(events.first.map { if case .start = $0 { true } else { false } } == true)
    var price = Price(input: 0.1e-6, output: 0.7e-6)
    (price.cachedInput, price.cacheWrite, price.reasoning) = (0.033e-6, 0.13e-6, 0.9e-6)
    let costs = [streamed, whole].map { $0.usage.flatMap(price.costUSD) }
    #expect(costs[0] != nil && costs[0]?.bitPattern == costs[1]?.bitPattern)
  }

  @Test(arguments: cases)
  func everyCutIsSeen(_ row: Case) throws {
    let lines = row.stream.split(separator: "\n\n", omittingEmptySubsequences: true)
    for count in 0..<max(0, lines.count - row.closing) {
      let cut = lines.prefix(count).map { $0 + "\n\n" }.joined()
      #expect(try streamedAnswer(row.provider, cut).isComplete == false, "cut after \(count) events")
    }
  }

  /// An answer can be told again as events that say the same, and again from any API format's stream of it.
  @Test(arguments: cases)
  func eventsOfAnAnswerMakeIt(_ row: Case) throws {
    let whole = try row.provider.answer(from: bytes(row.whole))
    var assembler = ChatResponseAssembler()
    for event in whole.events { assembler.append(event) }
    #expect(assembler.answer == whole)
    let request = try chat(plainChat(#","stream":true,"stream_options":{"include_usage":true}"#))
    let bytes = encoded(whole.events, by: ChatCompletionsFormat().makeStreamEncoder(for: request))
    let sayable = Self.unsealed(whole)
    #expect(try streamedAnswer(OpenAICodec(), text(bytes)).answer == sayable)
    #expect(try OpenAICodec().answer(from: ChatCompletionsFormat().body(of: whole, to: request)) == sayable)
  }

  /// What chat completions can say of an answer: its reasoning as one text, without seals.
  private static func unsealed(_ answer: ChatResponse) -> ChatResponse {
    var answer = answer
    for index in answer.choices.indices {
      answer.choices[index].reasoningParts = answer.choices[index].reasoning.map { [ReasoningPart(text: $0)] } ?? []
    }
    return answer
  }

  /// What Messages can say comes back from Anthropic's reader.
  @Test(arguments: cases)
  func messagesSayTheSame(_ row: Case) throws {
    var whole = try row.provider.answer(from: bytes(row.whole))
    guard whole.choices.count == 1, whole.choices[0].refusal == nil else { return }
    (whole.created, whole.choices[0].logprobs) = (0, nil)
    whole.usage?.reasoningTokens = 0
    let request = try chat(plainChat())
    let back = try AnthropicCodec().answer(from: MessagesFormat().body(of: whole, to: request))
    let stream = encoded(whole.events, by: MessagesFormat().makeStreamEncoder(for: request))
    let (streamed, _, isComplete) = try streamedAnswer(AnthropicCodec(), text(stream))
    #expect(isComplete)
    #expect(Self.plain(back) == Self.plain(whole))
    #expect(Self.plain(streamed) == Self.plain(whole))
  }

  /// An answer with the white space of its arguments taken out: objects are written anew.
  private static func plain(_ answer: ChatResponse) -> ChatResponse {
    var answer = answer
    for index in answer.choices.indices {
      for call in answer.choices[index].toolCalls.indices {
        answer.choices[index].toolCalls[call].arguments.removeAll { $0 == " " }
      }
    }
    return answer
  }
}

extension RoundTripTests.Case {
  /// Events at the end of the stream without which it is whole all the same.
  var closing: Int { provider.apiFormat == .chatCompletions ? 3 : 1 }
}

/// What servers that speak OpenAI's language loosely send.
struct LooseServerTests {
  @Test func emptyTextsAreNone() throws {
    let whole = #"""
      {"id":"c","model":"m","choices":[{"message":{"content":"","reasoning":"","refusal":""},"finish_reason":"stop"}]}
      """#
    let stream = #"""
      data: {"id":"c","model":"m","choices":[{"delta":{"content":"","reasoning":"","refusal":""}}]}

      data: {"id":"c","model":"m","choices":[{"delta":{"content":""},"finish_reason":"stop"}]}


      """#
    let answer = try OpenAICodec().answer(from: bytes(whole))
    #expect(try streamedAnswer(OpenAICodec(), stream).answer == answer)
    #expect(answer.choices[0].content == nil)
    let body = try json(text(ChatCompletionsFormat().body(of: answer, to: try chat(plainChat()))))
    #expect(body["choices"]?.elements?[0]["message"]?["content"]?.string == "")
  }

  @Test func callsWithoutAnIndex() throws {
    let stream = #"""
      data: {"id":"c","choices":[{"delta":{"tool_calls":[{"id":"a","function":{"name":"f","arguments":"{}"}},{"id":"b","function":{"name":"g","arguments":"{"}}]}}]}

      data: {"id":"c","choices":[{"delta":{"tool_calls":[{"id":"b","function":{"arguments":"}"}}]}}]}

      data: {"id":"c","choices":[{"delta":{"tool_calls":[{"function":{"arguments":" "}}]},"finish_reason":"stop"}]}


      """#
    let choice = try #require(try streamedAnswer(OpenAICodec(), stream).answer.choices.first)
    #expect(
      choice.toolCalls == [
        ToolCall(id: "a", name: "f", arguments: "{}"), ToolCall(id: "b", name: "g", arguments: "{} "),
      ])
    #expect(choice.finishReason == .toolCalls)
  }
}
