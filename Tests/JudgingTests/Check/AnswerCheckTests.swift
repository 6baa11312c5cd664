import Testing

@testable import Judging

/// Answers as plain values; the gateway's tests go through chats.
struct AnswerCheckTests {
  private func flaw(
    _ answers: GivenAnswer..., tools: Set<String> = [], hasOwnLimit: Bool = false, least: Double? = nil
  ) -> AnswerFlaw? {
    let form = FormCheck(bounded: .object)
    return AnswerCheck(form: form, toolNames: tools, hasOwnLimit: hasOwnLimit, minimumMeanLogprob: least)
      .flaw(of: answers)
  }

  @Test func theFirstFlawIsNamed() {
    #expect(flaw(GivenAnswer(text: "{}")) == nil)
    #expect(flaw() == .empty)
    #expect(flaw(GivenAnswer(text: "{}"), GivenAnswer(text: " ")) == .empty)
    #expect(flaw(GivenAnswer(text: "{}", ending: .contentFiltered)) == .contentFiltered)
    #expect(flaw(GivenAnswer(text: "{", ending: .cutOff)) == .cutOff)
    #expect(flaw(GivenAnswer(text: "{", ending: .cutOff), hasOwnLimit: true) == nil)
    #expect(flaw(GivenAnswer(text: nil, refusal: "No.")) == .refusal)
    #expect(flaw(GivenAnswer(text: "I'm sorry, but I can't help with that.")) == .refusal)
    #expect(flaw(GivenAnswer(text: "plain")) == .invalidJSON)
    #expect(flaw(GivenAnswer(text: "{}", meanLogprob: -2), least: -1) == .lowLogprob)
    #expect(flaw(GivenAnswer(text: "{}", meanLogprob: -2), least: -2) == nil)
  }

  @Test func callsMustBeOfKnownToolsWithObjects() {
    func call(_ name: String, _ arguments: String) -> GivenAnswer {
      GivenAnswer(text: nil, calls: [GivenAnswer.Call(name: name, arguments: arguments)])
    }
    #expect(flaw(call("f", "{}"), tools: ["f"]) == nil)
    #expect(flaw(call("f", " ")) == nil)
    #expect(flaw(call("g", "{}"), tools: ["f"]) == .invalidToolCall)
    #expect(flaw(call("f", "[]")) == .invalidToolCall)
  }
}
