import Ockham
import Testing

@testable import OckhamTraining

@Suite struct QuestionStemTests {
  private func key(_ text: String) -> UInt64 { QuestionStem(Request(prompt: text)).key }

  @Test(arguments: [
    "What is the tallest tree?\nA. Oak\nB. Redwood\nAnswer:", "what is  the TALLEST tree\n(A) Fir\n(B) Yew",
    "What is the tallest tree?\n  a) Ash", "What is the tallest tree?", "What is the tallest tree?\n\nA: one",
  ]) func choicesCaseAndMarksDoNotCount(text: String) {
    #expect(key(text) == key("What is the tallest tree?\nA. Elm\nB. Pine\nC. Ash"))
  }

  @Test(arguments: [
    "What is the tallest treehouse?\nA. Oak", "What is the tallest tree? A. Oak", "What is the tall est tree?",
    "What is the tallest tree?\nB. Oak", "Whät is the tallest tree?",
  ]) func otherWordsDo(text: String) {
    #expect(key(text) != key("What is the tallest tree?\nA. Oak"))
  }

  @Test func whatComesBehindTheChoicesIsPassedOver() {
    let segments = [Segment(role: .user, text: "Which?\nA. x"), Segment(role: .user, text: "more")]
    #expect(QuestionStem(Request(segments: segments)).key == key("which"))
    #expect(QuestionStem(Request(segments: Array(segments.reversed()))).key == key("more which"))
  }

  @Test func nothingIsNoQuestion() {
    #expect(QuestionStem(Request(segments: [])).key == 0)
    #expect(key("  ?!\n") == 0)
    #expect(key("A. Oak") == 0)
  }
}
