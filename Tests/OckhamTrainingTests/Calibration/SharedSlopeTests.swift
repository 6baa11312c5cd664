import Statistics
import Ockham
import Testing

@testable import OckhamTraining

@Suite struct SharedSlopeTests {
  /// Logits with labels drawn from σ(slope · logit + intercept).
  private func drawn(_ count: Int, seed: UInt64, slope: Double, intercept: Double) throws -> CalibrationSample {
    var generator = SplitMix64(seed: seed)
    let logits = (0..<count).map { _ in Fixture.signed(&generator) * 4 }
    let labels = logits.map { logit -> Float in
      Double(generator.nextUnit()) < Logistic.sigmoid(slope * Double(logit) + intercept) ? 1 : 0
    }
    return try CalibrationSample(head: "small", logits: logits, labels: labels)
  }

  /// The summed loss of lines with one slope, each with the best intercept for it.
  private func loss(_ samples: [CalibrationSample], slope: Double) -> Double {
    samples.reduce(0) { sum, sample in
      let line = PlattScaling(slope: slope).fitLine(sample)
      return sum + PlattLoss(sample).value(SIMD2(line.slope, line.intercept))
    }
  }

  @Test func theSlopeOfOneHeadIsThatOfPlattScaling() throws {
    let sample = try drawn(300, seed: 1, slope: 0.7, intercept: -1)
    let line = PlattScaling().fitLine(sample)
    let slope = SharedSlope().fit([sample])
    #expect(abs(slope - line.slope) < 1e-5)
    #expect(abs(PlattScaling(slope: slope).fitLine(sample).intercept - line.intercept) < 1e-5)
  }

  @Test(arguments: 1...10) func noOtherSlopeHasALowerLoss(seed: UInt64) throws {
    let samples = [
      try drawn(200, seed: seed, slope: 0.5, intercept: -1), try drawn(90, seed: seed + 100, slope: 1.5, intercept: 2),
      try drawn(150, seed: seed + 200, slope: 1, intercept: 0),
    ]
    let slope = SharedSlope().fit(samples)
    let least = loss(samples, slope: slope)
    for other in [slope - 0.01, slope + 0.01] { #expect(loss(samples, slope: other) > least) }
    let own = samples.map { PlattScaling().fitLine($0).slope }
    #expect(slope > own.min() ?? .infinity && slope < own.max() ?? 0)
  }

  @Test func aHeadOfConstantLogitsLeavesTheSlopeToTheOthers() throws {
    let sample = try drawn(300, seed: 3, slope: 0.7, intercept: 0)
    let constant = try CalibrationSample(head: "frontier", logits: [1, 1, 1], labels: [1, 0, 1])
    #expect(abs(SharedSlope().fit([sample, constant]) - PlattScaling().fitLine(sample).slope) < 1e-5)
  }
}
