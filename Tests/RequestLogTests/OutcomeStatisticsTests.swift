import Ockham
import Testing

@testable import RequestLog

@Suite struct OutcomeStatisticsTests {
  private func survey(_ models: [(name: String, quality: Double?, costUSD: Double?)]) -> OutcomeStatistics {
    var survey = OutcomeStatistics()
    for index in 0..<4 {
      survey.add(
        LogRecord(
          id: "\(index)", request: Request(prompt: "x"),
          outcomes: models.map { ModelOutcome(name: $0.name, quality: $0.quality, costUSD: $0.costUSD) }))
    }
    return survey
  }

  @Test func tiersAreProposedFromTheFrontOfQualityAndCost() {
    let models = survey([
      ("tiny", 0.4, 0.001), ("waste", 0.4, 0.01), ("good", 0.7, 0.004), ("alike", 0.7, 0.004), ("best", 0.9, 0.02),
    ]).models
    #expect(OutcomeStatistics.front(models).map(\.name) == ["tiny", "alike", "best"])
    #expect(OutcomeStatistics.suggestion(models) == "--tier small='tiny' --tier mid='alike' --tier frontier='best'")
    let table = OutcomeStatistics.table(models)
    #expect(table.contains("tiny: 4 outcomes, mean quality 0.4, $1.00 per 1,000, on the Pareto front"))
    #expect(table.hasSuffix("waste: 4 outcomes, mean quality 0.4, $10.00 per 1,000"))
  }

  /// A expensive model that is worse is not proposed as the strongest.
  @Test func whatCostsMoreAndIsWorseIsOffTheCurve() {
    let models = survey([("a", 0.9, 0.001), ("b", 0.5, 0.1), ("c", 0.95, 0.01)]).models
    #expect(OutcomeStatistics.suggestion(models) == "--tier small='a' --tier frontier='c'")
    #expect(
      OutcomeStatistics.suggestion(survey([("a", 0.9, 0.001), ("b", 0.5, 0.1)]).models).hasPrefix("--tier small='a'"))
  }

  @Test func withoutCostsQualityRanks() {
    let models = survey([("a", 0.9, nil), ("b", 0.5, nil), ("c", 0.7, nil), ("d", nil, nil)]).models
    #expect(OutcomeStatistics.suggestion(models) == "--tier small='b' --tier frontier='a'")
    #expect(!OutcomeStatistics.table(models).contains("cost"))
    #expect(OutcomeStatistics.suggestion(survey([("d", nil, nil)]).models) == "--tier small=MODEL")
  }
}
