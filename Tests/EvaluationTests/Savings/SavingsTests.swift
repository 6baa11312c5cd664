import Ockham
import Statistics
import Testing

@testable import Evaluation

@Suite struct SavingsTests {
  private let parameters = BootstrapParameters(resamples: 200)

  private func savings(_ log: ScoredLog) -> SavingsReport {
    SavingsReport(OutcomeTable(log), costs: TierCosts(measuring: log), parameters: parameters)
  }

  @Test func aGoodRouterSavesAndKeepsAboutWhatWasAsked() throws {
    var made = MadeUpLog(seed: 2)
    let levels = savings(try made.log(rows: 3_000, error: 0.02)).levels
    #expect(levels.map(\.quality) == [0.95, 0.97, 0.99, 1])
    #expect(levels[0].saved.estimate > 0.1)
    for level in levels {
      #expect(level.saved.lower <= level.saved.estimate && level.saved.estimate <= level.saved.upper)
      #expect(abs(level.qualityKept.estimate - level.quality) < 0.02)
      #expect(level.saved.lower >= 0)
    }
    #expect(zip(levels, levels.dropFirst()).allSatisfy { $0.saved.estimate >= $1.saved.estimate })
  }

  /// Where nothing but the strongest tier is ever right, all of its dollars are spent.
  @Test func nothingIsSavedWhereNothingCanBe() throws {
    let rows = 0..<60
    let log = try smallLog(
      rows.map { [Float($0) / 60, 1 - Float($0) / 60] }, rows.map { _ in [0, 1] }, cost: rows.map { _ in [1, 5] })
    for level in savings(log).levels {
      #expect(level.saved.estimate < 0.06)
      // Thresholds are chosen on other rows: one or two in sixty more may be lost.
      #expect(level.qualityKept.estimate > level.quality - 0.034)
    }
    #expect(try #require(savings(log).levels.last).saved.estimate == 0)
  }

  /// Against a plain reading of the definition.
  @Test func thresholdsAreChosenOnTheOtherFolds() throws {
    var made = MadeUpLog(seed: 4)
    let log = try made.log(rows: 120, tiers: 3, weighted: true)
    let grid = try StepGrid(costs: TierCosts(measuring: log), log: log, count: 20)
    let policies = grid.gains.map(grid.thresholds)
    let sample = SavingsSample(log, policies: policies, seed: 1)
    var generator = SplitMix64(seed: 1)
    let place = generator.permutation(of: 120)
    for quality in [0.9, 1.0] {
      let found = sample.tiers(keeping: quality)
      for fold in 0..<5 {
        let others = (0..<120).filter { place[$0] % 5 != fold }
        func sum(_ tiers: [Int], _ values: Matrix<Double>) -> Double {
          others.reduce(0) { $0 + log.weights[$1] * values[$1, tiers[$1]] }
        }
        let strongest = [Int](repeating: 2, count: 120)
        let needed = quality * sum(strongest, log.quality)
        let choices = policies.map { $0.tiers(log, rows: Array(0..<120)) } + [strongest]
        let cheapest = choices.filter { sum($0, log.quality) >= needed - 1e-9 }.map { sum($0, log.cost) }.min()
        let own = choices.first { choice in
          (0..<120).allSatisfy { place[$0] % 5 != fold || choice[$0] == found[$0] }
            && abs(sum(choice, log.cost) - (cheapest ?? .nan)) < 1e-9
        }
        #expect(own != nil, "fold \(fold) is not served by the cheapest thresholds of the others")
      }
    }
  }

  @Test func whatCannotBeMeasuredIsRefusedInASentence() throws {
    var made = MadeUpLog(seed: 3)
    #expect(savings(try made.log(rows: 60, costs: false)).refused?.contains("cost of every tier") == true)
    let rows = 0..<60
    let falling = try smallLog(rows.map { _ in [0, 1] }, rows.map { _ in [0, 1] }, cost: rows.map { _ in [5, 1] })
    #expect(savings(falling).refused?.contains("do not rise") == true)
    #expect(savings(falling).levels.isEmpty)
    #expect(SavingsReport(nil, costs: TierCosts(nominalFor: 2), parameters: parameters).refused != nil)
  }
}
