import Foundation
import Statistics
import Testing

@testable import Evaluation

@Suite struct ExactQualityTestTests {
  private func pValue(_ counts: OutcomeCounts, _ fraction: Double, level: Double = 0.05) -> Double {
    ExactQualityTest(rows: counts.count).pValue(counts, fraction: fraction, level: level)
  }

  /// All ways in which `rows` rows fall into gained, kept and lost.
  private func outcomes(_ rows: Int) -> [OutcomeCounts] {
    (0...rows).flatMap { gained in
      (0...(rows - gained)).map { OutcomeCounts(gained: gained, kept: rows - gained - $0, lost: $0) }
    }
  }

  /// The probability of counts, by factorials, where the mean margin is 0 and a row is gained with probability `gain`.
  private func probability(_ counts: OutcomeCounts, _ fraction: Double, gain: Double) -> Double {
    let lost = 1 - fraction + fraction * gain
    let logarithm =
      lgamma(Double(counts.count + 1)) - lgamma(Double(counts.gained + 1)) - lgamma(Double(counts.kept + 1))
      - lgamma(Double(counts.lost + 1))
    return exp(logarithm) * pow(gain, Double(counts.gained)) * pow(1 - gain - lost, Double(counts.kept))
      * pow(lost, Double(counts.lost))
  }

  /// Over every outcome of few rows and every chance of a gain: a broken guarantee passes with probability δ at most.
  @Test(arguments: [(8, 0.5, 0.1), (20, 0.5, 0.05), (20, 0.8, 0.1), (40, 0.9, 0.05), (60, 0.95, 0.1)])
  func theLevelHoldsForEveryOutcome(rows: Int, fraction: Double, level: Double) {
    let passing = outcomes(rows).filter { pValue($0, fraction, level: level) <= level }
    #expect(!passing.isEmpty)
    let limit = fraction / (1 + fraction)
    for step in 0...100 {
      let gain = limit * Double(step) / 100
      let chance = passing.reduce(0) { $0 + probability($1, fraction, gain: gain) }
      #expect(chance <= level, "\(chance) at gain \(gain)")
    }
  }

  /// Beside a sum over all outcomes, in which nothing is cut and no limit is searched for.
  @Test(arguments: [
    OutcomeCounts(gained: 6, kept: 70, lost: 2), OutcomeCounts(gained: 2, kept: 50, lost: 0),
    OutcomeCounts(gained: 9, kept: 40, lost: 5), OutcomeCounts(gained: 0, kept: 60, lost: 0),
    OutcomeCounts(gained: 4, kept: 60, lost: 3), OutcomeCounts(gained: 3, kept: 70, lost: 3),
  ]) func thePValueIsTheGreatestTail(counts: OutcomeCounts) {
    let (fraction, level) = (0.9, 0.05)
    let capital = counts.bestLogCapital(fraction: fraction)
    let statistic = capital * (1 - 1e-12)
    let tail = outcomes(counts.count).filter { $0.bestLogCapital(fraction: fraction) >= statistic }
    let low = max(BinomialTest.lowerBound(successes: counts.gained, count: counts.count, level: 0.01 * level), 1e-9)
    let high = min(
      BinomialTest.upperBound(successes: counts.gained, count: counts.count, level: 0.01 * level),
      fraction / (1 + fraction) - 1e-9)
    let worst =
      (0...400).map { step in
        tail.reduce(0) { $0 + probability($1, fraction, gain: low + (high - low) * Double(step) / 400) }
      }.max() ?? 0
    let found = pValue(counts, fraction, level: level)
    let quick = HindsightBound.pValue(logCapital: capital, draws: counts.count) + 0.02 * level
    #expect(quick >= worst, "the bound of clear cases \(quick) below \(worst)")
    if quick <= level {
      #expect(found == quick)
    } else if worst + 0.02 * level + 0.003 <= level {
      #expect(found >= worst + 0.02 * level && found <= worst + 0.02 * level + 0.003, "\(found) against \(worst)")
    } else {
      #expect(found > worst, "\(found) against \(worst)")
    }
  }

  @Test func theStatisticIsTheBestConstantBet() {
    for counts in outcomes(14) {
      for fraction in [0.5, 0.9, 0.99] {
        let (gained, kept, lost) = (Double(counts.gained), Double(counts.kept), Double(counts.lost))
        let bets = (0..<4_000).map { Double($0) / 4_000 / fraction }
        let best = bets.map { gained * log1p($0) + kept * log1p((1 - fraction) * $0) + lost * log1p(-fraction * $0) }
          .max()!
        #expect(abs(counts.bestLogCapital(fraction: fraction) - best) < 0.01)
      }
    }
  }

  /// The region of a p-value is determined by the most lost rows: that needs a statistic which falls with each.
  @Test func aLostRowSpeaksAgainstAndAGainedOneFor() {
    for counts in outcomes(25) where counts.kept > 0 {
      let value = counts.bestLogCapital(fraction: 0.9)
      let worse = OutcomeCounts(gained: counts.gained, kept: counts.kept - 1, lost: counts.lost + 1)
      let better = OutcomeCounts(gained: counts.gained + 1, kept: counts.kept - 1, lost: counts.lost)
      #expect(worse.bestLogCapital(fraction: 0.9) <= value)
      #expect(better.bestLogCapital(fraction: 0.9) >= value)
    }
  }

  /// For many rows the test is that of a normal mean, whose quantile at 95 % is 1.645.
  @Test func manyRowsComeNearTheNormalTest() {
    func z(_ counts: OutcomeCounts) -> Double {
      let (gained, kept, lost) = (Double(counts.gained), Double(counts.kept), Double(counts.lost))
      let sum = gained + 0.05 * kept - 0.95 * lost
      return sum / (gained + 0.0025 * kept + 0.9025 * lost).squareRoot()
    }
    for lost in stride(from: 200, to: 420, by: 5) {
      let counts = OutcomeCounts(gained: 150, kept: 3_600, lost: lost)
      if z(counts) > 1.75 { #expect(pValue(counts, 0.95) <= 0.05, "lost \(lost), z \(z(counts))") }
      if z(counts) < 1.6 { #expect(pValue(counts, 0.95) > 0.05, "lost \(lost), z \(z(counts))") }
    }
  }

  /// The same rows as margins: what betting accepts, the exact test accepts too, and more.
  @Test func itIsSharperThanBetting() {
    var (exact, betting) = (0, 0)
    for lost in 0...20 {
      let counts = OutcomeCounts(gained: 7, kept: 230, lost: lost)
      let values =
        [Double](repeating: 1, count: 7) + [Double](repeating: 0.05, count: 230)
        + [Double](repeating: -0.95, count: lost)
      let order = BettingTest(count: values.count)
      if pValue(counts, 0.95) <= 0.05 { exact += 1 }
      if order.pValue(BoundedSample(values: values, range: -0.95...1), level: 0.05) <= 0.05 { betting += 1 }
    }
    #expect(exact > betting, "\(exact) against \(betting)")
  }

  @Test func toKeepAllIsTheSignTest() {
    for lost in 0...12 {
      let counts = OutcomeCounts(gained: 12 - lost, kept: 40, lost: lost)
      #expect(pValue(counts, 1) == BinomialTest.pValue(successes: lost, count: 12, share: 0.5))
    }
  }

  @Test func rowsThatTellNothingProveNothing() {
    #expect(pValue(OutcomeCounts(), 0.9) == 1)
    #expect(pValue(OutcomeCounts(), 1) == 1)
    #expect(pValue(OutcomeCounts(gained: 0, kept: 9, lost: 1), 0.9) == 1)
  }

  /// A mixture of constant bets wins at least what the bound says of the best one; here it is summed by a fine grid.
  @Test func hindsightIsPaidFor() {
    for counts in outcomes(12) {
      let best = exp(counts.bestLogCapital(fraction: 0.9))
      let mixture = (0..<20_000).reduce(0.0) { sum, step in
        // Jeffreys' prior on the stake: the sine of an even angle, squared.
        let stake = pow(sin((Double(step) + 0.5) / 20_000 * Double.pi / 2), 2) / 0.9
        return sum + pow(1 + stake, Double(counts.gained)) * pow(1 + 0.1 * stake, Double(counts.kept))
          * pow(1 - 0.9 * stake, Double(counts.lost)) / 20_000
      }
      #expect(mixture >= best / (2 * Double(counts.count + 1).squareRoot()) * 0.999, "\(counts)")
    }
  }
}
