import Foundation
import Judging
import RequestLog
import Testing

@testable import Labelling

/// Runs that are killed and go on.
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
    return try endpoint.judge(
      journalPath: folder.path + "/journal", budget: JudgeBudget(capUSD: cap, tokenPrice: price))
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
      #expect(error == .judge(.endpointRefused(status: 401, calls: 8)))
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
    #expect(second.calls.count == 13 && resumed.counts.journalled == 7)
    #expect(abs(resumed.budget.spentUSD - 0.04) < 1e-12)
    #expect(out.count == 10 && summary.labelledRecords == 10)
    #expect(out.allSatisfy { $0.contains(#""small":{"quality":0,"#) })
    #expect(!(try folder.read("journal")).contains("private"))
  }
}
