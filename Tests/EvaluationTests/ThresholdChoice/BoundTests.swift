import Statistics
import Foundation
import Testing

@testable import Evaluation

@Suite struct BoundTests {
  private func pValue(_ sample: BoundedSample, level: Double, orders: Int = 100) -> Double {
    BettingTest(count: sample.values.count, orders: orders).pValue(sample, level: level)
  }

  private func guaranteePValue(_ sample: BoundedSample, level: Double) -> Double {
    GuaranteeTest(level: level, rows: sample.values.count, orders: 100, seed: 1).pValue(.draws(sample))
  }

  /// Hoeffding–Bentkus p-value of "the mean of X in 0…1 is at most `null`" (Bates et al. 2021), for comparison.
  private func hoeffdingBentkus(_ sample: BoundedSample) -> Double {
    let (low, high) = (sample.range.lowerBound, sample.range.upperBound)
    let risk = 1 - (sample.mean - low) / (high - low)
    let limit = 1 + low / (high - low)
    let n = sample.values.count
    let r = min(risk, limit)
    func term(_ a: Double, _ b: Double) -> Double { a == 0 ? 0 : a * log(a / b) }
    let hoeffding = exp(-Double(n) * (term(r, limit) + term(1 - r, 1 - limit)))
    let successes = Int((Double(n) * risk).rounded(.up))
    return min(hoeffding, exp(1) * BinomialTest.pValue(successes: successes, count: n, share: limit))
  }

  /// Margins of a quality goal: mostly a small gain, now and then a large loss.
  private func qualityMargins(_ made: inout MadeUpLog, count: Int, loss: Double) -> BoundedSample {
    let values = (0..<count).map { _ in
      let roll = made.unit()
      return roll < loss ? -0.95 : roll < 0.3 ? 0 : 0.05
    }
    return BoundedSample(values: values, range: -0.95...1)
  }

  @Test func falseAlarmsStayBelowTheLevel() {
    var made = MadeUpLog(seed: 12)
    // 0.05·(0.7) = 0.035 of gain against 0.95·loss: the mean is exactly 0 here, the hardest case of "not above 0".
    let loss = 0.035 / 0.95
    for (count, level) in [(40, 0.1), (200, 0.1), (200, 0.05)] {
      let alarms = (0..<1_500).count { _ in
        pValue(qualityMargins(&made, count: count, loss: loss), level: level, orders: 8) <= level
      }
      let noise = 3 * (level * (1 - level) / 1_500).squareRoot()
      #expect(Double(alarms) / 1_500 <= level + noise, "\(alarms) of 1500 at \(level)")
    }
  }

  @Test func bettingIsTighterThanHoeffdingBentkus() {
    var made = MadeUpLog(seed: 2)
    for count in [200, 500, 1_000] {
      let sample = qualityMargins(&made, count: count, loss: 0.005)
      #expect(pValue(sample, level: 0.05) <= 0.05 || hoeffdingBentkus(sample) > 0.05)
    }
  }

  @Test func clearEvidenceIsFound() {
    var made = MadeUpLog(seed: 8)
    let found = (0..<100).count { _ in
      pValue(qualityMargins(&made, count: 1_000, loss: 0.005), level: 0.05) <= 0.05
    }
    #expect(found == 100)
  }

  /// Draws that begin well and end badly: in one order the bets would be won on the way.
  @Test func anEarlyGainDoesNotOutweighTheWholeLog() {
    let values = [Double](repeating: 0.5, count: 100) + [Double](repeating: -0.5, count: 120)
    #expect(
      guaranteePValue(BoundedSample(values: Array(values.prefix(100)), range: -1...1), level: 0.05) < 0.05)
    #expect(pValue(BoundedSample(values: values, range: -1...1), level: 0.05) > 0.5)
    #expect(guaranteePValue(BoundedSample(values: values, range: -1...1), level: 0.05) == 1)
  }

  /// Few draws, every level: the mean of what 1 becomes over all draws of a fair coin is at most 1, so a p-value of δ or less
  /// has a probability of at most δ, summed over all outcomes.
  @Test(arguments: 1...12) func allOutcomesOfFewFairDrawsKeepTheLevel(count: Int) {
    for (low, level) in [(-1.0, 0.05), (-0.5, 0.1), (-0.25, 0.3)] {
      let test = BettingTest(count: count, orders: 5)
      let loss = 1 / (1 - low)
      var chance = 0.0
      for outcome in 0..<(1 << count) {
        let losses = outcome.nonzeroBitCount
        let values = (0..<count).map { outcome >> $0 & 1 == 1 ? low : 1.0 }
        if test.pValue(BoundedSample(values: values, range: low...1), level: level) <= level {
          chance += pow(loss, Double(losses)) * pow(1 - loss, Double(count - losses))
        }
      }
      #expect(chance <= level, "\(count) draws from \(low)")
    }
  }

  @Test func theRangeCanDecideAlone() {
    #expect(pValue(BoundedSample(values: [1], range: 0...1), level: 0.05) == 0)
    #expect(pValue(BoundedSample(values: [], range: 0.1...1), level: 0.05) == 0)
    #expect(pValue(BoundedSample(values: [-1], range: -1...0), level: 0.05) == 1)
    #expect(pValue(BoundedSample(values: [], range: -1...1), level: 0.05) == 1)
  }

  @Test(arguments: 1...14) func binomialSumsTheMasses(count: Int) {
    for share in [0.01, 0.2, 0.5, 0.93] {
      var sum = 0.0
      var choices = 1.0
      for k in 0..<count {
        sum += choices * pow(share, Double(k)) * pow(1 - share, Double(count - k))
        choices = choices * Double(count - k) / Double(k + 1)
        #expect(agree(BinomialTest.pValue(successes: k, count: count, share: share), sum))
      }
      #expect(BinomialTest.pValue(successes: count, count: count, share: share) == 1)
    }
  }

  @Test func noRowsShowNoShare() {
    #expect(BinomialTest.pValue(successes: 0, count: 0, share: 0.2) == 1)
    #expect(BinomialTest.upperBound(successes: 0, count: 0, level: 0.05) == 1)
  }

  @Test func largeCountsDoNotUnderflow() {
    let middle = BinomialTest.pValue(successes: 50_000, count: 100_000, share: 0.5)
    #expect(abs(middle - 0.5) < 0.01)
    #expect(BinomialTest.pValue(successes: 10, count: 100_000, share: 0.5) == 0)
  }

  @Test func rowsNeededIsTheFirstCountThatWorks() {
    for share in [0.01, 0.1, 0.2, 0.5] {
      let rows = BinomialTest.rowsNeeded(share: share, level: 0.05)
      #expect(BinomialTest.pValue(successes: 0, count: rows, share: share) <= 0.05)
      #expect(BinomialTest.pValue(successes: 0, count: rows - 1, share: share) > 0.05)
    }
  }

  @Test func estimatedRowsAreMostlyEnough() throws {
    var made = MadeUpLog(seed: 31)
    for loss in [0.001, 0.01, 0.02] {
      let pilot = qualityMargins(&made, count: 20_000, loss: loss)
      let rows = try #require(SampleSizeEstimate.rows(pilot, level: 0.05))
      func successes(_ count: Int) -> Int {
        (0..<60).count { _ in pValue(qualityMargins(&made, count: count, loss: loss), level: 0.05) <= 0.05 }
      }
      #expect(successes(rows) >= 40, "loss \(loss), \(rows) rows")
      #expect(successes(rows / 4) < 40, "loss \(loss), \(rows) rows")
    }
    #expect(SampleSizeEstimate.rows(BoundedSample(values: [-0.1, 0.05], range: -1...1), level: 0.05) == nil)
  }
}
