import Testing

@testable import Ockham

struct ThresholdScalingTests {
  @Test func scalesAreRatiosWithinTheRange() {
    let scaling = ThresholdScaling(meanStepUSD: [0.5, 0, -1, 0.25])
    #expect(scaling.scales(costUSD: [1, 1.75, 9, 20, 20.5]) == [1.5, 1, 1, 2])
    #expect(scaling.scales(costUSD: [1, 0, 0, 0, 100]) == [0.125, 1, 1, 8])
    #expect(ThresholdScaling(meanStepUSD: [Double.leastNonzeroMagnitude]).scales(costUSD: [0, 1]) == [8])
    #expect(ThresholdScaling(meanStepUSD: [Double.leastNonzeroMagnitude]).scales(costUSD: [1, 1]) == [0.125])
  }

  /// The best tier by looking at all of them, in eighths and powers of 2 so that sums are exact.
  @Test(arguments: 2...5) func scaledDecisionsAgreeWithBruteForce(tiers: Int) {
    var draws = SplitMix64(seed: 40 + UInt64(tiers))
    var moved = 0
    for _ in 0..<400 {
      let steps = (1..<tiers).map { _ in Float(Int.random(in: -2...4, using: &draws)) / 16 }
      let scales = (1..<tiers).map { _ in [0.125, 0.5, 1, 2, 8].randomElement(using: &draws)! as Float }
      let probabilities = (0..<tiers).map { _ in Float(Int.random(in: 0...8, using: &draws)) / 8 }
      let thresholds = Thresholds(increments: steps)
      let plain = zip(steps, scales).map { $0 > 0 ? $0 * $1 : $0 }
      let nets = (0..<tiers).map { probabilities[$0] - plain[..<$0].reduce(0, +) }
      let best = nets.lastIndex(of: nets.max()!)
      let choice = thresholds.choose(probabilities.span, thresholdScales: scales.span)
      #expect(choice.tier == best, "\(steps) \(scales) \(probabilities)")
      #expect(choice == thresholds.scaled(by: scales).choose(probabilities.span))
      #expect(
        thresholds.choose(probabilities.span, thresholdScales: [Float](repeating: 1, count: tiers - 1).span)
          == thresholds.choose(probabilities.span))
      if choice.tier != thresholds.choose(probabilities.span).tier { moved += 1 }
    }
    #expect(moved > 20)
  }

  /// The more expensive a step gets, the lower the tier, and the other way round.
  @Test func aDearerStepNeverMovesARequestUp() {
    let thresholds = Thresholds(increments: [0.1, 0.05])
    let probabilities: [Float] = [0.4, 0.55, 0.7]
    var previous = 2
    for scale in stride(from: Float(0.125), through: 8, by: 0.125) {
      let tier = thresholds.choose(probabilities.span, thresholdScales: [scale, scale].span).tier
      #expect(tier <= previous)
      previous = tier
    }
    #expect(previous == 0)
  }
}
