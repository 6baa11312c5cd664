import Ockham
import Testing

@testable import ChatProtocols
@testable import GatewayCore

/// A configuration that serves some of a model's tiers.
struct ServedTiersTests {
  /// Tier 1 wins 0.2 over tier 0, tier 2 another 0.1; the steps are 0.15 and 0.05.
  private func router(
    serving tiers: [Int], calibrated: String? = nil, thresholds: [Float]? = nil
  ) throws -> RequestRouter {
    var configuration = RouterFixture.configuration()
    configuration.tiers = tiers.map { configuration.tiers[$0] }
    if let thresholds {
      var policy = PolicyConfiguration()
      policy.thresholds = thresholds
      configuration.policies["default"] = policy
    }
    let model = try RouterFixture.model([0.5, 0.7, 0.8], steps: [0.15, 0.05], calibrated: calibrated)
    return try RequestRouter(
      configuration: configuration, model: model, prices: RouterFixture.prices(), random: { 0.5 })
  }

  @Test(
    arguments: [
      ([0, 2], [0.5, 0.8], 0.2, 1), ([0, 1], [0.5, 0.7], 0.15, 1), ([1, 2], [0.7, 0.8], 0.05, 1),
      ([0, 1, 2], [0.5, 0.7, 0.8], 0.2, 2),
    ] as [([Int], [Float], Float, Int)])
  func scoresAndStepsAreThoseOfTheTiersServed(
    tiers: [Int], probabilities: [Float], threshold: Float, tier: Int
  ) throws {
    let decision = try router(serving: tiers).route(RouterFixture.chat("Hello"))
    #expect(decision.probabilities == probabilities)
    #expect(decision.tier == tier && abs(decision.threshold - threshold) < 1e-6)
    #expect(decision.allowedTiers == TierSet(below: tiers.count))
  }

  @Test func otherTiersAreNoPartOfTheModel() {
    for tiers in [[2, 0], [0], [1, 0, 2]] {
      #expect(throws: ConfigurationProblem.self, "\(tiers)") { try router(serving: tiers) }
    }
  }

  /// Thresholds of a pair say nothing about a third tier.
  @Test func tiersWithoutThresholdsNeedSome() throws {
    let decision = try router(serving: [0, 2], calibrated: "t0,t2").route(RouterFixture.chat("Hello"))
    #expect(decision.tier == 1 && abs(decision.threshold - 0.2) < 1e-6)
    let problem = #expect(throws: ConfigurationProblem.self) { try router(serving: [0, 1, 2], calibrated: "t0,t2") }
    #expect(problem?.remedy.contains("leave out t1") == true)
    let own = try router(serving: [0, 1, 2], calibrated: "t0,t2", thresholds: [0.1, 0.15])
    #expect(try own.route(RouterFixture.chat("Hello")).tier == 1)
  }
}
