import Testing

@testable import Judging

/// Answers as plain values; the gateway's tests go through chats.
struct AnswerCheckTests {
  private func failure(
    _ answers: GivenAnswer..., tools: Set<String> = [], hasOwnLimit: Bool = false, least: Double? = nil
  ) -> ValidationFailure? {
    let form = FormCheck(bounded: .object)
    return AnswerCheck(form: form, toolNames: tools, hasOwnLimit: hasOwnLimit, minimumMeanLogprob: least)
      .failure(of: answers)
  }

  @Test func theFirstFailedCheckIsNamed() {
    #expect(failure(GivenAnswer(text: "{}")) == nil)
    #expect(failure() == .empty)
    #expect(failure(GivenAnswer(text: "{}"), GivenAnswer(text: " ")) == .empty)
    #expect(failure(GivenAnswer(text: "{}", ending: .contentFiltered)) == .contentFiltered)
    #expect(failure(GivenAnswer(text: "{", ending: .cutOff)) == .cutOff)
    #expect(failure(GivenAnswer(text: "{", ending: .cutOff), hasOwnLimit: true) == nil)
    #expect(failure(GivenAnswer(text: nil, refusal: "No.")) == .refusal)
    #expect(failure(GivenAnswer(text: "I'm sorry, but I can't help with that.")) == .refusal)
    #expect(failure(GivenAnswer(text: "plain")) == .invalidJSON)
    #expect(failure(GivenAnswer(text: "{}", meanLogprob: -2), least: -1) == .lowLogprob)
    #expect(failure(GivenAnswer(text: "{}", meanLogprob: -2), least: -2) == nil)
  }

  @Test func callsMustBeOfKnownToolsWithObjects() {
    func call(_ name: String, _ arguments: String) -> GivenAnswer {
      GivenAnswer(text: nil, calls: [GivenAnswer.Call(name: name, arguments: arguments)])
    }
    #expect(failure(call("f", "{}"), tools: ["f"]) == nil)
    #expect(failure(call("f", " ")) == nil)
    #expect(failure(call("g", "{}"), tools: ["f"]) == .invalidToolCall)
    #expect(failure(call("f", "[]")) == .invalidToolCall)
  }
}
