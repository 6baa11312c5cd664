import Foundation
import Testing

@testable import Judging

/// What is counted of a judge's habits, against the same worked out from lists.
struct CountsTests {
  /// Pearson's correlation in two passes, with means taken off first.
  private static func correlation(_ x: [Double], _ y: [Double]) -> Double {
    func centred(_ values: [Double]) -> [Double] {
      let mean = values.reduce(0, +) / Double(values.count)
      return values.map { $0 - mean }
    }
    let (a, b) = (centred(x), centred(y))
    func product(_ one: [Double], _ other: [Double]) -> Double { zip(one, other).reduce(0) { $0 + $1.0 * $1.1 } }
    return product(a, b) / (product(a, a) * product(b, b)).squareRoot()
  }

  @Test func theCorrelationIsThatOfTheList() throws {
    var state: UInt64 = 3
    var (counts, logs, scores) = (PairJudge.Counts(), [Double](), [Double]())
    for number in 1...400 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let (length, noise) = (Int(state >> 40) % 5000, Double(state >> 33 & 7) / 7)
      let score = (noise + Double(length) / 5000) / 2
      counts.add(score: score, length: length)
      logs.append(log(1 + Double(length)))
      scores.append(score)
      guard number > 2 else {
        #expect(counts.lengthCorrelation == nil)
        continue
      }
      #expect(abs(try #require(counts.lengthCorrelation) - Self.correlation(logs, scores)) < 1e-6)
    }
  }

  /// Where scores or lengths do not vary there is no correlation, and none is made up.
  @Test func whatDoesNotVaryHasNone() {
    var (same, equal) = (PairJudge.Counts(), PairJudge.Counts())
    for number in 0..<50 {
      same.add(score: 0.7, length: number)
      equal.add(score: Double(number) / 50, length: 12)
    }
    #expect(same.lengthCorrelation == nil && equal.lengthCorrelation == nil)
  }

  /// All pairs of verdicts, with the longer answer on either side: only what is decided counts for a length, and each once.
  @Test func decidedPairsCountForTheirLength() {
    let turned: [Verdict: Verdict] = [.first: .second, .second: .first, .tie: .tie]
    for straight in Verdict.allCases {
      for swapped in Verdict.allCases.map(Optional.some) + [nil] {
        for lengths in [(3, 5), (5, 3), (4, 4)] {
          var counts = PairJudge.Counts()
          let verdicts = SwappedVerdicts(straight: straight, swapped: swapped)
          counts.add(verdicts, lengths: (candidate: lengths.0, other: lengths.1))
          let agree = swapped == nil || swapped == turned[straight]
          let wins = agree && straight != .tie && lengths.0 != lengths.1
          let longer = wins && (straight == .first) == (lengths.0 > lengths.1)
          #expect(counts.longerWins == (longer ? 1 : 0) && counts.shorterWins == (wins && !longer ? 1 : 0))
          #expect(counts.pairs == 1 && counts.swappedPairs == (swapped == nil ? 0 : 1))
          #expect(counts.agreement == (swapped == nil ? nil : agree ? 1 : 0))
        }
      }
    }
  }
}
