import Foundation
import Statistics
import Testing

@Suite struct StandardNormalTests {
  /// The probability below `x`, by the error function.
  private func below(_ x: Double) -> Double { erfc(-x / 2.0.squareRoot()) / 2 }

  @Test func quantilesInvertTheDistribution() {
    for step in 1..<2_000 {
      let p = Double(step) / 2_000
      #expect(abs(below(StandardNormal.quantile(p)) / p - 1) < 2e-8)
    }
    for power in 3...14 {
      let p = pow(10, -Double(power))
      #expect(abs(below(StandardNormal.quantile(p)) / p - 1) < 1e-7)
    }
  }

  @Test func densitiesAreTheSlopeOfTheDistribution() {
    for step in -40...40 {
      let x = Double(step) / 10
      let slope = (below(x + 1e-5) - below(x - 1e-5)) / 2e-5
      #expect(abs(StandardNormal.density(x) - slope) < 1e-9)
    }
  }
}
