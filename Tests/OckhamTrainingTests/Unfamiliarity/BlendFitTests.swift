import Foundation
import Ockham
import Statistics
import Testing

@testable import OckhamTraining

@Suite struct BlendFitTests {
  /// Rows with one label each: `chance` gives P(good) from u and from what the model says, `base` is 0.5.
  private func sample(
    _ rows: Int, seed: UInt64, _ chance: (_ u: Double, _ probability: Double) -> Double
  ) -> BlendSample {
    var generator = SplitMix64(seed: seed)
    var (u, labels) = ([Float](), [BlendSample.Label]())
    for row in 0..<rows {
      u.append(Float(row % 20) / 20)
      let probability = Double(generator.nextUnit()) < 0.5 ? 0.1 : 0.9
      let isGood = Double(generator.nextUnit()) < chance(Double(row % 20) / 20, probability)
      labels.append(.init(probability: probability, base: 0.5, quality: isGood ? 1 : 0, weight: 1 + Double(row % 3)))
    }
    return BlendSample(u: u, labels: labels, ends: Array(1...rows))
  }

  private func shares(_ blend: Calibration) -> [Float] {
    guard case .isotonic(let x, let y) = blend else { return [] }
    #expect(zip(x, x.dropFirst()).allSatisfy { $0 < $1 } && zip(y, y.dropFirst()).allSatisfy { $0 <= $1 })
    #expect(y.allSatisfy { (0...1).contains($0) })
    return y
  }

  @Test func theModelIsBelievedWhereItHolds() {
    let found = BlendFit().fit(sample(8_000, seed: 1) { $1 })
    #expect(shares(found.blend).allSatisfy { $0 < 0.12 })
  }

  @Test func theBaseIsBelievedWhereTheModelIsContradicted() {
    let found = BlendFit().fit(sample(8_000, seed: 2) { 1 - $1 })
    #expect(shares(found.blend).allSatisfy { $0 == 1 })
    // Both outcomes are as likely: log 2.
    #expect(abs(found.loss - log(2)) < 1e-6)
  }

  @Test func theShareRisesWhereTheModelFadesOut() {
    let found = BlendFit().fit(
      sample(8_000, seed: 3) { u, probability in 0.5 + (probability - 0.5) * max(0, 1 - 2 * u) })
    let shares = shares(found.blend)
    #expect(found.blend.probability(0) < 0.15 && found.blend.probability(0.95) > 0.85)
    #expect(abs(found.blend.probability(0.25) - 0.5) < 0.2 && shares.count > 3)
  }

  /// Beside all shares that do not fall on a grid, three values of u with four rows each.
  @Test(arguments: 0..<12 as Range<UInt64>) func noGridIsBetter(seed: UInt64) {
    var generator = SplitMix64(seed: seed, 9)
    var sample = sample(12, seed: seed) { _, probability in probability }
    sample.u = (0..<12).map { Float($0 / 4) / 2 }
    let labels = (0..<12).map { _ in
      BlendSample.Label(
        probability: Double(generator.nextUnit()), base: Double(generator.nextUnit()),
        quality: Double(generator.next(below: 5)) / 4, weight: 0.5 + Double(generator.nextUnit()))
    }
    sample = BlendSample(u: sample.u, labels: labels, ends: Array(1...12))
    let found = BlendFit(bins: 12).fit(sample)
    func loss(_ shares: [Double]) -> Double {
      var (sum, total) = (0.0, 0.0)
      for (row, label) in labels.enumerated() {
        let mixed = min(max(label.probability + shares[row / 4] * (label.base - label.probability), 1e-6), 1 - 1e-6)
        sum -= label.weight * (label.quality * log(mixed) + (1 - label.quality) * log(1 - mixed))
        total += label.weight
      }
      return sum / total
    }
    var least = Double.infinity
    for first in 0...50 {
      for second in first...50 {
        for third in second...50 { least = min(least, loss([first, second, third].map { Double($0) / 50 })) }
      }
    }
    #expect(found.loss <= least + 1e-9, "\(found.loss) beside \(least) of the grid")
    #expect(least - found.loss < 0.01)
    let own = [Float(0), 0.5, 1].map { Double(found.blend.probability($0)) }
    #expect(abs(loss(own) - found.loss) < 1e-6)
  }

  @Test func rowsOfOneMeasureShareABin() {
    var sample = sample(400, seed: 4) { $1 }
    sample.u = (0..<400).map { $0 < 397 ? 0.25 : 0.75 }
    guard case .isotonic(let x, _) = BlendFit().fit(sample).blend else { return #expect(Bool(false)) }
    #expect(x == [0.25, 0.75])
  }
}
