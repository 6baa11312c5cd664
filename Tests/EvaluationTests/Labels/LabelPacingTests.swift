import Statistics
import Testing

@testable import Evaluation

@Suite struct LabelPacingTests {
  /// A day of traffic, three disagreements out of ten; what was spent, and the least and greatest rate after the first hour.
  private func day(dollars: Double, everySeconds: Double, auditRate: Double = 0.01) -> (Double, ClosedRange<Double>) {
    let design = LabelDesign(auditRate: auditRate)
    var pacing = LabelPacing(dollarsPerDay: dollars)
    var generator = SplitMix64(seed: 7)
    var (spent, least, greatest) = (0.0, 1.0, 0.0)
    for time in stride(from: 0, to: 86_400, by: everySeconds) {
      let intensity = generator.nextUnit() < 0.3 ? 0.5 : nil
      let rate = pacing.rate(
        at: time, intensity: intensity, labelUSD: 0.01, auditUSD: 0.02, auditRate: auditRate)
      if time > 3_600 { (least, greatest) = (min(least, rate), max(greatest, rate)) }
      var cost = 0.0
      switch design.pick(unit: Double(generator.nextUnit()), rate: rate, intensity: intensity) {
      case .audit: cost = 0.02
      case .disagreement: cost = 0.01
      case .none: continue
      }
      spent += cost
      pacing.book(dollars: cost)
    }
    return (spent, least...greatest)
  }

  @Test func spendsTheDaysDollarsEvenly() {
    let (spent, rates) = day(dollars: 20, everySeconds: 2)
    #expect(spent > 17 && spent < 21, "\(spent)")
    #expect(rates.lowerBound > 0.05 && rates.upperBound < 1, "\(rates)")
  }

  @Test func moreThanEnoughIsRateOne() {
    let (_, rates) = day(dollars: 10_000, everySeconds: 20)
    #expect(rates == 1...1)
  }

  /// Audits alone cost more than there is: disagreements are still drawn, if seldom.
  @Test func neverZero() {
    let (_, rates) = day(dollars: 0.1, everySeconds: 2, auditRate: 0.5)
    #expect(rates == LabelPacing.leastRate...LabelPacing.leastRate)
  }

  @Test func capacityLimitsTheRate() {
    var pacing = LabelPacing(dollarsPerDay: 1_000)
    func rate(_ capacity: Double) -> Double {
      var copy = pacing
      return copy.rate(at: 1, intensity: 1, labelUSD: 0.01, auditUSD: 0, auditRate: 0, capacity: capacity)
    }
    _ = pacing.rate(at: 0, intensity: nil, labelUSD: 0.01, auditUSD: 0, auditRate: 0)
    #expect(rate(1) == 1 && rate(0.25) == 0.25 && rate(0) == LabelPacing.leastRate)
  }
}
