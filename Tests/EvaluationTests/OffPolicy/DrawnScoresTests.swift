import Ockham
import Statistics
import Testing

@testable import Evaluation

@Suite struct DrawnScoresTests {
  private func log(_ draws: [LoggedDraw?]) throws -> ScoredLog {
    try ScoredLog(
      tierNames: ["small", "frontier"], origins: draws.indices.map { RowOrigin(id: "\($0)") },
      promptBytes: Array(draws.indices), probability: Matrix(draws.flatMap { _ in [Float(0.25), 0.75] }, columns: 2),
      quality: Matrix(
        draws.flatMap { draw in (0..<2).map { $0 == draw?.tier ? draw?.quality ?? .nan : .nan } }, columns: 2),
      cost: Matrix(repeating: .nan, rows: draws.count, columns: 2), draws: draws)
  }

  /// Over both draws the mean is what each tier gives, and no score leaves its range.
  @Test func scoresAreRightOnAverage() throws {
    let given = [1.0, 0.0]
    var means = [0.0, 0.0]
    for (tier, propensity) in [(0, 0.2), (1, 0.8)] {
      let scores = try #require(
        DrawnScores(try log([LoggedDraw(tier: tier, propensity: propensity, quality: given[tier])]), .quality))
      #expect(scores.leastPropensity == propensity && scores.largest == 1)
      for wanted in 0..<2 {
        let score = scores.score(row: 0, tier: wanted)
        #expect(score >= 1 - 1 / propensity && score <= 1 / propensity)
        means[wanted] += propensity * score
      }
    }
    #expect(agree(means, given))
  }

  @Test func onlyDrawsWithEveryChanceCount() throws {
    let scores = try #require(
      DrawnScores(
        try log([
          LoggedDraw(tier: 0, propensity: 1, quality: 1), LoggedDraw(tier: 0, quality: 1), nil,
          LoggedDraw(tier: 0, propensity: 0.5, allowed: [0], quality: 1),
          LoggedDraw(tier: 0, propensity: 0.5, isEligible: false, conversation: "a", quality: 1),
          LoggedDraw(tier: 0, propensity: 0.5, conversation: "a", quality: 1),
          LoggedDraw(tier: 1, propensity: 0.5, conversation: "a", quality: 1),
          LoggedDraw(tier: 1, propensity: 0.25, quality: 0),
          LoggedDraw(tier: 1, propensity: 0.5, inclusion: 0.5, quality: 0),
        ]), .quality))
    #expect(scores.rows == [5, 7] && scores.leastPropensity == 0.25)
    #expect(try DrawnScores(log([LoggedDraw(tier: 0, quality: 1)]), .quality) == nil)
  }
}
