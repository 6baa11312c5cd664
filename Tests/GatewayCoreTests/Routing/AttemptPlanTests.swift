import Ockham
import Statistics
import Testing

@testable import GatewayCore

/// Which targets are tried, in what order.
struct AttemptPlanTests {
  private static func configuration(weights: [Double], escalates: Bool = true) -> GatewayConfiguration {
    var configuration = RouterFixture.configuration()
    for tier in 0..<3 {
      configuration.tiers[tier].targets = weights.indices.map { place in
        var target = TargetConfiguration(name: "mock/\(tier)-\(place)", provider: "mock", model: "m")
        target.weight = weights[place]
        return target
      }
    }
    configuration.retries.escalates = escalates
    return configuration
  }

  private static func decision(tier: Int, allowed: [Int] = [0, 1, 2], session: UInt64? = nil) -> RoutingDecision {
    var decision = RoutingDecision(
      tier: tier, reason: .cheapest, allowedTiers: TierSet(allowed), policy: "default")
    decision.session = session
    return decision
  }

  /// Whatever is drawn: each target of the tiers from the chosen one up once, tier by tier, and none of a tier that is closed.
  @Test func everyTargetIsTriedOnce() {
    var random = SplitMix64(seed: 1)
    for count in 0...4 {
      for _ in 0..<50 {
        let weights = (0..<count).map { _ in Double(random.next() % 3) }
        let configuration = Self.configuration(weights: weights)
        for (tier, allowed) in [(0, [0, 1, 2]), (1, [0, 1, 2]), (0, [0, 2]), (2, [0, 1]), (2, [2])] {
          let share = Double(random.next() % 1000) / 1000
          let plan = AttemptPlan(for: Self.decision(tier: tier, allowed: allowed), in: configuration) { share }
          let tiers = [tier] + (tier + 1..<3).filter(allowed.contains)
          #expect(plan.steps.compactMap(\.tier) == tiers.flatMap { [Int](repeating: $0, count: count) })
          #expect(Set(plan.steps.map(\.target.name)).count == plan.steps.count)
          // The others follow in the order of the file.
          for tier in tiers {
            let rest = plan.steps.filter { $0.tier == tier }.dropFirst().map(\.target.name)
            #expect(rest == rest.sorted())
          }
        }
      }
    }
  }

  /// A target of weight 0 waits until another has failed, at both ends of what can be drawn.
  @Test(arguments: [[0, 0.1, 0.2, 0.3], [0.3, 0, 0.1], [0, 1, 0], [0.1, 0.7, 0.1, 0.1, 0]])
  func weightsOfZeroComeLater(weights: [Double]) throws {
    let configuration = Self.configuration(weights: weights)
    for share in [0, 0.5, (1.0).nextDown] {
      let plan = AttemptPlan(for: Self.decision(tier: 0), in: configuration) { share }
      #expect(try #require(plan.steps.first).target.weight > 0, "\(share)")
    }
  }

  /// Conversations are spread by weight, stay with their target, and need no chance.
  @Test func conversationsKeepTheirFirstTarget() {
    let configuration = Self.configuration(weights: [1, 3])
    var second = 0
    for session in 0..<2000 as Range<UInt64> {
      let decision = Self.decision(tier: 1, session: SplitMix64.mixed(session))
      let plan = AttemptPlan(for: decision, in: configuration) { Double.nan }
      #expect(plan == AttemptPlan(for: decision, in: configuration) { 0 })
      second += plan.steps.first?.target.name == "mock/1-1" ? 1 : 0
    }
    #expect((1400...1600).contains(second), "\(second)")
  }

  @Test func anArmsTargetComesFirstInItsTierAlone() {
    var decision = Self.decision(tier: 0)
    decision.firstTargets = ["t1": "mock/1-2", "t2": "mock/unknown"]
    let plan = AttemptPlan(for: decision, in: Self.configuration(weights: [1, 1, 0])) { 0 }
    let names = plan.steps.map(\.target.name)
    #expect(
      names == [
        "mock/0-0", "mock/0-1", "mock/0-2", "mock/1-2", "mock/1-0", "mock/1-1", "mock/2-0", "mock/2-1", "mock/2-2",
      ])
  }

  @Test func withoutEscalationTheTierStandsAlone() {
    let plan = AttemptPlan(
      for: Self.decision(tier: 0), in: Self.configuration(weights: [1, 1], escalates: false)
    ) { 0 }
    #expect(plan.steps.map(\.tier) == [0, 0])
  }

  /// A name stands alone, in its tier or outside, and one that is none goes nowhere rather than elsewhere.
  @Test func namedTargetsStandAlone() {
    let configuration = Self.configuration(weights: [0, 0])
    for (name, tier) in [("mock/2-1", 2), ("embedding", nil)] as [(String, Int?)] {
      var decision = Self.decision(tier: 0)
      decision.target = name
      let plan = AttemptPlan(for: decision, in: configuration) { 0 }
      #expect(plan.steps.map(\.target.name) == [name] && plan.steps.map(\.tier) == [tier])
      decision.target = "mock/gone"
      #expect(AttemptPlan(for: decision, in: configuration) { 0 }.steps.isEmpty)
    }
    #expect(AttemptPlan(for: Self.decision(tier: 7), in: configuration) { 0 }.steps.isEmpty)
  }
}
