import Foundation
import Ockham
import Testing

@testable import RequestLog

/// Chat lines of fine-tuning files and of gateways.
struct ChatImportTests {
  private func run(_ lines: [String], _ edit: (inout ImportOptions) -> Void = { _ in }) throws -> (
    records: [LogRecord], summary: ImportSummary
  ) {
    let folder = try ImportFolder()
    var options = ImportOptions()
    edit(&options)
    return try folder.run(.chatJSONL, [try folder.file("chat.jsonl", lines.joined(separator: "\n"))], options)
  }

  @Test func splitsTheAnswerOff() throws {
    let line =
      #"{"messages":[{"role":"system","content":"s"},{"role":"user","content":"u"},{"role":"assistant","content":"a"}],"score":0.5}"#
    let (records, _) = try run([line]) {
      $0.chat.quality = "score"
      $0.chat.model = "tuned"
    }
    #expect(records[0].request.segments.map(\.role) == [.system, .user])
    #expect(records[0].id == "chat:1")
    #expect(records[0].outcomes == [ModelOutcome(name: "tuned", quality: 0.5)])
  }

  @Test func keepsEarlierAnswersAndUnscoredLines() throws {
    let line = #"{"id":7,"messages":[{"role":"assistant","content":"hello"},{"role":"user","content":"u"}]}"#
    let (records, _) = try run([line])
    #expect(records[0].id == "7")
    #expect(records[0].request.segments.map(\.role) == [.assistant, .user])
    #expect(records[0].outcomes.isEmpty)
  }

  @Test func readsGatewayLogs() throws {
    let line =
      #"{"request_id":"r9","request":{"model":"gpt","messages":[{"role":"user","content":"u"}],"max_tokens":5,"tools":[{"type":"function","function":{"name":"f"}}]},"response":{"model":"gpt-1","created":0,"usage":{"prompt_tokens":1000,"completion_tokens":10},"choices":[]},"feedback":{"ok":true,"ms":12.5}}"#
    let (records, _) = try run([line]) {
      $0.chat.quality = "feedback.ok"
      $0.chat.latencyMilliseconds = "feedback.ms"
      $0.prices = ["gpt-1": TokenPrice(inputUSDPerMillion: 1, outputUSDPerMillion: 100)]
    }
    #expect(records[0].id == "r9")
    #expect(records[0].timestamp == "1970-01-01T00:00:00Z")
    #expect(records[0].request.attributes.toolNames == ["f"])
    #expect(records[0].request.attributes.maximumOutputTokens == 5)
    let expected = ModelOutcome(name: "gpt-1", quality: 1, costUSD: 0.002, outputTokens: 10, latencyMilliseconds: 12.5)
    #expect(records[0].outcomes == [expected])
  }

  @Test func leavesUnknownCostsUnknown() throws {
    let line =
      #"{"request":{"model":"m","messages":[{"role":"user","content":"u"}]},"response":{"usage":{"prompt_tokens":3,"completion_tokens":4}}}"#
    let (records, _) = try run([line])
    #expect(records[0].outcomes == [ModelOutcome(name: "m", outputTokens: 4)])
  }

  @Test(arguments: [
    (#"{"messages":[]}"#, "messages"), (#"{"x":1}"#, "prompt or messages"), ("nonsense", "a JSON object"),
    (#"{"messages":[{"role":"user","content":"u"}],"score":1.5,"model":"m"}"#, "from 0 to 1"),
    (#"{"messages":[{"role":"user","content":"u"}],"score":"high","model":"m"}"#, "a number"),
    (#"{"messages":[{"role":"user","content":"u"}],"score":1}"#, "--model"),
    (
      #"{"request":{"messages":[{"role":"user","content":"u"}]},"response":{"model":"m","usage":{"completion_tokens":-1}}}"#,
      "at least 0"
    ),
    (#"{"request":5}"#, "request"),
  ])
  func namesBadLines(line: String, words: String) throws {
    let good = #"{"messages":[{"role":"user","content":"u"}]}"#
    let (records, summary) = try run([good, line]) { $0.chat.quality = "score" }
    #expect(records.count == 1)
    let problem = try #require(summary.log.problems.first)
    #expect(problem.position == .line(2) && problem.description.contains(words), "\(problem)")
  }
}
