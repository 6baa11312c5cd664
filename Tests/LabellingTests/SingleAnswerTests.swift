import Foundation
import Judging
import RequestLog
import Testing

@testable import Labelling

/// Answers that a judge sees by themselves, and which records are pairs.
struct SingleAnswerTests {
  private func judge(_ mock: MockJudge, _ folder: LabelFolder, model: String = "m") throws -> PairJudge {
    let endpoint = try ChatEndpoint(
      address: mock.address, model: model, apiKey: nil, timeLimitSeconds: 20, connections: 4)
    return try endpoint.judge(
      journalPath: folder.path + "/journal-" + UUID().uuidString, budget: JudgeBudget(capUSD: nil, tokenPrice: nil))
  }

  /// Scores by what it is shown: more for a rubric, all for a reference.
  private static func reply(_ call: MockJudge.Call) -> MockJudge.Reply {
    if call.body.contains("compare two answers") { return .verdict("tie") }
    if call.body.contains("right answer") { return .text(#"{"score":1}"#) }
    return .text(call.body.contains("house style") ? #"{"score":0.75}"# : #"{"score":0.25}"#)
  }

  private static let lone = #"{"prompt":"q","outcomes":{"gpt-4o":{"answer":"a"}}}"#
  private static let known = #"{"prompt":"q","reference":"a","outcomes":{"gpt-4o":{"answer":"b"}}}"#
  private static let pair = #"{"prompt":"q","outcomes":{"small":{"answer":"a"},"frontier":{"answer":"b"}}}"#
  private static let frontier = #"{"prompt":"q","outcomes":{"frontier":{"answer":"b"}}}"#

  @Test func scoresAnswersWithoutAFrontier() async throws {
    let mock = try MockJudge { Self.reply($0) }
    defer { mock.stop() }
    let folder = try LabelFolder()
    let (out, summary) = try await folder.label(
      [Self.lone, Self.known], .judge(try judge(mock, folder), concurrency: 2))
    #expect(out[0] == #"{"prompt":"q","outcomes":{"gpt-4o":{"quality":0.25,"answer":"a"}}}"#)
    #expect(out[1].contains(#"{"quality":1,"answer":"b"}"#))
    #expect(summary.rejected == 0 && mock.calls.count == 2)
    // Blind: nothing says who answered.
    #expect(mock.calls.allSatisfy { !$0.body.contains("gpt-4o") })
  }

  @Test func aRubricScoresEveryAnswerByItself() async throws {
    let mock = try MockJudge { Self.reply($0) }
    defer { mock.stop() }
    let folder = try LabelFolder()
    let (out, _) = try await folder.label(
      [Self.pair], .judge(try judge(mock, folder), .single(rubric: "Keep to the house style."), concurrency: 1))
    #expect(
      out[0]
        == #"{"prompt":"q","outcomes":{"small":{"quality":0.75,"answer":"a"},"frontier":{"quality":0.75,"answer":"b"}}}"#
    )
    #expect(mock.calls.count == 2)
  }

  @Test func pairwiseInsistsOnPairs() async throws {
    let mock = try MockJudge { Self.reply($0) }
    defer { mock.stop() }
    let folder = try LabelFolder()
    let (out, summary) = try await folder.label(
      [Self.pair, Self.lone, Self.frontier], .judge(try judge(mock, folder), .pairs, concurrency: 1))
    #expect(out[0].contains(#""small":{"quality":0.5"#) && out[1] == Self.lone && out[2] == Self.frontier)
    #expect(summary.rejected == 2 && mock.calls.count == 2)
  }

  /// In a log of pairs the frontier's lone answers stay without a label: their scores would be of another kind.
  @Test func aLogOfPairsKeepsToPairs() async throws {
    let mock = try MockJudge { Self.reply($0) }
    defer { mock.stop() }
    let folder = try LabelFolder()
    let judge = try judge(mock, folder)
    let log = try folder.file("log.jsonl", [Self.pair, Self.frontier, Self.lone].joined(separator: "\n"))
    let estimate = try JudgeEstimate(logPath: log, judge: judge, options: LabelOptions())
    #expect(estimate.pairs == 1 && estimate.singles == 1 && estimate.calls == 3 && estimate.loneFrontiers == 1)
    let form = estimate.settled(.pairsOrSingle())
    let (out, summary) = try await folder.label(
      [Self.pair, Self.frontier, Self.lone], .judge(judge, form, concurrency: 1))
    #expect(out[1] == Self.frontier && out[2].contains("0.25") && summary.missing(.loneFrontier) == 1)
    let alone = try folder.file("alone.jsonl", Self.frontier)
    let lone = try JudgeEstimate(logPath: alone, judge: judge, options: LabelOptions())
    #expect(lone.singles == 1 && lone.calls == 1 && lone.settled(.pairsOrSingle()) == .pairsOrSingle())
  }

  @Test func countsWhatCouldBePairs() throws {
    let mock = try MockJudge { Self.reply($0) }
    defer { mock.stop() }
    let folder = try LabelFolder()
    let log = try folder.file("log.jsonl", #"{"prompt":"q","outcomes":{"a":{"answer":"a"},"b":{"answer":"b"}}}"#)
    let judge = try judge(mock, folder)
    func estimate(_ form: JudgeForm) throws -> JudgeEstimate {
      try JudgeEstimate(logPath: log, judge: judge, form: form, options: LabelOptions())
    }
    #expect(try estimate(.pairsOrSingle()).withoutFrontier == 1)
    #expect(try estimate(.single(rubric: "r")).withoutFrontier == 0 && estimate(.single(rubric: "r")).singles == 2)
  }

  @Test func theFrontierMayGoByItsModelsName() async throws {
    let mock = try MockJudge { Self.reply($0) }
    defer { mock.stop() }
    var options = LabelOptions()
    options.frontierModels = ["large"]
    let line = #"{"prompt":"q","outcomes":{"small":{"answer":"a"},"large":{"answer":"b"}}}"#
    let folder = try LabelFolder()
    let judge = try judge(mock, folder)
    let (out, _) = try await folder.label([line, Self.pair], .judge(judge, .pairs, concurrency: 1), options)
    #expect(out[0].contains(#""large":{"quality":0.5"#) && out[1].contains(#""frontier":{"quality":0.5"#))
    let estimate = try JudgeEstimate(logPath: folder.path + "/in.jsonl", judge: judge, options: options)
    #expect(estimate.pairs == 2 && estimate.singles == 0)
    let (texts, _) = try await folder.label([line], .text(.exact), options)
    #expect(texts[0].contains(#""small":{"quality":0"#) && texts[0].contains(#""large":{"quality":1"#))
  }

  @Test func refusesToJudgeItsOwnFamily() throws {
    let mock = try MockJudge { Self.reply($0) }
    defer { mock.stop() }
    let folder = try LabelFolder()
    let log = try folder.file("log.jsonl", [Self.pair, Self.lone].joined(separator: "\n"))
    let judge = try judge(mock, folder, model: "openai/gpt-4.1")
    let estimate = try JudgeEstimate(logPath: log, judge: judge, options: LabelOptions())
    #expect(throws: LabelError.ownArm(judge: "openai/gpt-4.1", arm: "gpt-4o")) { try estimate.checkArms(of: judge) }
    let pairs = try folder.file("pairs.jsonl", Self.pair)
    let other = try JudgeEstimate(logPath: pairs, judge: judge, options: LabelOptions())
    #expect(throws: Never.self) { try other.checkArms(of: judge) }
    #expect(throws: LabelError.ownArm(judge: "openai/gpt-4.1", arm: "gpt-4o-mini")) {
      try other.checkArms(of: judge, models: ["small": ["gpt-4o-mini"]])
    }
    #expect(mock.calls.isEmpty)
  }
}
