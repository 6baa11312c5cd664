import Testing
import TextKit

@testable import ChatProtocols
@testable import GatewayCore

struct MajorityAndJudgeTests {
  private func winner(_ texts: String?...) throws -> Int? {
    try MajorityVote.winner(of: texts.map { try AnswerCheckTests.answer($0) })?.index
  }

  @Test func wordsAreCompared() throws {
    #expect(try winner("41", "42", " **42**.") == 1)
    #expect(try winner("Paris", "the capital is Paris", "PARIS!\n") == 0)
    #expect(try winner("a", "b", "c") == 0)
    #expect(try winner("", "b", nil, "") == 1)
    #expect(try winner("", nil) == 0)
    #expect(MajorityVote.winner(of: []) == nil)
    #expect(try winner("?", "!", "!") == 1)
  }

  @Test func objectsAreComparedByValue() throws {
    #expect(try winner(#"{"a":2}"#, #"{"a":1,"b":[1.0]}"#, "{\n \"b\": [1], \"a\": 1 }") == 1)
  }

  @Test func callsAreCompared() throws {
    func call(_ arguments: String) throws -> ChatAnswer {
      try AnswerCheckTests.answer(nil, calls: [ToolCall(id: arguments, name: "f", arguments: arguments)])
    }
    let answers = [try call("{}"), try call(#"{"x":1,"y":2}"#), try call(#"{"y":2, "x":1}"#)]
    #expect(MajorityVote.winner(of: answers)?.index == 1)
    #expect(MajorityVote.winner(of: answers)?.votes == 2)
  }

  @Test func requestsToAJudgeAreWellFormed() throws {
    let chat = try RouterFixture.chat("What is \"2+2\"?\n")
    let request = Judge.markRequest(for: chat, answer: try AnswerCheckTests.answer("It is 4.\u{1}"), model: "judge")
    #expect(request.model == "judge")
    #expect(request.chat["model"]?.string == "judge")
    let user = try #require(request.chat["messages"]?.elements?.last?["content"]?.string)
    #expect(user.contains("user: What is \"2+2\"?\n"))
    #expect(user.contains("It is 4.\u{1}"))
    #expect(request.request.segments.count == 2)
    #expect(try JSONParser.parse(request.body) == request.root)
  }

  @Test func marksCannotBeClosedByATextThatKnowsThem() throws {
    let chat = try RouterFixture.chat("q")
    let first = Judge.markRequest(for: chat, answer: try AnswerCheckTests.answer("x"), model: "j")
    let user = try #require(first.chat["messages"]?.elements?.last?["content"]?.string)
    let mark = try #require(user.split(separator: "\n").last)
    let second = Judge.markRequest(for: chat, answer: try AnswerCheckTests.answer(String(mark)), model: "j")
    let text = try #require(second.chat["messages"]?.elements?.last?["content"]?.string)
    #expect(text.split(separator: "\n").last != mark)
  }

  @Test func choicesAreNumbered() throws {
    let answers = try ["one", "two"].map { try AnswerCheckTests.answer($0) }
    let request = Judge.choiceRequest(for: try RouterFixture.chat("q"), answers: answers, model: "j")
    let user = try #require(request.chat["messages"]?.elements?.last?["content"]?.string)
    #expect(user.contains("[answer 2 "))
  }

  @Test func longTextsAreShortened() throws {
    let long = try AnswerCheckTests.answer(String(repeating: "ä", count: 1 << 20))
    let request = Judge.markRequest(for: try RouterFixture.chat("q"), answer: long, model: "j")
    #expect(request.body.count < 60_000)
  }

  @Test(
    arguments: [
      (#"{"score":0.75}"#, 0.75), (#"{"score":1,"why":"good"}"#, 1), ("```json\n{\"score\": 0}\n```", 0),
      ("My verdict: {\"score\":0.5}.", 0.5), (#"{"score":1.5}"#, nil), (#"{"score":-1}"#, nil),
      (#"{"score":"1"}"#, nil),
      ("1", nil), ("", nil), ("{}", nil), ("{\"score\":0.1} or {\"score\":0.9}", nil), ("}{", nil),
    ] as [(String, Double?)])
  func marks(reply: String, mark: Double?) throws {
    #expect(Judge.mark(in: try AnswerCheckTests.answer(reply)) == mark)
  }

  @Test(
    arguments: [
      (#"{"best":1}"#, 0), (#"{"best":3}"#, 2), (#"{"best":4}"#, nil), (#"{"best":0}"#, nil), (#"{"best":1.5}"#, nil),
      (#"{"best":1e300}"#, nil), ("2", nil),
    ] as [(String, Int?)])
  func choices(reply: String, index: Int?) throws {
    #expect(Judge.choice(in: try AnswerCheckTests.answer(reply), of: 3) == index)
  }
}
