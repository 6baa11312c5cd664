import Testing

@testable import Ockham

struct ThresholdsTests {
  /// Looks at every allowed tier: the greatest P(t) − P(base) − steps, the upper of two equals; the base has 0.
  private static func plainTier(_ steps: [Float], _ probabilities: [Float], _ mask: UInt64) -> Int {
    let allowed = (0..<probabilities.count).filter { mask >> UInt64($0) & 1 == 1 }
    let tiers = allowed.isEmpty ? Array(0..<probabilities.count) : allowed
    func net(_ tier: Int) -> Float {
      if tier == tiers[0] { return 0 }
      return probabilities[tier] - probabilities[tiers[0]] - steps[tiers[0]..<tier].reduce(0, +)
    }
    return tiers.reduce(tiers[0]) { net($1) >= net($0) ? $1 : $0 }
  }

  @Test(arguments: 2...5) func agreesWithBruteForce(tiers: Int) {
    var draws = SplitMix64(seed: UInt64(tiers))
    for round in 0..<300 {
      // Eighths make ties frequent and sums exact.
      func number() -> Float { Float(Int.random(in: round % 3 == 0 ? -2...4 : 0...8, using: &draws)) / 8 }
      let steps = (1..<tiers).map { _ in number() / 2 }
      let probabilities = (0..<tiers).map { _ in number() }
      let thresholds = Thresholds(increments: steps)
      for mask in 0..<(UInt64(1) << UInt64(tiers)) {
        let choice = thresholds.choose(probabilities.span, allowed: TierSet(rawValue: mask))
        #expect(choice.tier == Self.plainTier(steps, probabilities, mask), "\(steps) \(probabilities) \(mask)")
        check(choice, steps, probabilities, mask)
      }
    }
  }

  private func check(_ choice: TierChoice, _ steps: [Float], _ probabilities: [Float], _ mask: UInt64) {
    let base = mask == 0 ? 0 : mask.trailingZeroBitCount
    #expect(choice.candidate == base || mask == 0 || mask >> UInt64(choice.candidate) & 1 == 1)
    #expect(choice.gain == probabilities[choice.candidate] - probabilities[base])
    #expect(choice.threshold == steps[base..<choice.candidate].reduce(0, +))
    #expect(choice.tier == (choice.gain >= choice.threshold ? choice.candidate : base))
  }

  @Test func tiersThatAreNotThereAreIgnored() {
    let thresholds = Thresholds(increments: [0.1])
    let probabilities: [Float] = [0.5, 0.9]
    let all = thresholds.choose(probabilities.span)
    let above = thresholds.choose(probabilities.span, allowed: TierSet(from: 2))
    let first = thresholds.choose(probabilities.span, allowed: TierSet(from: 2).union([0]))
    #expect(all.tier == 1 && above.tier == 1 && first.tier == 0)
    #expect(first.gain == 0 && first.threshold == 0 && first.candidate == 0)
  }

  @Test func sixtyFourTiersFitASet() {
    let thresholds = Thresholds(increments: [Float](repeating: 0, count: 63))
    let probabilities = (0..<64).map { Float($0) / 64 }
    let (all, none, last) = (
      thresholds.choose(probabilities.span), thresholds.choose(probabilities.span, allowed: []),
      thresholds.choose(probabilities.span, allowed: [63])
    )
    #expect(all.tier == 63 && none.tier == 63 && last.tier == 63)
    let policy = Policy(thresholds: thresholds)
    #expect(policy.allowedTiers(for: RequestNeeds(Request(prompt: "")), task: nil) == .all)
    let decision = policy.decide(probabilities.span, allowed: [63], task: nil, model: 0)
    #expect(decision.tier == 63 && decision.reason == .onlyAllowedTier)
  }

  @Test func aMiddleTierThatWinsNothingIsSkipped() {
    let thresholds = Thresholds(increments: [0.1, 0.1])
    let probabilities: [Float] = [0.5, 0.5, 0.9]
    let choice = thresholds.choose(probabilities.span)
    #expect(choice.tier == 2)
    #expect(choice.threshold == 0.2)
  }

  @Test func undefinedProbabilitiesStayAtTheBase() {
    let thresholds = Thresholds(increments: [0.1, 0.1])
    let probabilities: [Float] = [.nan, .nan, .nan]
    #expect(thresholds.choose(probabilities.span).tier == 0)
  }

  @Test func lambdaPricesTheSteps() {
    let thresholds = Thresholds(lambda: 100, tierCosts: [0.001, 0.002, 0.01])
    #expect(thresholds.tierCount == 3)
    #expect(zip(thresholds.increments, [0.1, 0.8] as [Float]).allSatisfy { abs($0 - $1) < 1e-6 })
    #expect(Thresholds(lambda: 0, tierCosts: [1, 2]).increments == [0])
  }
}
