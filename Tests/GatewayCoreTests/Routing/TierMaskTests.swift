import Ockham
import Testing

@testable import GatewayCore

/// Sets of tiers at their limit of 64.
struct TierMaskTests {
  private static let count = TierCount.range.upperBound

  private func router(rule: Rule.Action? = nil, explores: Bool = false) throws -> RequestRouter {
    var configuration = RouterFixture.configuration(tiers: Self.count)
    configuration.rules = rule.map { [Rule(name: "r", conditions: [], action: $0)] } ?? []
    if explores { configuration.policies["default"]?.explorationRate = 0.5 }
    // The last tier wins 0.5 and asks for 0.315.
    let model = try RouterFixture.model(
      [Float](repeating: 0.25, count: Self.count - 1) + [0.75], steps: [Float](repeating: 0.005, count: Self.count - 1))
    let draws = explores ? [0, 0.9999] : []
    let random = Draws(draws)
    return try RequestRouter(
      configuration: configuration, model: model, prices: RouterFixture.prices(tiers: Self.count),
      random: { random.next() })
  }

  @Test(
    arguments: [
      (nil, 63, .all), (.atLeast(tier: "t63"), 63, [63]), (.atLeast(tier: "t0"), 63, .all),
      (.atMost(tier: "t63"), 63, .all), (.atMost(tier: "t62"), 0, TierSet(below: 63)),
      (.forbid(tiers: ["t63"]), 0, TierSet(below: 63)),
      (.pin(tier: "t63"), 63, [63]),
    ] as [(Rule.Action?, Int, TierSet)])
  func theLastTierIsOneLikeTheOthers(rule: Rule.Action?, tier: Int, allowed: TierSet) throws {
    let router = try router(rule: rule)
    let decision = try router.route(RouterFixture.chat("Hello"))
    #expect(decision.tier == tier)
    #expect(decision.allowedTiers == allowed)
    #expect(router.plan(for: decision).steps.first?.tier == tier)
    #expect(router.tiers.names(decision.allowedTiers).count == allowed.count)
  }

  @Test func theLastTierCanBeDrawn() throws {
    let decision = try router(explores: true).route(RouterFixture.chat("Hello"))
    #expect(decision.tier == 63)
    #expect(abs(decision.propensity - (0.5 / 64 + 0.5)) < 1e-12)
  }

  @Test func theLastTierIsEscalatedTo() throws {
    let router = try router(rule: .atMost(tier: "t62"))
    var decision = try router.route(RouterFixture.chat("Hello"))
    #expect(router.plan(for: decision).steps.map(\.tier) == Array(0..<63))
    decision.allowedTiers = [0, 63]
    #expect(router.plan(for: decision).steps.map(\.tier) == [0, 63])
  }

  @Test func oneMoreIsRefused() {
    let configuration = RouterFixture.configuration(tiers: Self.count + 1)
    #expect(throws: ConfigurationProblem.self) { try RequestRouter(configuration: configuration, model: nil) }
  }
}
