import Ockham
import Testing

@testable import Evaluation

@Suite struct TierAdviceTests {
  private func advice(_ quality: [[Double]], cost: [Double]? = nil) throws -> TierAdvice {
    let log = try smallLog(
      quality.map { $0.map { _ in 0.5 } }, quality, cost: cost.map { cost in quality.map { _ in cost } })
    return TierAdvice(log, OutcomeTable(log), costs: TierCosts(measuring: log))
  }

  /// A hundred rows in which each tier is right as often as it says.
  private func rows(_ percents: [Int]) -> [[Double]] {
    (0..<100).map { row in percents.map { (row * 37 % 100) < $0 ? 1 : 0 } }
  }

  @Test func anUpperTierThatIsWorseIsWarnedOf() throws {
    let found = try advice(rows([90, 55]))
    let step = try #require(found.doubtful.first)
    #expect(step.difference.upper < 0 && abs(step.difference.estimate + 0.35) < 1e-12)
    #expect(found.front == ["t0"])
    #expect(found.sentences[0].hasPrefix("Tier 't1' is worse than 't0', which is ranked below it (quality -0.3500"))
    #expect(found.sentences[1].contains("send everything to 't0'"))
  }

  @Test func aTierThatCostsMoreForNoMoreIsOffTheFront() throws {
    let found = try advice(rows([40, 60, 60, 90]), cost: [0.001, 0.002, 0.004, 0.01])
    #expect(found.front == ["t0", "t1", "t3"])
    #expect(found.standings.map(\.dominatedBy) == [nil, nil, 1, nil])
    #expect(found.sentences.last?.contains("add --tiers t0,t1,t3") == true)
    #expect(found.sentences[0].hasPrefix("Tier 't2' is not shown to be better than 't1'"))
    #expect(found.table.rows[2].cells == ["t2", "100", "0.6000", "$4.00", "no: t1"])
  }

  /// Cheaper and no worse: dollars decide, not ranks.
  @Test func aDearerLowerTierIsOffTheFront() throws {
    #expect(try advice(rows([60, 60]), cost: [0.002, 0.001]).front == ["t1"])
  }

  @Test func tiersThatEarnTheirPlaceNeedNoWords() throws {
    let found = try advice(rows([40, 70, 95]), cost: [0.001, 0.002, 0.004])
    #expect(found.sentences.isEmpty)
    #expect(found.front == ["t0", "t1", "t2"])
  }

  @Test func rowsThatNeverKnowAllAreTakenAsTheyAre() throws {
    let found = try advice((0..<40).map { $0 % 2 == 0 ? [1, .nan] : [.nan, 0] })
    #expect(!found.isPaired)
    #expect(found.standings.map(\.rows) == [20, 20])
    #expect(found.doubtful.isEmpty, "no row compares the two")
  }

  @Test func namesThatNeedQuotesAreNotSuggestedAsArguments() throws {
    let log = try ScoredLog(
      tierNames: ["a b", "c", "$(d)"], origins: (0..<20).map { RowOrigin(id: "\($0)") },
      promptBytes: Array(1...20), probability: .init([Float](repeating: 0.5, count: 60), columns: 3),
      quality: .init((0..<60).map { [0, 1, 1][$0 % 3] }, columns: 3),
      cost: .init((0..<60).map { [3, 2, 1][$0 % 3] }, columns: 3))
    let advice = TierAdvice(log, OutcomeTable(log), costs: TierCosts(measuring: log))
    #expect(advice.front == ["$(d)"])
    #expect(!advice.sentences.joined().contains("--tiers $(d)"))
  }
}
