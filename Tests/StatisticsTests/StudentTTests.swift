import Foundation
import Statistics
import Testing

/// Quantiles beside distribution functions in closed form.
@Suite struct StudentTTests {
  /// P(|T| ≤ t) for whole degrees of freedom: the finite sums of Abramowitz & Stegun 26.7.3 and 26.7.4.
  private func within(_ t: Double, degrees: Int) -> Double {
    let angle = atan(t / Double(degrees).squareRoot())
    let (sine, square) = (sin(angle), cos(angle) * cos(angle))
    let isOdd = degrees % 2 == 1
    var (term, sum) = (isOdd ? cos(angle) : 1, 0.0)
    var power = isOdd ? 1 : 0
    while power <= degrees - 2 {
      sum += term
      term *= square * Double(power + 1) / Double(power + 2)
      power += 2
    }
    return isOdd ? 2 / Double.pi * (angle + sine * sum) : sine * sum
  }

  @Test(arguments: 1...40) func quantilesInvertTheDistribution(degrees: Int) {
    for probability in [0.5, 0.500001, 0.51, 0.6, 0.75, 0.9, 0.95, 0.975, 0.995, 0.9999] {
      let t = StudentT.quantile(probability, degrees: Double(degrees))
      #expect(abs(within(t, degrees: degrees) - (2 * probability - 1)) < 1e-11, "\(probability)")
      #expect(abs(StudentT.quantile(1 - probability, degrees: Double(degrees)) + t) < 1e-9 * max(1, t))
    }
  }

  /// Where the tail is of powers, far quantiles are far: cot πp for one degree, nearly √(1 / 2p) for two.
  @Test(arguments: 1...15) func tailsAreFollowedFarOut(power: Int) {
    let tail = pow(2, -3 * Double(power))
    let (one, two) = (StudentT.quantile(1 - tail, degrees: 1), StudentT.quantile(1 - tail, degrees: 2))
    #expect(abs(one * tan(Double.pi * tail) - 1) < 1e-9)
    #expect(abs(two * (2 * tail * (1 - tail)).squareRoot() / (1 - 2 * tail) - 1) < 1e-9)
  }

  /// Hill's expansion (1970) around the normal quantile, of which the next term is of the order ν⁻³.
  @Test(arguments: [200.0, 5_000, 1e6]) func manyDegreesAreNearlyNormal(degrees: Double) {
    for probability in [0.6, 0.9, 0.975, 0.999] {
      let z = StandardNormal.quantile(probability)
      let first = (pow(z, 3) + z) / 4
      let second = (5 * pow(z, 5) + 16 * pow(z, 3) + 3 * z) / 96
      let expected = z + first / degrees + second / (degrees * degrees)
      let next = 0.15 * pow(max(1, z), 7) / pow(degrees, 3)
      #expect(abs(StudentT.quantile(probability, degrees: degrees) - expected) < 2e-8 + next)
    }
  }

  @Test func degreesNeedNotBeWhole() {
    for probability in [0.6, 0.975] {
      let quantiles = stride(from: 0.6, through: 12, by: 0.3).map { StudentT.quantile(probability, degrees: $0) }
      #expect(zip(quantiles, quantiles.dropFirst()).allSatisfy(>), "fewer degrees reach farther")
      // The distribution changes smoothly: a step is at most that before it, and near the next.
      let steps = zip(quantiles, quantiles.dropFirst()).map { $0 - $1 }
      #expect(zip(steps, steps.dropFirst()).allSatisfy { $0 > $1 })
    }
  }
}
