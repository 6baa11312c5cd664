import Testing

@testable import Ockham

struct CascadePolicyTests {
  private func policy(
    costs: [Double] = [1, 10], spreads: [Float] = [0.3], lambda: Double, premium: Double = 0
  ) -> CascadePolicy {
    CascadePolicy(tierCostUSD: costs, spreads: spreads, lambda: lambda, premium: premium)
  }

  private func start(_ policy: CascadePolicy, _ probabilities: [Float], scales: [Float] = [], allowed: TierSet = .all)
    -> Int
  {
    policy.start(probabilities.span, thresholdScales: scales.span, allowed: allowed)
  }

  private func escalation(
    _ policy: CascadePolicy, from tier: Int = 0, _ probabilities: [Float], scales: [Float] = [],
    allowed: TierSet = .all
  ) -> Escalation? {
    policy.escalation(from: tier, probabilities.span, thresholdScales: scales.span, allowed: allowed)
  }

  @Test func aResponseIsLeftWhereTheGainPaysForAllOfTheNextTier() throws {
    let policy = policy(lambda: 0.02)
    let step = try #require(escalation(policy, [0.5, 0.75]))
    #expect(step.candidate == 1 && step.gain == 0.25 && abs(step.threshold - 0.2) < 1e-6 && step.isWorthwhile)
    #expect(try #require(escalation(policy, [0.5, 0.625])).isWorthwhile == false)
    #expect(try #require(escalation(self.policy(lambda: 0), [0.5, 0.5])).isWorthwhile, "the upper one of two equals")
  }

  @Test func aDearRequestNeedsMore() throws {
    let policy = policy(lambda: 0.02)
    #expect(try #require(escalation(policy, [0.5, 0.75], scales: [4])).isWorthwhile == false)
    #expect(abs(try #require(escalation(policy, [0.5, 0.75], scales: [4])).threshold - 0.02 * 37) < 1e-6)
  }

  /// With a gain of 0.2 that costs 0.18 to have, the right to escalate is worth 0.05 of it and costs the first tier.
  @Test func lookingFirstIsWorthItsPriceWhereResponsesTell() {
    let gain: [Float] = [0.5, 0.72]
    #expect(start(policy(spreads: [0], lambda: 0.02), gain) == 1, "nothing is told")
    #expect(start(policy(spreads: [0.3], lambda: 0.02), gain) == 0)
    #expect(start(policy(costs: [9, 10], spreads: [0.3], lambda: 0.02), gain) == 1, "the first tier is expensive")
  }

  /// The mean of max(0, G) for a gain anywhere within `spread` of its mean, by many gains.
  private func hope(_ mean: Double, _ spread: Double) -> Double {
    let draws = 20_000
    var sum = 0.0
    for draw in 0..<draws {
      let place = 2 * (Double(draw) + 0.5) / Double(draws) - 1
      sum += max(0, mean + spread * place)
    }
    return sum / Double(draws)
  }

  /// With tiers of one price, W of the last is 0.5 + mean and W of the first 0.5 + hope − price.
  @Test(arguments: [(0.1, 0.3), (-0.2, 0.3), (-0.31, 0.3), (0.31, 0.3), (0.0, 0.05)])
  func theRightToEscalateIsTheMeanOfWhatItSaves(mean: Double, spread: Double) {
    let worth = hope(mean, spread) - mean
    for price in [worth - 1e-4, worth + 1e-4] where price > 0 {
      let policy = policy(costs: [price, price], spreads: [Float(spread)], lambda: 1)
      #expect((start(policy, [0.5, Float(0.5 + mean + price)]) == 0) == (worth > price))
    }
  }

  @Test func withoutChecksItIsTheRouterOfThresholds() {
    var seed: UInt64 = 7
    func unit() -> Float {
      seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Float(seed >> 40) / Float(1 << 24)
    }
    for _ in 0..<500 {
      let probabilities = [unit(), unit(), unit()]
      let (lambda, scales) = (Double(unit()) / 10, [0.5 + unit(), 0.5 + unit()])
      var policy = policy(costs: [1, 4, 15], spreads: [0.2, 0.2], lambda: lambda)
      policy.checkedTiers = []
      let thresholds = Thresholds(lambda: lambda, tierCosts: policy.tierCostUSD)
      #expect(
        start(policy, probabilities, scales: scales)
          == thresholds.choose(probabilities.span, thresholdScales: scales.span).tier)
      #expect(escalation(policy, probabilities) == nil)
    }
  }

  @Test func theEndsOfThePathAreTheFirstAndTheLastTier() throws {
    let costs = [1.0, 4, 15]
    for probabilities: [Float] in [[0, 1, 1], [1, 0, 0], [0.5, 0.5, 0.5]] {
      let cheap = policy(costs: costs, spreads: [0.4, 0.4], lambda: 1)
      #expect(start(cheap, probabilities) == 0)
      #expect(try #require(escalation(cheap, probabilities)).isWorthwhile == false)
      let expensive = policy(costs: costs, spreads: [0.4, 0.4], lambda: 0, premium: 3)
      #expect(start(expensive, probabilities) == 2)
      #expect(try #require(escalation(expensive, probabilities)).candidate == 2)
      #expect(try #require(escalation(expensive, probabilities)).isWorthwhile)
    }
  }

  @Test func onlyAllowedTiersAreAsked() throws {
    let policy = policy(costs: [1, 2, 3], spreads: [0.1, 0.1], lambda: 0.01)
    #expect(start(policy, [0.1, 0.9, 0.5], allowed: [0, 2]) == 2)
    #expect(start(policy, [0.1, 0.9, 0.5], allowed: []) == 1, "none is all")
    #expect(try #require(escalation(policy, [0.1, 0.9, 0.5], allowed: [0, 2])).candidate == 2)
    #expect(escalation(policy, from: 1, [0.1, 0.9], allowed: [0, 1]) == nil, "nothing above is allowed")
    #expect(escalation(policy, from: 2, [0.1]) == nil, "nothing is above")
    var first = policy
    first.startTiers = [0]
    #expect(start(first, [0.1, 0.9, 0.5]) == 0)
    #expect(
      start(first, [0.1, 0.9, 0.5], allowed: [1, 2]) == 1, "the lowest allowed one where it may not start at its own")
  }

  @Test func aMiddleTierIsWorthWhatComesAfterItToo() throws {
    // Straight to the last tier costs 10; the middle one is likely enough to save most of that.
    let policy = policy(costs: [0.1, 1, 10], spreads: [0.3, 0.9], lambda: 0.03)
    let step = try #require(escalation(policy, [0.1, 0.6, 0.95]))
    #expect(step.candidate == 1 && step.isWorthwhile)
    let blind = self.policy(costs: [0.1, 1, 10], spreads: [0.3, 0], lambda: 0.03)
    #expect(try #require(escalation(blind, [0.1, 0.6, 0.95])).candidate == 2)
  }
}
