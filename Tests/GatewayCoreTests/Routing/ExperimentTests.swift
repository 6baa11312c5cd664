import Ockham
import Testing

@testable import ChatProtocols
@testable import GatewayCore

/// Arms of experiments: who is in which, and what they change.
struct ExperimentTests {
  private func router(
    _ change: (inout GatewayConfiguration) -> Void = { _ in }, arms: [ExperimentConfiguration.Arm]? = nil,
    salt: String = "a"
  ) throws -> RequestRouter {
    var configuration = RouterFixture.configuration()
    configuration.policies["expensive"] = PolicyConfiguration()
    configuration.policies["expensive"]?.thresholds = [0, 0]
    var expensive = ExperimentConfiguration.Arm(name: "expensive", share: 0.25)
    expensive.policy = "expensive"
    configuration.experiments = [
      ExperimentConfiguration(
        name: "e", salt: salt, arms: arms ?? [ExperimentConfiguration.Arm(name: "control", share: 0.5), expensive])
    ]
    change(&configuration)
    return try RequestRouter(
      configuration: configuration, model: RouterFixture.model([0.5, 0.7, 0.8], steps: [1, 1]),
      prices: RouterFixture.prices(), random: { 0.5 })
  }

  private func decide(_ router: RequestRouter, _ text: String, model: String = "auto") throws -> RoutingDecision {
    try router.route(RouterFixture.chat(model: model, text), header: { _ in nil }, key: nil, time: 0)
  }

  /// Of 4,000 conversations each arm has its share within four standard errors; the arm's policy decides, and no other request's.
  @Test func armsHaveTheirShares() throws {
    let router = try router()
    var counts: [String: Int] = [:]
    for index in 0..<4000 {
      let decision = try decide(router, "Question \(index)")
      let arm = decision.experiments.first?.arm ?? "none"
      #expect(decision.policy == (arm == "expensive" ? "expensive" : "default"))
      #expect(decision.tier == (arm == "expensive" ? 2 : 0))
      counts[arm, default: 0] += 1
    }
    for (arm, share) in [("control", 0.5), ("expensive", 0.25), ("none", 0.25)] {
      #expect(abs(Double(counts[arm] ?? 0) - 4000 * share) < 4 * (4000 * share * (1 - share)).squareRoot(), "\(arm)")
    }
  }

  @Test func aConversationStaysInItsArm() throws {
    let router = try router()
    for index in 0..<100 {
      let first = try decide(router, "Question \(index)")
      let next = try router.route(
        RouterFixture.chat(turns: ["Question \(index)", "An answer", "And then?"]), header: { _ in nil }, key: nil,
        time: 1)
      #expect(first.experiments == next.experiments && first.policy == next.policy)
    }
  }

  /// Who names a tier or a policy is in no experiment.
  @Test func whoNamesWhereItGoesIsLeftAlone() throws {
    let router = try router()
    for index in 0..<50 {
      #expect(try decide(router, "Question \(index)", model: "t1").experiments.isEmpty)
      #expect(try decide(router, "Question \(index)", model: "auto:expensive").policy == "expensive")
    }
  }

  /// An arm's target answers first in its tier, and the others stay behind it.
  @Test func anArmNamesTheFirstTarget() throws {
    var arm = ExperimentConfiguration.Arm(name: "other", share: 0.5)
    let plain = RouterFixture.configuration()
    let tier = plain.tiers[0]
    let last = try #require(tier.targets.last)
    arm.targets = [tier.name: last.name]
    let router = try router(arms: [ExperimentConfiguration.Arm(name: "control", share: 0.5), arm])
    var seen: Set<String> = []
    for index in 0..<60 {
      let decision = try decide(router, "Question \(index)")
      let steps = router.plan(for: decision).steps.filter { $0.tier == 0 }.map(\.target.name)
      let place = try #require(decision.experiments.first?.arm)
      #expect(Set(steps) == Set(tier.targets.map(\.name)))
      if place == "other" { #expect(steps.first == last.name) }
      seen.insert(place)
    }
    #expect(seen == ["control", "other"])
  }

  /// Another salt, share or policy is another experiment; the same one has the same name anywhere.
  @Test func designsTellExperimentsApart() throws {
    func design(_ salt: String, _ share: Double, _ policy: String?) -> String {
      var arm = ExperimentConfiguration.Arm(name: "b", share: share)
      arm.policy = policy
      return ExperimentConfiguration(
        name: "e", salt: salt, arms: [ExperimentConfiguration.Arm(name: "a", share: 0.5), arm]
      ).design
    }
    #expect(design("s", 0.5, nil) == design("s", 0.5, nil))
    #expect(
      Set([design("s", 0.5, nil), design("t", 0.5, nil), design("s", 0.4, nil), design("s", 0.5, "p")]).count == 4)
  }
}
