import Ockham
import Statistics
import Testing

@testable import Evaluation

@Suite struct CascadeStudyTests {
  private func study(_ log: ScoredLog, count: Int = 12) throws -> CascadeStudy {
    let sample = try #require(CascadeSample(log, seed: 1))
    return CascadeStudy(sample, costs: TierCosts(measuring: log).values, count: count)
  }

  /// A log in which the rows of one fold have other outcomes.
  private func changing(_ log: ScoredLog, fold: Int, of study: CascadeStudy) throws -> ScoredLog {
    var quality = log.quality
    for row in 0..<log.rowCount where study.sample.foldOfRow[row] == fold {
      for tier in 0..<log.tierCount { quality[row, tier] = 1 - quality[row, tier] }
    }
    return try ScoredLog(
      tierNames: log.tierNames, origins: log.origins, promptBytes: log.promptBytes, probability: log.probability,
      quality: quality, cost: log.cost, responses: log.responses)
  }

  @Test func nothingThatServesARowHasSeenItsOutcomes() throws {
    var made = MadeUpLog(seed: 11)
    let log = try made.cascade(rows: 240, costs: [0.0002, 0.001, 0.005], noise: 0.2)
    let study = try study(log)
    for fold in [0, 3] {
      let other = try self.study(changing(log, fold: fold, of: study))
      let rows = (0..<log.rowCount).filter { study.sample.foldOfRow[$0] == fold }
      for quality in [0.95, 1.0] {
        let (own, changed) = (study.services(.chosen, keeping: quality), other.services(.chosen, keeping: quality))
        #expect(rows.allSatisfy { own[$0] == changed[$0] })
        #expect(own != changed, "the other folds must have noticed")
      }
    }
  }

  /// Against a plain reading of the definition.
  @Test func theCheapestPolicyOfTheOtherFoldsServes() throws {
    var made = MadeUpLog(seed: 12)
    let log = try made.cascade(rows: 150, isWeighted: true)
    let study = try study(log, count: 6)
    let sample = study.sample
    let found = study.services(.member(.both), keeping: 0.97)
    for fold in 0..<CascadeSample.folds {
      let rows = sample.rows(outside: fold)
      let family = CascadeFamily(
        .both, costs: TierCosts(measuring: log).values, spreads: sample.spreads(rows: rows), checkedTiers: [0],
        isScaled: false, count: 6)
      func sum(_ services: [CascadeService], _ value: (Int, CascadeService) -> Double) -> Double {
        rows.reduce(0) { $0 + log.weights[$1] * value($1, services[$1]) }
      }
      let last = sample.all(to: 1)
      let needed = 0.97 * sum(last) { log.quality[$0, $1.tier] }
      let ways =
        family.gains.map { gain in
          (0..<150).map { family.policy(gain).serve(log, sample.responses, row: $0) }
        } + [last]
      let cheapest = ways.filter { sum($0) { log.quality[$0, $1.tier] } >= needed - 1e-9 }
        .map { sum($0) { log.costUSD($1, row: $0) } }.min()
      let serving = ways.first { way in
        (0..<150).allSatisfy { sample.foldOfRow[$0] != fold || way[$0] == found[$0] }
          && abs(sum(way) { log.costUSD($1, row: $0) } - (cheapest ?? .nan)) < 1e-9
      }
      #expect(serving != nil, "fold \(fold) is not served by the cheapest policy of the others")
    }
  }

  @Test func thePathRunsFromTheFirstTierToTheLast() throws {
    var made = MadeUpLog(seed: 13)
    for costs in [[0.0002, 0.003], [0.0002, 0.0003, 0.005]] {
      let log = try made.cascade(rows: 80, costs: costs, noise: 0)
      let sample = try #require(CascadeSample(log, seed: 1))
      for family in CascadeFamily.all(
        costs: costs, spreads: sample.spreads(rows: Array(0..<80)), checkedTiers: sample.checkedTiers,
        isScaled: false, count: 5)
      {
        let ends = [family.gains[0], family.gains[10]].map { gain in
          (0..<80).map { family.policy(gain).serve(log, sample.responses, row: $0) }
        }
        #expect(ends[0] == sample.all(to: 0), "\(family.member)")
        #expect(ends[1].allSatisfy { $0.tier == costs.count - 1 }, "\(family.member)")
        if family.member != .cascade { #expect(ends[1] == sample.all(to: costs.count - 1), "\(family.member)") }
      }
    }
  }

  @Test func spreadsTellHowMuchResponsesTell() throws {
    var made = MadeUpLog(seed: 14)
    let spreads = try [0.0, 0.2, 0.5].map { noise in
      let log = try made.cascade(rows: 2_000, noise: noise)
      return try #require(CascadeSample(log, seed: 1)).spreads(rows: Array(0..<2_000))[0]
    }
    #expect(spreads[0] > spreads[1] + 0.1 && spreads[1] > 0.2)
    #expect(spreads[2] < 1e-3, "a check that shows nothing")
  }

  /// Responses that move gains as they please are not believed.
  @Test func whatIsNotBorneOutHasNoSpread() throws {
    var made = MadeUpLog(seed: 15)
    let log = try made.cascade(rows: 2_000, noise: 0.1)
    let scores = try #require(log.responses?.probability[0])
    let shuffled = scores.selecting((0..<2_000).map { ($0 + 700) % 2_000 })
    let sample = try #require(CascadeSample(log, seed: 1)).replacing(ResponseScores(probability: [shuffled]))
    #expect(sample.spreads(rows: Array(0..<2_000))[0] < 0.15)
  }

  @Test func anAreaIsThatOfItsBudget() throws {
    func sums(_ points: [(Double, Double)]) -> [CascadeStudy.Sums] {
      points.map { CascadeStudy.Sums(quality: $0.1, costUSD: $0.0) }
    }
    let (first, last) = (CascadeStudy.Sums(quality: 2, costUSD: 1), CascadeStudy.Sums(quality: 6, costUSD: 9))
    func area(_ points: [(Double, Double)]) -> Double? { DollarArea.value(of: sums(points), first: first, last: last) }
    #expect(area([(1, 2), (9, 6)]) == 0.5)
    #expect(area([(1, 2), (17, 10)]) == 0.5, "only what the budget buys")
    #expect(area([(1, 2), (5, 6)]) == 0.75, "the rest of the budget is kept")
    #expect(area([(1, 2), (5, 6), (4, 8), (9, 8)]) == 1.0, "what costs less and is better replaces what was before")
    #expect(area([(3, 2), (9, 2)]) == 0)
    #expect(DollarArea.value(of: sums([]), first: last, last: first) == nil)
  }
}
