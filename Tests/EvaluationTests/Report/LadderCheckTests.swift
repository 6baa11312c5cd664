import Ockham
import Statistics
import Testing

@testable import Evaluation

/// Whether more expensive tiers are better, and whether decisions belong to their requests.
@Suite struct LadderCheckTests {
  /// Rows of three kinds: the upper tier is better on the first, as good on the second, worse on the third.
  private func log(rows: Int = 300, seed: UInt64 = 5) throws -> ScoredLog {
    var generator = SplitMix64(seed: seed)
    let shares: [(name: String, lower: Int, upper: Int)] = [("a", 40, 90), ("b", 60, 60), ("c", 90, 40)]
    var (quality, origins): ([Double], [RowOrigin]) = ([], [])
    for row in 0..<rows {
      let kind = shares[row % 3]
      origins.append(RowOrigin(id: "\(row)", task: kind.name))
      for share in [kind.lower, kind.upper] { quality.append(generator.next(below: 100) < share ? 1 : 0) }
    }
    return try ScoredLog(
      tierNames: ["small", "large"], origins: origins, promptBytes: Array(1...rows),
      probability: Matrix((0..<rows).flatMap { [Float(0.5), $0 % 3 == 0 ? 0.9 : 0.4] }, columns: 2),
      quality: Matrix(quality, columns: 2), cost: Matrix((0..<rows).flatMap { _ in [0.001, 0.01] }, columns: 2))
  }

  @Test func eachKindGetsItsVerdict() throws {
    let ladder = try LadderCheck(log(), grouping: .task)
    #expect(ladder.steps.map(\.group) == ["a", "b", "c"] && ladder.steps.map(\.rows) == [100, 100, 100])
    #expect(ladder.steps.map(\.isBetter) == [true, nil, false])
    #expect(ladder.doubtful.map(\.group) == ["b", "c"])
    let sentences = ladder.sentences(tierNames: ["small", "large"])
    #expect(sentences.count == 2 && sentences[0].hasPrefix("On c tier 'large' is worse than 'small'"))
    #expect(sentences[1].hasPrefix("On 1 of 3 steps"))
  }

  /// With a hundred kinds on which nothing differs, a kind stands out in one log of twenty, not in nearly all.
  @Test func manyComparisonsAreNoExcuse() throws {
    var found = 0
    for seed: UInt64 in 0..<200 {
      var generator = SplitMix64(seed: seed)
      let rows = 100 * 30
      let log = try ScoredLog(
        tierNames: ["small", "large"], origins: (0..<rows).map { RowOrigin(id: "\($0)", task: "k\($0 % 100)") },
        promptBytes: Array(1...rows), probability: Matrix(repeating: 0.5, rows: rows, columns: 2),
        quality: Matrix((0..<2 * rows).map { _ in Double(generator.next(below: 1_001)) / 1_000 }, columns: 2),
        cost: Matrix(repeating: .nan, rows: rows, columns: 2))
      if LadderCheck(log, grouping: .task).steps.contains(where: { $0.isBetter != nil }) { found += 1 }
    }
    #expect(found <= 25, "\(found) of 200")
  }

  @Test func decisionsThatKnowTheKindBeatTheirDeals() throws {
    let log = try log()
    let table = try #require(OutcomeTable(log))
    let control = ShuffledControl(
      table, thresholds: Thresholds(increments: [0.1]), parameters: BootstrapParameters(resamples: 400))
    #expect(control.isOfSameCost && control.deals == 400 && control.p == 1.0 / 401)
    #expect(control.excess > control.dealt.upper && abs(control.dealt.estimate) < 0.02)
    // The excess by hand: the model's quality less that of the best mix for its dollars.
    let own = table.outcome(tiers: table.tiers(Thresholds(increments: [0.1])))
    let costUSD = try #require(own.costUSD)
    let random = try #require(table.mix(costingAtMost: costUSD).map(table.outcome(randomBy:)))
    #expect(abs(control.excess - (own.quality - random.quality)) < 1e-12)
  }

  /// Under chance alone p is uniform: 5 % of the logs are at most 0.05.
  @Test func decisionsByChanceAreNotShownToBelong() throws {
    var small = 0
    for seed: UInt64 in 0..<200 {
      var generator = SplitMix64(seed: seed, 9)
      let rows = 90
      let log = try ScoredLog(
        tierNames: ["small", "large"], origins: (0..<rows).map { RowOrigin(id: "\($0)") },
        promptBytes: Array(1...rows),
        probability: Matrix((0..<rows).flatMap { _ in [Float(0.5), Float(generator.nextUnit())] }, columns: 2),
        quality: Matrix((0..<2 * rows).map { _ in generator.next(below: 2) == 0 ? 0.0 : 1 }, columns: 2),
        cost: Matrix(repeating: .nan, rows: rows, columns: 2))
      let control = ShuffledControl(
        try #require(OutcomeTable(log)), thresholds: Thresholds(increments: [0.1]),
        parameters: BootstrapParameters(resamples: 100))
      #expect(!control.isOfSameCost)
      if control.p <= 0.05 { small += 1 }
    }
    #expect((2...20).contains(small), "\(small) of 200")
  }
}
