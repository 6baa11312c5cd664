import Foundation
import Judging
import RequestLog
import Testing

@testable import Labelling

/// The judge, against an endpoint on this machine.
struct JudgeTests {
  private static let price = TokenPrice(inputUSDPerMillion: 10, outputUSDPerMillion: 100)
  /// What a call of the mock costs: 100 and 10 tokens.
  private static let callUSD = 0.002

  private func judge(
    _ mock: MockJudge, _ folder: LabelFolder, key: String? = nil, cap: Double? = nil, timeout: Double = 20,
    _ edit: (inout RetryPolicy) -> Void = { _ in }
  ) throws -> PairJudge {
    var retry = RetryPolicy()
    retry.firstPauseSeconds = 0.01
    edit(&retry)
    let endpoint = try ChatEndpoint(
      address: mock.address, model: "judge-1", apiKey: key, timeLimitSeconds: timeout, connections: 8)
    return try endpoint.judge(
      journalPath: folder.path + "/journal", budget: JudgeBudget(capUSD: cap, tokenPrice: Self.price), retry: retry)
  }

  private static func line(_ id: Int, small: String = "weak", frontier: String = "strong") -> String {
    #"{"id":\#(id),"prompt":"secret question \#(id)","outcomes":{"small":{"answer":"\#(small)"},"frontier":{"answer":"\#(frontier)","cost_usd":0.25}}}"#
  }

  /// Prefers the longer answer, wherever it stands.
  private static func honest(_ call: MockJudge.Call) -> MockJudge.Reply {
    let (one, two) = (call.firstAnswer.count, call.secondAnswer.count)
    return .verdict(one == two ? "tie" : one > two ? "A" : "B")
  }

  @Test func judgesTwiceWithPositionsSwapped() async throws {
    let mock = try MockJudge { Self.honest($0) }
    defer { mock.stop() }
    let folder = try LabelFolder()
    let judge = try judge(mock, folder, key: "sk-test")
    let lines = [
      Self.line(1), Self.line(2, small: "longest answer"), Self.line(3, small: "twelve"),
      Self.line(4, small: "same", frontier: "same"),
    ]
    let (out, summary) = try await folder.label(lines, .judge(judge, concurrency: 1))
    #expect(out[0].contains(#""small":{"quality":0,"#) && out[0].contains(#""frontier":{"quality":1,"#))
    #expect(out[1].contains(#""small":{"quality":1,"#) && out[1].contains(#""frontier":{"quality":0,"#))
    #expect(out[2].contains(#""small":{"quality":0.5,"#) && out[2].contains(#""frontier":{"quality":0.5,"#))
    #expect(out[3].contains(#""small":{"quality":0.5,"#))
    let counts = judge.counts
    #expect(counts.calls == 6 && counts.pairs == 3 && counts.agreements == 3 && counts.identical == 1)
    #expect(abs(judge.budget.spentUSD - 6 * Self.callUSD) < 1e-12)
    #expect(mock.calls.count == 6)
    #expect(
      mock.calls.allSatisfy { $0.head.contains("Bearer sk-test") && $0.head.hasPrefix("POST /v1/chat/completions ") })
    #expect(mock.calls[0].firstAnswer == "weak" && mock.calls[1].firstAnswer == "strong")
    let small = try #require(summary.tiers.first { $0.name == "small" })
    #expect(small.pairs == 4 && small.agreement == 1 && small.shareGood == 0.25 && small.meanQuality == 0.5)
  }

  @Test func callsPositionBiasATie() async throws {
    let mock = try MockJudge { _ in .verdict("A") }
    defer { mock.stop() }
    let folder = try LabelFolder()
    let judge = try judge(mock, folder)
    let (out, summary) = try await folder.label([Self.line(1)], .judge(judge, concurrency: 1))
    #expect(out[0].contains(#""small":{"quality":0.5,"#))
    #expect(judge.counts.agreement == 0 && summary.tiers.first?.agreement == 0)
  }

  @Test func givesTheFrontierTheMeanOfItsPairs() async throws {
    let mock = try MockJudge { Self.honest($0) }
    defer { mock.stop() }
    let folder = try LabelFolder()
    let line = #"{"prompt":"q","outcomes":{"a":{"answer":"1"},"b":{"answer":"22222"},"frontier":{"answer":"333"}}}"#
    let (out, _) = try await folder.label([line], .judge(try judge(mock, folder), concurrency: 1))
    #expect(
      out[0]
        == #"{"prompt":"q","outcomes":{"a":{"quality":0,"answer":"1"},"b":{"quality":1,"answer":"22222"},"frontier":{"quality":0.5,"answer":"333"}}}"#
    )
  }

  @Test func keepsOrderAndBoundsConcurrency() async throws {
    let mock = try MockJudge { call in
      var reply = Self.honest(call)
      reply.delay = call.number % 3 == 0 ? 0.05 : 0.005
      return reply
    }
    defer { mock.stop() }
    let folder = try LabelFolder()
    let judge = try judge(mock, folder)
    let (out, _) = try await folder.label((1...24).map { Self.line($0) }, .judge(judge, concurrency: 3))
    #expect(out.count == 24)
    for (index, line) in out.enumerated() { #expect(line.hasPrefix(#"{"id":\#(index + 1),"#)) }
    #expect(mock.mostOpen <= 3 && mock.mostOpen > 1)
  }

  @Test func asksAgainForAVerdictThatCanBeRead() async throws {
    let mock = try MockJudge { call in call.number == 1 ? .text("Well, A I think") : Self.honest(call) }
    defer { mock.stop() }
    let folder = try LabelFolder()
    let judge = try judge(mock, folder)
    let (out, _) = try await folder.label([Self.line(1)], .judge(judge, concurrency: 1))
    #expect(out[0].contains(#""small":{"quality":0,"#))
    #expect(judge.counts.malformed == 1 && judge.counts.calls == 3)
    #expect(abs(judge.budget.spentUSD - 3 * Self.callUSD) < 1e-12)
  }

  @Test func leavesARecordWithoutVerdictAsItIs() async throws {
    let mock = try MockJudge { call in
      call.firstAnswer.contains("odd") || call.secondAnswer.contains("odd") ? .text("?") : Self.honest(call)
    }
    defer { mock.stop() }
    let folder = try LabelFolder()
    let judge = try judge(mock, folder)
    let lines = [Self.line(1, small: "odd"), Self.line(2)]
    let (out, summary) = try await folder.label(lines, .judge(judge, concurrency: 1))
    #expect(out[0] == lines[0])
    #expect(summary.rejected == 1 && judge.counts.withoutVerdict == 1 && judge.counts.malformed == 3)
  }

  @Test func waitsAsLongAsTheServerAsks() async throws {
    let mock = try MockJudge { call in
      call.number == 1 ? .init(status: 429, headers: ["Retry-After: 1"]) : Self.honest(call)
    }
    defer { mock.stop() }
    let folder = try LabelFolder()
    let judge = try judge(mock, folder)
    let start = ContinuousClock.now
    _ = try await folder.label([Self.line(1)], .judge(judge, concurrency: 1))
    #expect(ContinuousClock.now - start >= .seconds(1))
    #expect(judge.counts.calls == 3)
    #expect(abs(judge.budget.spentUSD - 2 * Self.callUSD) < 1e-12)
  }

  @Test func outlastsFailures() async throws {
    let mock = try MockJudge { call in
      switch call.number {
      case 1: .init(status: 500)
      case 2: .init(status: 503)
      case 3: .init(hangsUp: true)
      case 4: .init(body: "<html>")
      default: Self.honest(call)
      }
    }
    defer { mock.stop() }
    let folder = try LabelFolder()
    let (out, _) = try await folder.label([Self.line(1)], .judge(try judge(mock, folder), concurrency: 1))
    #expect(out[0].contains(#""small":{"quality":0,"#))
  }

  @Test func givesUpAfterSoManyAttempts() async throws {
    let mock = try MockJudge { _ in .init(status: 500) }
    defer { mock.stop() }
    let folder = try LabelFolder()
    let judge = try judge(mock, folder) { $0.attempts = 3 }
    let error = await labelError { _ = try await folder.label([Self.line(1)], .judge(judge, concurrency: 1)) }
    #expect(error == .judge(.endpointFailed(reason: "status 500", attempts: 3)) && error?.exitStatus == 74)
    #expect(mock.calls.count == 3 && !folder.exists("out.jsonl"))
  }

  @Test func countsTimeoutsAsPaid() async throws {
    let mock = try MockJudge { call in
      var reply = Self.honest(call)
      reply.delay = call.number == 1 ? 8 : 0
      return reply
    }
    defer { mock.stop() }
    let folder = try LabelFolder()
    let judge = try judge(mock, folder, timeout: 2)
    let (out, _) = try await folder.label([Self.line(1)], .judge(judge, concurrency: 1))
    #expect(out[0].contains(#""small":{"quality":0,"#))
    #expect(judge.counts.calls >= 3 && judge.budget.spentUSD > 2 * Self.callUSD)
  }

  @Test(arguments: [400, 401, 403, 404, 301])
  func stopsAtOnceWhenRefused(status: Int) async throws {
    let mock = try MockJudge { _ in .init(status: status, headers: ["Location: http://127.0.0.1:1/"], body: "{}") }
    defer { mock.stop() }
    let folder = try LabelFolder()
    let judge = try judge(mock, folder, key: "sk-secret")
    let error = await labelError { _ = try await folder.label([Self.line(1)], .judge(judge, concurrency: 1)) }
    #expect(error == .judge(.endpointRefused(status: status, calls: 1)) && error?.exitStatus == 1)
    #expect(mock.calls.count == 1)
    #expect(error.map { "\($0)".contains("sk-") || "\($0)".contains("secret question") } == false)
  }

  @Test func doesNotWaitForOthersOnceRefused() async throws {
    let mock = try MockJudge { call in
      let waits = call.body.contains("secret question 1")
      return waits ? .init(status: 429, headers: ["Retry-After: 50"]) : .init(status: 401, delay: 0.3)
    }
    defer { mock.stop() }
    let folder = try LabelFolder()
    let judge = try judge(mock, folder)
    let error = await labelError {
      _ = try await folder.label([Self.line(1), Self.line(2)], .judge(judge, concurrency: 2))
    }
    // On a busy machine the first line may not have called yet when the second is refused.
    #expect(
      error == .judge(.endpointRefused(status: 401, calls: 2))
        || error == .judge(.endpointRefused(status: 401, calls: 1)))
    // Anyone who had waited would have called again.
    #expect(mock.calls.count <= 2)
  }

  @Test func staysBelowTheCap() async throws {
    let mock = try MockJudge { Self.honest($0) }
    defer { mock.stop() }
    let folder = try LabelFolder()
    let capped = try judge(mock, folder, cap: 0.03)
    let lines = (1...20).map { Self.line($0) }
    let error = await labelError { _ = try await folder.label(lines, .judge(capped, concurrency: 4)) }
    guard case .judge(.budgetSpent(let cap, let spent)) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(cap == 0.03 && spent <= cap && mock.calls.count < 16 && error?.exitStatus == 1)
    #expect(!folder.exists("out.jsonl"))
  }

  @Test func refusesACapBelowOneCall() async throws {
    let mock = try MockJudge { Self.honest($0) }
    defer { mock.stop() }
    let folder = try LabelFolder()
    let judge = try judge(mock, folder, cap: 1e-6)
    let error = await labelError { _ = try await folder.label([Self.line(1)], .judge(judge, concurrency: 1)) }
    #expect(error == .judge(.budgetSpent(capUSD: 1e-6, spentUSD: 0)) && mock.calls.isEmpty)
  }

  @Test func estimatesBeforeItStarts() async throws {
    let mock = try MockJudge { Self.honest($0) }
    defer { mock.stop() }
    let folder = try LabelFolder()
    let lines = [Self.line(1), Self.line(2, small: "strong"), "broken", Self.line(3)]
    let log = try folder.file("log.jsonl", lines.joined(separator: "\n"))
    let fresh = try judge(mock, folder)
    let estimate = try JudgeEstimate(logPath: log, judge: fresh, options: LabelOptions())
    #expect(estimate.calls == 4 && estimate.journalled == 0 && mock.calls.isEmpty)
    let outputUSD = Double(4 * PairJudge.maximumReplyTokens) * 100 / 1e6
    #expect(abs(estimate.costUSD - (Double(estimate.inputTokens) * 10 / 1e6 + outputUSD)) < 1e-12)
    _ = try await folder.label([lines[0]], .judge(fresh, concurrency: 1))
    let later = try JudgeEstimate(logPath: log, judge: fresh, options: LabelOptions())
    #expect(later.calls == 2 && later.journalled == 2)
  }

  @Test func refusesKeysOverPlainHTTP() {
    func make(_ address: String, key: String?) throws {
      _ = try ChatEndpoint(address: address, model: "m", apiKey: key, timeLimitSeconds: 1, connections: 1)
    }
    #expect(throws: LabelError.self) { try make("http://example.com/v1", key: "k") }
    #expect(throws: LabelError.self) { try make("ftp://example.com", key: nil) }
    #expect(throws: LabelError.self) { try make("https://user:pass@example.com/v1", key: nil) }
    #expect(throws: LabelError.self) { try make("nonsense", key: nil) }
    #expect(throws: Never.self) { try make("https://example.com/v1", key: "k") }
    #expect(throws: Never.self) { try make("http://example.com/v1", key: nil) }
  }
}
