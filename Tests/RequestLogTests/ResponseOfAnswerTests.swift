import Ockham
import Testing

@testable import RequestLog

/// What a logged answer tells of itself, for response heads.
@Suite struct ResponseOfAnswerTests {
  private func facts(
    _ answer: ModelAnswer, format: ResponseFormat = .text, tools: [String] = []
  ) -> ResponseFacts {
    let attributes = RequestAttributes(toolNames: tools, responseFormat: format)
    return Response(answer, to: Request(segments: [], attributes: attributes)).facts
  }

  @Test func ofATextAloneNothingIsKnown() { #expect(facts(.text("{")) == ResponseFacts()) }

  @Test(arguments: [
    ("{\"a\": 1}", true, true), (" [1] ", false, true), ("{\"a\": 1", false, false), ("```json\n{}\n```", false, false),
    ("", false, false),
  ]) func jsonIsLookedAtWhereItWasAskedFor(text: String, isObject: Bool, isJSON: Bool) {
    #expect(facts(.text(text), format: .jsonObject).jsonIsValid == isObject)
    #expect(facts(.text(text), format: .jsonSchema).jsonIsValid == isJSON)
    #expect(facts(.text(text), format: .jsonSchema).schemaIsValid == nil)
  }

  @Test(arguments: [
    ("find", "{\"q\": 1}", true), ("find", " ", true), ("find", "[1]", false), ("find", "{", false),
    ("other", "{}", false),
  ]) func callsAreHeldAgainstTheTools(name: String, arguments: String, isValid: Bool) {
    let answer = ModelAnswer.message(
      AnswerMessage(toolCalls: [.init(name: name, arguments: arguments)], finishReason: "tool_calls"))
    let found = facts(answer, format: .jsonObject, tools: ["find"])
    #expect(found.toolCallsAreValid == isValid && found.finishReason == .toolCalls)
    // Calls take the place of the JSON that was asked for.
    #expect(found.jsonIsValid == nil)
    #expect(facts(answer).toolCallsAreValid == (isValid || name == "other"))
  }

  @Test(arguments: [
    ("stop", ResponseFacts.FinishReason.stop), ("end_turn", .stop), ("length", .length), ("max_tokens", .length),
    ("tool_use", .toolCalls), ("content_filter", .contentFilter), ("xyzzy", .other), ("", .other),
  ]) func reasonsAreKnownByTheirWords(word: String, reason: ResponseFacts.FinishReason) {
    #expect(facts(.message(AnswerMessage(text: "x", finishReason: word))).finishReason == reason)
  }

  @Test func logprobsAreSummedUp() {
    let found = facts(.message(AnswerMessage(text: "x", logprobs: [-1, -3])))
    #expect(found.meanLogprob == -2 && found.minimumLogprob == -3 && found.logprobSpread == 1)
    #expect(found.finishReason == nil)
  }
}
