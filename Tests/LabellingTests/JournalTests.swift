import Foundation
import RequestLog
import Testing

@testable import Labelling

/// Journals, verdicts and pauses.
struct JournalTests {
  private static func lines(_ count: Int) -> [String] {
    (1...count).map {
      #"{"id":\#($0),"prompt":"private \#($0)","outcomes":{"small":{"answer":"a\#($0)"},"frontier":{"answer":"bb\#($0)"}}}"#
    }
  }

  private func judge(_ mock: MockJudge, _ folder: LabelFolder, cap: Double? = nil) throws -> PairJudge {
    let endpoint = try ChatEndpoint(
      address: mock.address, model: "m", apiKey: nil, timeLimitSeconds: 20, connections: 4)
    let price = TokenPrice(inputUSDPerMillion: 10, outputUSDPerMillion: 100)
    return PairJudge(
      endpoint: endpoint, journal: try JudgeJournal(path: folder.path + "/journal"),
      budget: JudgeBudget(capUSD: cap, price: price))
  }

  @Test func goesOnWithoutPayingTwice() async throws {
    // The first endpoint dies for good after seven calls, as a run would that is killed there.
    let folder = try LabelFolder()
    let first = try MockJudge {
      $0.number > 7 ? .init(status: 401) : .verdict($0.firstAnswer.hasPrefix("a") ? "B" : "A")
    }
    do {
      let judge = try judge(first, folder)
      let error = await labelError { _ = try await folder.label(Self.lines(10), .judge(judge, concurrency: 1)) }
      #expect(error == .endpointRefused(status: 401, calls: 8))
    }
    first.stop()
    // A kill in the middle of a write leaves half a line.
    let journal = try FileHandle(forWritingTo: URL(fileURLWithPath: folder.path + "/journal"))
    try journal.seekToEnd()
    try journal.write(contentsOf: Data(#"{"key":"0123"#.utf8))
    try journal.close()

    let second = try MockJudge { .verdict($0.firstAnswer.hasPrefix("a") ? "B" : "A") }
    defer { second.stop() }
    let resumed = try judge(second, folder)
    #expect(abs(resumed.budget.spentUSD - 0.014) < 1e-12)
    let (out, summary) = try await folder.label(Self.lines(10), .judge(resumed, concurrency: 3))
    #expect(second.calls.count == 13 && resumed.tally.journalled == 7)
    #expect(abs(resumed.budget.spentUSD - 0.04) < 1e-12)
    #expect(out.count == 10 && summary.labelledRecords == 10)
    #expect(out.allSatisfy { $0.contains(#""small":{"quality":0,"#) })
    #expect(!(try folder.read("journal")).contains("private"))
  }

  @Test func survivesAKilledProcess() async throws {
    // A child that holds the journal and is killed leaves what it wrote, and the lock is free again.
    let folder = try LabelFolder()
    let entry = #"{"key":"k1","verdict":"A","cost_usd":0.5}"#
    let child = Process()
    child.executableURL = URL(fileURLWithPath: "/bin/sh")
    child.arguments = [
      "-c", "exec 9>>\"$0\"; flock -xn 9; echo '\(entry)' >&9; touch \"$0.ready\"; exec cat",
      folder.path + "/journal",
    ]
    // It lives until it is killed, or until this process is gone and its input with it.
    let input = Pipe()
    child.standardInput = input
    child.standardOutput = FileHandle.nullDevice
    try child.run()
    while !folder.exists("journal.ready") { try await Task.sleep(for: .milliseconds(10)) }
    #expect(throws: LabelError.journal(path: folder.path + "/journal", reason: "another run holds this journal")) {
      _ = try JudgeJournal(path: folder.path + "/journal")
    }
    kill(child.processIdentifier, SIGKILL)
    child.waitUntilExit()
    try input.fileHandleForWriting.close()
    let journal = try JudgeJournal(path: folder.path + "/journal")
    #expect(journal.entry(for: "k1") == JudgeJournal.Entry(verdict: .first, costUSD: 0.5))
  }

  @Test func passesOverBrokenLines() throws {
    let folder = try LabelFolder()
    let path = try folder.file(
      "journal", "nonsense\n{\"key\":\"k\",\"verdict\":null,\"cost_usd\":1}\n{\"cost_usd\":2}\n{\"key\":\"x\"}\n{\"ke")
    do {
      let journal = try JudgeJournal(path: path)
      #expect(journal.entry(for: "k") == JudgeJournal.Entry(verdict: nil, costUSD: 1))
      #expect(journal.entry(for: "x") == nil && journal.totalCostUSD == 3)
      try journal.add(JudgeJournal.Entry(verdict: .tie, costUSD: 0.25), for: "new")
    }
    let again = try JudgeJournal(path: path)
    #expect(again.entry(for: "new")?.verdict == .tie && again.totalCostUSD == 3.25)
  }

  @Test func refusesAJournalItCannotOpen() throws {
    #expect(throws: LabelError.self) { try JudgeJournal(path: "/nowhere/journal") }
  }

  @Test(arguments: [
    (#"{"verdict":"A"}"#, Verdict.first), (" {\"verdict\" : \"tie\"}\n", .tie),
    ("```json\n{\"verdict\":\"B\"}\n```", .second),
    ("```\n{\"verdict\":\"B\"}\n```\n", .second), ("A", nil), (#"{"verdict":"a"}"#, nil), (#"{"verdict":"C"}"#, nil),
    ("", nil),
    (#"{"verdict":"A","why":"x"}"#, nil), (#"{"verdict":"A"} or {"verdict":"B"}"#, nil), (#"{"verdict":["A"]}"#, nil),
    ("I say {\"verdict\":\"A\"}", nil), ("```json\n{\"verdict\":\"A\"}", nil), (#"[{"verdict":"A"}]"#, nil),
  ])
  func readsVerdictsStrictly(reply: String, verdict: Verdict?) {
    #expect(Verdict(reply: reply) == verdict)
  }

  @Test func combinesAllPairsOfVerdicts() {
    let table: [(Verdict, Verdict, Double, Bool)] = [
      (.first, .second, 1, true), (.second, .first, 0, true), (.tie, .tie, 0.5, true), (.first, .first, 0.5, false),
      (.second, .second, 0.5, false), (.first, .tie, 0.5, false), (.tie, .first, 0.5, false),
      (.second, .tie, 0.5, false),
      (.tie, .second, 0.5, false),
    ]
    for (straight, swapped, quality, agree) in table {
      let verdicts = SwappedVerdicts(straight: straight, swapped: swapped)
      #expect(verdicts.candidateQuality == quality && verdicts.agree == agree)
    }
  }

  @Test func readsRetryAfter() {
    let now = Date(timeIntervalSince1970: 784_111_777)
    #expect(RetryPolicy.retryAfterSeconds("120") == 120)
    #expect(RetryPolicy.retryAfterSeconds(" 0.5 ") == 0.5)
    #expect(RetryPolicy.retryAfterSeconds("Sun, 06 Nov 1994 08:49:47 GMT", now: now) == 10)
    #expect(RetryPolicy.retryAfterSeconds("Sun, 06 Nov 1994 08:49:27 GMT", now: now) == 0)
    for text in ["", "soon", "-1", "inf"] { #expect(RetryPolicy.retryAfterSeconds(text) == nil) }
  }

  @Test func pausesGrowToALimit() {
    let policy = RetryPolicy()
    for attempt in 1...12 {
      let most = min(60, 0.5 * Double(1 << (attempt - 1)))
      for _ in 0..<20 {
        #expect((most / 2...most).contains(policy.pauseSeconds(attempt: attempt, retryAfterSeconds: nil)))
      }
    }
    #expect(policy.pauseSeconds(attempt: 9, retryAfterSeconds: 3) == 3)
    #expect(policy.pauseSeconds(attempt: 1, retryAfterSeconds: 1e9) == 60)
  }

  @Test func keysTellTextsApart() {
    let keys = [
      ["a", "b"], ["ab", ""], ["", "ab"], ["b", "a"], ["a", "b", ""], ["a"],
    ].map(JudgePrompt.key)
    #expect(Set(keys).count == keys.count)
    #expect(keys.allSatisfy { $0.count == 32 })
  }
}
