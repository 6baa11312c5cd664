import Foundation
import Testing

@testable import Statistics

/// The detector of bounded draws, beside the sum of products that it stands for.
@Suite struct BettingDetectorTests {
  @Test func isTheMeanOfSumsOfProducts() {
    var random = SplitMix64(seed: 2)
    let draws = (0..<40).map { _ in Double(random.nextUnit()) * 1.5 - 1 }
    var detector = BettingDetector(lowest: -1)
    for (count, draw) in draws.enumerated() {
      detector.add(draw)
      var plain = 0.0
      for bet in [0.02, 0.05, 0.12, 0.3, 0.7] {
        for start in 0...count { plain += draws[start...count].reduce(1) { $0 * (1 + bet * $1) } / 5 }
      }
      #expect(abs(detector.evidence - log(plain)) < 1e-9)
    }
  }

  @Test func risesWhereTheMeanIsAboveAndFallsBackAfterARestart() {
    var detector = BettingDetector(lowest: -1)
    #expect(detector.evidence == -.infinity)
    for _ in 0..<2_000 { detector.add(0.2) }
    #expect(detector.evidence > 100 && detector.evidence.isFinite)
    detector.restart()
    for _ in 0..<500 { detector.add(-0.1) }
    // At most one for each draw, on average.
    #expect(detector.evidence < log(500))
  }

  /// Fair coins reach N no sooner than after N draws on average, so that few of many runs do in a tenth of that.
  @Test func falseAlarmsAreRare() {
    var random = SplitMix64(seed: 3)
    var alarms = 0
    for _ in 0..<400 {
      var detector = BettingDetector(lowest: -1)
      for _ in 0..<100 {
        detector.add(random.next() & 1 == 0 ? 1 : -1)
        if detector.evidence >= log(1_000) {
          alarms += 1
          break
        }
      }
    }
    // 10 % of 400 at most, give or take what chance does.
    #expect(alarms <= 60)
  }
}
