import Statistics
import Testing

@testable import Evaluation

@Suite struct LabelDesignTests {
  private static let design = LabelDesign(auditRate: 0.05)

  @Test func picksAreAsLikelyAsStated() {
    var generator = SplitMix64(seed: 1)
    var counts = (audit: 0, pair: 0)
    for _ in 0..<100_000 {
      switch Self.design.pick(unit: Double(generator.nextUnit()), rate: 0.5, intensity: 0.4) {
      case .audit: counts.audit += 1
      case .disagreement: counts.pair += 1
      case .none: break
      }
    }
    #expect(abs(Double(counts.audit) / 100_000 - 0.05) < 0.004)
    let inclusion = Self.design.inclusion(rate: 0.5, intensity: 0.4)
    #expect(agree(inclusion, 1 - 0.95 * 0.8))
    #expect(abs(Double(counts.audit + counts.pair) / 100_000 - inclusion) < 0.006)
  }

  @Test func agreementsAreOnlyAudited() {
    #expect(Self.design.inclusion(rate: 1, intensity: nil) == 0.05)
    #expect(Self.design.pick(unit: 0.0499, rate: 1, intensity: nil) == .audit)
    #expect(Self.design.pick(unit: 0.05, rate: 1, intensity: nil) == .none)
    #expect(Self.design.pick(unit: 0.999, rate: 1, intensity: 1) == .disagreement)
    #expect(LabelDesign(auditRate: 0).pick(unit: 0, rate: 0.001, intensity: nil) == .none)
  }

  @Test(arguments: [0.0, 0.01, 0.3], [0.001, 0.2, 1.0]) func noLabelWeighsMuchMoreThanAnother(
    audit: Double, rate: Double
  ) {
    let design = LabelDesign(auditRate: audit)
    for intensity in [0.4, 0.7, 1] {
      let weight = design.weight(rate: rate, inclusion: design.inclusion(rate: rate, intensity: intensity))
      #expect(weight >= 1 - 1e-12 && weight <= design.greatestWeight(rate: rate) + 1e-12)
    }
    #expect(design.greatestWeight(rate: rate) <= 2.5 + 1e-12)
  }

  @Test func intensitiesFollowSpreadAndCost() {
    var intensity = LabelIntensity()
    for _ in 0..<100 { _ = intensity.intensity(deviation: 0.5, costUSD: 0.01) }
    func next(_ deviation: Double, _ cost: Double?) -> Double {
      var copy = intensity
      return copy.intensity(deviation: deviation, costUSD: cost)
    }
    let usual = next(0.5, 0.01)
    #expect(agree(usual, 0.4.squareRoot()))
    #expect(agree(next(0.4, 0.01), usual * 0.8))
    #expect(agree(next(0.5, 0.0144), usual / 1.2))
    #expect(next(0, 1) == 0.4 && next(0.7, 1e-6) == 1)
  }

  @Test func theFirstRequestIsAsUsual() {
    var intensity = LabelIntensity()
    #expect(agree(intensity.intensity(deviation: 0.3, costUSD: nil), 0.4.squareRoot()))
  }

  @Test func deviationOfADifference() {
    #expect(LabelIntensity.deviation(0, 1) == 0)
    #expect(agree(LabelIntensity.deviation(0.5, 0.5), 0.5.squareRoot()))
  }
}
