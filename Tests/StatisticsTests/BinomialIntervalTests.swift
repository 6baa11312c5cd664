import Foundation
import Statistics
import Testing

/// Bounds of shares, beside all outcomes of few draws.
@Suite struct BinomialIntervalTests {
  /// The chances of 0 … n successes, draw by draw.
  private func chances(_ count: Int, _ share: Double) -> [Double] {
    var chances = [1.0]
    for _ in 0..<count {
      chances = zip(chances + [0], [0] + chances).map { $0 * (1 - share) + $1 * share }
    }
    return chances
  }

  @Test(arguments: 1...12, [0.005, 0.05, 0.3]) func boundsMissAtMostAsOftenAsStated(count: Int, level: Double) {
    let upper = (0...count).map { BinomialTest.upperBound(successes: $0, count: count, level: level) }
    let lower = (0...count).map { BinomialTest.lowerBound(successes: $0, count: count, level: level) }
    for step in 0...50 {
      let share = Double(step) / 50
      let chances = chances(count, share)
      let above = (0...count).reduce(0.0) { $0 + (share > upper[$1] + 1e-12 ? chances[$1] : 0) }
      let below = (0...count).reduce(0.0) { $0 + (share < lower[$1] - 1e-12 ? chances[$1] : 0) }
      #expect(above <= level + 1e-12 && below <= level + 1e-12, "share \(share)")
    }
    for successes in 0..<count {
      let chances = chances(count, upper[successes])
      #expect(abs(chances[...successes].reduce(0, +) - level) < 1e-9, "the bound is the least that holds")
      #expect(upper[successes] < upper[successes + 1] && lower[successes] < lower[successes + 1])
    }
  }

  /// What is a success is a matter of words.
  @Test(arguments: [1, 2, 7, 40, 2_000]) func lowerBoundsAreUpperOnesOfFailures(count: Int) {
    for successes in [0, 1, count / 3, count - 1, count] {
      let lower = BinomialTest.lowerBound(successes: successes, count: count, level: 0.025)
      let upper = BinomialTest.upperBound(successes: count - successes, count: count, level: 0.025)
      #expect(abs(lower - (1 - upper)) < 1e-12, "\(successes) of \(count)")
    }
  }

  @Test(arguments: [1, 3, 100, 10_000]) func countsWithoutOneKindHaveClosedForms(count: Int) {
    for level in [1e-6, 0.05, 0.5] {
      let bound = -expm1(log(level) / Double(count))
      #expect(abs(BinomialTest.upperBound(successes: 0, count: count, level: level) / bound - 1) < 1e-9)
      let lower = BinomialTest.lowerBound(successes: count, count: count, level: level)
      #expect(abs(lower - (1 - bound)) < 1e-8)
    }
    #expect(BinomialTest.upperBound(successes: count, count: count, level: 0.05) == 1)
    #expect(BinomialTest.lowerBound(successes: 0, count: count, level: 0.05) == 0)
  }

  /// Large counts agree with Wilson's interval to the order of 1/n.
  @Test func largeCountsAreNearlyNormal() {
    let (count, z) = (20_000, StandardNormal.quantile(0.975))
    for successes in [200, 7_000, 10_000] {
      let share = Double(successes) / Double(count)
      let reach = z * (share * (1 - share) / Double(count)).squareRoot()
      let upper = BinomialTest.upperBound(successes: successes, count: count, level: 0.025)
      let lower = BinomialTest.lowerBound(successes: successes, count: count, level: 0.025)
      #expect(abs(upper - share - reach) < 0.1 * reach && abs(share - lower - reach) < 0.1 * reach)
    }
  }
}
