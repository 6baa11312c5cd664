import Synchronization
import Testing

@testable import Judging

/// The judge of pairs without files and without a network.
struct PairJudgeTests {
  /// A transport that answers by rule and counts.
  private final class Script: Sendable {
    private let state = Mutex((calls: 0, failures: [JudgeFailure]()))
    private let cancelsItsTask: Bool
    private let reply: @Sendable (JudgeRequest) -> String

    init(
      failures: [JudgeFailure] = [], cancelsItsTask: Bool = false, _ reply: @escaping @Sendable (JudgeRequest) -> String
    ) {
      self.cancelsItsTask = cancelsItsTask
      self.reply = reply
      state.withLock { $0.failures = failures }
    }

    var calls: Int { state.withLock(\.calls) }

    func ask(_ request: JudgeRequest) async throws(JudgeFailure) -> JudgeReply {
      let failure: JudgeFailure? = state.withLock { state in
        state.calls += 1
        return state.failures.isEmpty ? nil : state.failures.removeFirst()
      }
      if cancelsItsTask { unsafe withUnsafeCurrentTask { task in unsafe task?.cancel() } }
      if let failure { throw failure }
      return JudgeReply(text: reply(request), inputTokens: 10, outputTokens: 1)
    }
  }

  private static func judge(
    _ script: Script, journal: any JudgeJournal = MemoryJournal(), cap: Double? = nil, model: String = "m",
    bothOrders: Double = 1
  ) -> PairJudge {
    var retry = RetryPolicy()
    retry.firstPauseSeconds = 0.001
    let budget = JudgeBudget(capUSD: cap) { Double($0 + $1) / 1000 }
    return PairJudge(
      model: model, journal: journal, budget: budget, retry: retry, bothOrdersShare: bothOrders, transport: script.ask)
  }

  /// Prefers the answer "good", wherever it stands.
  @Sendable private static func honest(_ request: JudgeRequest) -> String {
    let parts = request.user.split(separator: "\n\n").map(String.init)
    return parts.contains { $0.hasPrefix("[answer A ") && $0.contains("good") }
      ? #"{"verdict":"A"}"# : #"{"verdict":"B"}"#
  }

  private static func verdicts(_ judge: PairJudge, _ candidate: String) async throws(JudgeError) -> SwappedVerdicts? {
    try await judge.verdicts(request: "q", reference: nil, candidate: candidate, other: "bad")
  }

  @Test func judgesInBothOrdersAndRemembers() async throws {
    let script = Script { Self.honest($0) }
    let journal = MemoryJournal()
    let judge = Self.judge(script, journal: journal)
    #expect(try await Self.verdicts(judge, "good") == SwappedVerdicts(straight: .first, swapped: .second))
    #expect(try await Self.verdicts(judge, "good")?.candidateQuality == 1)
    #expect(script.calls == 2 && judge.counts.journalled == 2 && judge.counts.agreements == 2)
    #expect(abs(judge.budget.spentUSD - 0.022) < 1e-12 && abs(journal.totalCostUSD - 0.022) < 1e-12)
    let next = Self.judge(script, journal: journal)
    #expect(abs(next.budget.spentUSD - 0.022) < 1e-12)
    _ = try await Self.verdicts(Self.judge(script, journal: journal, model: "other"), "good")
    #expect(script.calls == 4)
  }

  /// One order, drawn by the texts: about half of the pairs show the candidate first, and what is said is the same.
  @Test func aShareOfPairsIsJudgedInOneOrder() async throws {
    let script = Script { Self.honest($0) }
    let judge = Self.judge(script, bothOrders: 0.25)
    for number in 0..<200 {
      let verdicts = try #require(try await Self.verdicts(judge, "good \(number)"))
      #expect(verdicts.candidateQuality == 1 && verdicts.agree)
    }
    let counts = judge.counts
    #expect(counts.pairs == 200 && (30...70).contains(counts.swappedPairs) && script.calls == 200 + counts.swappedPairs)
    #expect(abs(try #require(counts.firstShare) - 0.5) < 0.1)
    let again = Self.judge(Script { Self.honest($0) }, bothOrders: 0.25)
    for number in 0..<200 { _ = try await Self.verdicts(again, "good \(number)") }
    #expect(again.counts == counts)
  }

  /// A judge that likes what stands first, and one that likes what is long.
  @Test func habitsAreReported() async throws {
    let first = Self.judge(Script { _ in #"{"verdict":"A"}"# }, bothOrders: 0.5)
    for number in 0..<50 { _ = try await Self.verdicts(first, "good \(number)") }
    #expect(first.counts.firstShare == 1 && first.counts.agreement == 0)
    let long = Self.judge(Script { Self.honest($0) })
    for number in 0..<10 { _ = try await Self.verdicts(long, "good \(number)") }
    #expect(long.counts.longerShare == 1 && long.counts.firstShare == 0.5 && long.counts.lengthCorrelation == nil)
  }

  @Test func singleAnswersHaveScores() async throws {
    let script = Script { $0.user.contains("right answer") ? #"{"score":1}"# : #"{"score":0.25}"# }
    let journal = MemoryJournal()
    let judge = Self.judge(script, journal: journal)
    func score(_ answer: String, reference: String? = nil, rubric: String? = nil) async throws -> Double? {
      try await judge.score(request: "q", reference: reference, rubric: rubric, answer: answer)
    }
    #expect(try await score("a") == 0.25)
    #expect(try await score("a") == 0.25)
    #expect(script.calls == 1 && judge.counts.journalled == 1 && judge.counts.scores == 2)
    #expect(try await score("a", reference: "r") == 1)
    #expect(try await score("a", rubric: "be short") == 0.25)
    #expect(script.calls == 3)
    // What is trained on is read strictly: words around the object are no score.
    let loose = Self.judge(Script { _ in #"I say {"score":1}"# })
    #expect(try await loose.score(request: "q", reference: nil, rubric: nil, answer: "a") == nil)
    #expect(loose.counts.malformed == 3 && loose.counts.withoutVerdict == 1)
  }

  @Test func lengthAndScoresCorrelate() async throws {
    let judge = Self.judge(Script { $0.user.contains("xxx") ? #"{"score":1}"# : #"{"score":0}"# })
    for count in 1...10 {
      _ = try await judge.score(
        request: "q", reference: nil, rubric: nil, answer: String(repeating: "x", count: count))
    }
    #expect(try #require(judge.counts.lengthCorrelation) > 0.7)
  }

  @Test func equalAnswersAreATieWithoutACall() async throws {
    let script = Script { Self.honest($0) }
    #expect(try await Self.verdicts(Self.judge(script), "bad")?.candidateQuality == 0.5)
    #expect(script.calls == 0)
  }

  @Test func outlastsFailuresAndBooksWhatMayHaveCost() async throws {
    let script = Script(failures: [.status(503, retryAfterSeconds: 0), .timeout, .connection, .malformed]) {
      Self.honest($0)
    }
    let judge = Self.judge(script)
    #expect(try await Self.verdicts(judge, "good")?.candidateQuality == 1)
    #expect(script.calls == 6 && judge.budget.spentUSD > 3 * 0.2)
  }

  @Test func aRefusalEndsIt() async {
    let script = Script(failures: [.status(401, retryAfterSeconds: nil)]) { Self.honest($0) }
    await #expect(throws: JudgeError.endpointRefused(status: 401, calls: 1)) {
      try await Self.verdicts(Self.judge(script), "good")
    }
  }

  @Test func aReplyThatIsNoVerdictIsAskedForAgainAndThenKept() async throws {
    let script = Script { _ in #"The text says {"verdict":"A"}"# }
    let journal = MemoryJournal()
    let judge = Self.judge(script, journal: journal)
    #expect(try await Self.verdicts(judge, "good") == nil)
    #expect(try await Self.verdicts(judge, "good") == nil)
    #expect(script.calls == 3 && judge.counts.malformed == 3 && judge.counts.withoutVerdict == 2)
    #expect(abs(journal.totalCostUSD - 0.033) < 1e-12)
  }

  @Test func theCapHoldsForManyPairsAtATime() async {
    let script = Script { Self.honest($0) }
    let judge = Self.judge(script, cap: 1)
    let refusals = await withTaskGroup(of: Bool.self) { group in
      for number in 0..<200 {
        group.addTask {
          do { return try await Self.verdicts(judge, "good \(number)") == nil } catch { return true }
        }
      }
      return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
    }
    #expect(judge.budget.spentUSD <= 1 && refusals > 0)
    #expect(abs(judge.budget.spentUSD - Double(script.calls) * 0.011) < 1e-9)
  }

  @Test func cancellationEndsAPause() async {
    let script = Script(failures: [.status(429, retryAfterSeconds: 50)], cancelsItsTask: true) { Self.honest($0) }
    let judge = Self.judge(script)
    let task = Task { () -> JudgeError? in
      do throws(JudgeError) { _ = try await Self.verdicts(judge, "good") } catch { return error }
      return nil
    }
    #expect(await task.value == .cancelled)
    #expect(script.calls == 1)
  }
}
