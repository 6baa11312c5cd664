import Testing

@testable import Judging

struct MajorityVoteTests {
  private func winner(_ texts: String?...) -> Int? {
    MajorityVote.winner(of: texts.map { GivenAnswer(text: $0) })?.index
  }

  @Test func wordsAreCompared() {
    #expect(winner("41", "42", " **42**.") == 1)
    #expect(winner("Paris", "the capital is Paris", "PARIS!\n") == 0)
    #expect(winner("a", "b", "c") == 0)
    #expect(winner("", "b", nil, "") == 1)
    #expect(winner("", nil) == 0)
    #expect(MajorityVote.winner(of: []) == nil)
    #expect(winner("?", "!", "!") == 1)
  }

  @Test func objectsAreComparedByValue() {
    #expect(winner(#"{"a":2}"#, #"{"a":1,"b":[1.0]}"#, "{\n \"b\": [1], \"a\": 1 }") == 1)
  }

  @Test func callsAreCompared() {
    let answers = ["{}", #"{"x":1,"y":2}"#, #"{"y":2, "x":1}"#].map {
      GivenAnswer(text: nil, calls: [GivenAnswer.Call(name: "f", arguments: $0)])
    }
    #expect(MajorityVote.winner(of: answers)?.index == 1)
    #expect(MajorityVote.winner(of: answers)?.votes == 2)
  }
}
