import Evaluation
import Ockham
import Testing

@testable import Gateway
@testable import GatewayCore

/// The draw of labels: that each tier is asked as often as its inclusion probability says.
@Suite struct ShadowPickTests {
  private static func decision(_ served: Int, observed: Int? = nil, allowed: TierSet = [0, 1, 2]) -> RoutingDecision {
    var decision = RoutingDecision(
      tier: served, reason: .cheapest, allowedTiers: observed == nil ? allowed : TierSet(only: served),
      policy: "default")
    decision.observed = observed.map {
      ObservedDecision(tier: $0, gain: 0, threshold: 0, reason: .cheapest, propensity: 1, allowedTiers: allowed)
    }
    return decision
  }

  /// Over all draws of a fine grid, the share in which a tier is asked is its inclusion, for every tier, rate and intensity.
  @Test(arguments: [(0, Int?.none), (2, 0), (2, 2), (1, 0)], [0.0, 0.1, 1])
  func sharesAreInclusions(tiers: (served: Int, observed: Int?), audit: Double) throws {
    let comparison = try #require(
      ShadowComparison(Self.decision(tiers.served, observed: tiers.observed), tiers: [0, 1, 2], baseline: 2))
    let design = LabelDesign(auditRate: audit)
    let count = 20_000
    for (rate, intensity) in [(0.001, 0.2), (0.3, 0.7), (1, 1)] {
      var seen: [Int: (times: Int, inclusion: Double)] = [:]
      for step in 0..<count {
        let unit = (Double(step) + 0.5) / Double(count)
        let pick = comparison.pick(
          design, rate: rate, intensity: comparison.isDisagreement ? intensity : nil, unit: unit)
        for asked in pick?.asked ?? [] {
          #expect(asked.tier != tiers.served && pick!.servedInclusion >= asked.inclusion)
          seen[asked.tier, default: (0, asked.inclusion)].times += 1
          #expect(seen[asked.tier]?.inclusion == asked.inclusion, "one probability whatever the draw came to")
        }
      }
      for (tier, (times, inclusion)) in seen {
        #expect(abs(Double(times) / Double(count) - inclusion) < 2 / Double(count), "tier \(tier)")
      }
      let expected = audit > 0 ? 2 : comparison.isDisagreement ? 1 : 0
      #expect(seen.count == expected || rate * intensity * Double(count) < 1)
    }
  }

  @Test func pinsAndLoneTiersAreNotCompared() {
    var pinned = Self.decision(0)
    pinned.reason = .requested
    #expect(ShadowComparison(pinned, tiers: [0, 1, 2], baseline: 2) == nil)
    #expect(ShadowComparison(Self.decision(0, allowed: [0]), tiers: [0, 1, 2], baseline: 2) == nil)
    var held = Self.decision(0)
    held.reason = .session
    #expect(ShadowComparison(held, tiers: [0, 1, 2], baseline: 2) == nil)
  }

  /// A turn that would stay with its conversation is compared by what it would get by itself.
  @Test func heldTurnsOfWatchedConversations() throws {
    var decision = Self.decision(2)
    decision.observed = ObservedDecision(tier: 2, proposedTier: 0, reason: .session, allowedTiers: [0, 1, 2])
    let comparison = try #require(ShadowComparison(decision, tiers: [0, 1, 2], baseline: 2))
    #expect(comparison.isDisagreement && comparison.other == 0)
  }

  @Test func whatMayNotBeAskedIsNoDisagreement() throws {
    var decision = Self.decision(0)
    decision.forbiddenTiers = [2]
    let forbidden = try #require(ShadowComparison(decision, tiers: [0, 1, 2], baseline: 2))
    #expect(!forbidden.isDisagreement && forbidden.allowed == [1])
    let left = try #require(ShadowComparison(Self.decision(0), tiers: [0, 1], baseline: 2))
    #expect(!left.isDisagreement && left.allowed == [1])
  }
}
