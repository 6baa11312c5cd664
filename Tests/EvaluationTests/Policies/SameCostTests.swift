import Ockham
import Statistics
import Testing

@testable import Evaluation

@Suite struct SameCostTests {
  private func table(_ log: ScoredLog) throws -> OutcomeTable { try #require(OutcomeTable(log)) }

  /// The best of a fine grid of mixes of all tiers is no better than the best mix of two.
  @Test(arguments: [0.0003, 0.0011, 0.004]) func noMixOfThreeTiersIsBetterForTheDollars(costUSD: Double) throws {
    var made = MadeUpLog(seed: 12)
    let table = try table(made.log(rows: 150, tiers: 3, weighted: true))
    let found = table.outcome(randomBy: try #require(table.mix(costingAtMost: costUSD)))
    #expect(try #require(found.costUSD) <= costUSD * (1 + 1e-12))
    for first in 0...60 {
      for second in 0...(60 - first) {
        let shares = [Double(first), Double(second), Double(60 - first - second)].map { $0 / 60 }
        let other = table.outcome(randomWith: shares)
        guard try #require(other.costUSD) <= costUSD else { continue }
        #expect(other.quality <= found.quality + 1e-12)
      }
    }
  }

  @Test(arguments: [2, 3]) func bothCostWhatTheModelCosts(tiers: Int) throws {
    var made = MadeUpLog(seed: 5)
    for _ in 0..<10 {
      let log = try made.log(rows: 80, tiers: tiers, weighted: true)
      let steps = (1..<tiers).map { _ in Float(made.unit() * 0.3) }
      let found = Baselines(try table(log), thresholds: Thresholds(increments: steps))
      let own = try #require(found.own.costUSD)
      guard let random = found.randomSameCost, let length = found.lengthOnlySameCost else {
        Issue.record("no baseline of the same dollars")
        continue
      }
      #expect(agree(length.costUSD, random.costUSD))
      #expect(try #require(random.costUSD) <= own * (1 + 1e-12))
      #expect(agree(length.share.reduce(0, +), 1))
    }
  }

  /// Two prompts of one length share the chance that makes the dollars meet.
  @Test func theLongestGoUpUntilTheDollarsMeet() throws {
    let log = try smallLog(
      [[0, 0], [0, 0], [0, 0], [0, 0]], [[0, 1], [0, 1], [0, 1], [0, 1]],
      cost: [[1, 3], [1, 3], [1, 3], [1, 3]], bytes: [10, 20, 20, 30])
    let table = try table(log)
    // One row up costs 1.5 on average, two cost 2: 1.75 is half a row more than one.
    let mix = OutcomeTable.TierMix(lower: 0, upper: 1, upperShare: 0.375)
    #expect(table.mix(costingAtMost: 1.75) == mix)
    let found = table.outcome(longestBy: mix, costUSD: 1.75)
    #expect(found == PolicyOutcome(share: [0.625, 0.375], quality: 0.375, costUSD: 1.75))
  }

  @Test func anUpperTierThatIsWorseIsNotMixedIn() throws {
    let log = try smallLog([[0, 0], [0, 0]], [[1, 0], [1, 1]], cost: [[1, 4], [1, 4]])
    let table = try table(log)
    #expect(table.mix(costingAtMost: 2) == OutcomeTable.TierMix(lower: 0, upper: 0, upperShare: 0))
    #expect(table.mix(costingAtMost: 0.5) == OutcomeTable.TierMix(lower: 0, upper: 0, upperShare: 0))
  }

  @Test func withoutCostsThereAreNone() throws {
    let found = Baselines(
      try table(smallLog([[0.1, 0.9]], [[0, 1]])), thresholds: Thresholds(increments: [0.1]))
    #expect(found.randomSameCost == nil && found.lengthOnlySameCost == nil)
    #expect(found.named.count == 6)
  }
}
