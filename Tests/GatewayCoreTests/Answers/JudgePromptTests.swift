import Judging
import Testing
import TextKit

@testable import ChatProtocols
@testable import GatewayCore

/// Chats as a judge is asked about them.
struct JudgePromptTests {
  @Test func requestsToAJudgeAreWellFormed() throws {
    let chat = try RouterFixture.chat("What is \"2+2\"?\n")
    let prompt = JudgePrompt.score(of: try AnswerCheckTests.answer("It is 4.\u{1}"), to: chat)
    let request = ChatRequest(JudgeRequest(prompt), model: "judge")
    #expect(request.model == "judge")
    #expect(request.chat["model"]?.string == "judge")
    #expect(request.chat["max_tokens"] == nil)
    let user = try #require(request.chat["messages"]?.elements?.last?["content"]?.string)
    #expect(user == prompt.user)
    #expect(user.contains("user: What is \"2+2\"?\n"))
    #expect(user.contains("It is 4.\u{1}"))
    #expect(request.request.segments.count == 2)
    #expect(try JSONParser.parse(request.body) == request.root)
    let limited = ChatRequest(JudgeRequest(prompt, maximumReplyTokens: 64), model: "judge")
    #expect(limited.chat["max_tokens"]?.integer == 64)
  }

  @Test func choicesShowEveryAnswer() throws {
    let call = ToolCall(id: "c", name: "f", arguments: "{}")
    let answers = [try AnswerCheckTests.answer("one"), try AnswerCheckTests.answer(nil, .toolCalls, calls: [call])]
    let prompt = JudgePrompt.choice(of: answers, to: try RouterFixture.chat("q"))
    #expect(prompt.user.contains("[answer 2 ") && prompt.user.contains("[calls f with {}]"))
  }

  @Test func longTextsAreShortened() throws {
    let long = try AnswerCheckTests.answer(String(repeating: "ä", count: 1 << 20))
    let prompt = JudgePrompt.score(of: long, to: try RouterFixture.chat("q"))
    #expect(ChatRequest(JudgeRequest(prompt), model: "j").body.count < 60_000)
  }

  @Test func repliesAreTheFirstChoice() throws {
    var answer = try AnswerCheckTests.answer("{}")
    answer.usage = TokenUsage(inputTokens: 3, outputTokens: 4)
    #expect(JudgeReply(answer) == JudgeReply(text: "{}", inputTokens: 3, outputTokens: 4))
    answer.choices = []
    #expect(JudgeReply(answer).text.isEmpty)
    #expect(GivenAnswer(firstOf: answer) == GivenAnswer(text: nil))
    #expect(MajorityVote.winner(of: [GivenAnswer(firstOf: answer)])?.votes == 0)
  }
}
