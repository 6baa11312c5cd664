import Ockham
import Testing

@testable import ChatProtocols
@testable import GatewayCore

/// Decisions that are made and not followed.
struct ObserveTests {
  /// Tier 1 wins 0.2 over tier 0, tier 2 another 0.1; each step must win 0.15: tier 1 it would be.
  private func router(
    tier: String = "t2", draw: Double = 0.5,
    _ change: (inout GatewayConfiguration) -> Void = { _ in }
  ) throws -> RequestRouter {
    var configuration = RouterFixture.configuration()
    configuration.observe = ObserveConfiguration(tier: tier)
    change(&configuration)
    let model = try RouterFixture.model([0.5, 0.7, 0.8], steps: [0.15, 0.15])
    return try RequestRouter(
      configuration: configuration, model: model, prices: RouterFixture.prices(), random: { draw })
  }

  private func key(_ name: String) -> KeyConfiguration { KeyConfiguration(name: name, sha256: "") }

  @Test func allGoesToOneTier() throws {
    let decision = try router().route(RouterFixture.chat("Hello"))
    #expect(decision.tier == 2 && decision.reason == .observe && decision.reason.name == "observe")
    #expect(decision.propensity == 1 && decision.isEligible && !decision.isPinned && decision.isPlain)
    let observed = try #require(decision.observed)
    #expect(observed.tier == 1 && observed.reason == .policy(.gainReachesThreshold) && observed.propensity == 1)
    #expect(observed.allowedTiers == [0, 1, 2] && abs(observed.gain - 0.2) < 1e-6 && observed.threshold == 0.15)
    #expect(decision.probabilities == [0.5, 0.7, 0.8] && decision.gain == observed.gain)
    #expect(decision.conversation != nil && decision.identity?.model == decision.modelIdentifier)
  }

  @Test func decisionsAreFollowedElsewhere() throws {
    let decision = try router { $0.observe = nil }.route(RouterFixture.chat("Hello"))
    #expect(decision.tier == 1 && decision.observed == nil && decision.isEligible && !decision.isPlain)
    #expect(decision.conversation != nil && decision.identity != nil)
  }

  /// Of the tiers that constraints and rules leave, the nearest one, first above.
  @Test(
    arguments: [
      ("t0", 0b110, 1), ("t0", 0b100, 2), ("t1", 0b101, 2), ("t1", 0b001, 0), ("t2", 0b011, 1), ("t2", 0b001, 0),
      ("t2", 0b111, 2), ("t0", 0b111, 0),
    ] as [(String, Int, Int)])
  func constraintsHold(tier: String, left: Int, asked: Int) throws {
    let router = try router(tier: tier) { configuration in
      let away = Set((0..<3).filter { left >> $0 & 1 == 0 }.map { "t\($0)" })
      if !away.isEmpty { configuration.rules = [Rule(name: "away", conditions: [], action: .forbid(tiers: away))] }
    }
    let decision = try router.route(RouterFixture.chat("Hello"))
    #expect(decision.tier == asked && decision.allowedTiers == TierSet(rawValue: UInt64(left)))
    #expect(decision.forbiddenTiers == TierSet(rawValue: UInt64(0b111 & ~left)))
    #expect(decision.observed?.allowedTiers == TierSet(rawValue: UInt64(left)))
    #expect(decision.isEligible == (left.nonzeroBitCount > 1))
  }

  @Test func capabilitiesHold() throws {
    let router = try router { $0.tiers[2].hasTools = false }
    let tools = #","tools":[{"type":"function","function":{"name":"f"}}]"#
    let decision = try router.route(RouterFixture.chat("Hello", more: tools))
    #expect(decision.tier == 1 && decision.allowedTiers == [0, 1] && decision.observed?.tier == 1)
  }

  @Test func pinsAreNotWatched() throws {
    let router = try router {
      $0.rules = [Rule(name: "here", conditions: [.keywords(["secret"])], action: .pin(tier: "t0"))]
    }
    let pinned = try router.route(RouterFixture.chat("a secret"))
    #expect(pinned.tier == 0 && pinned.observed == nil && !pinned.isEligible && pinned.conversation != nil)
    for model in ["t0", "mock/m1", "embedding"] {
      let named = try router.route(RouterFixture.chat(model: model, "Hello"))
      #expect(named.reason == .requested && named.observed == nil && !named.isEligible && named.probabilities.isEmpty)
    }
    let asked = try router.route(RouterFixture.chat("Hello"), ["x-ockham-tier": "t0"])
    #expect(asked.tier == 0 && asked.observed == nil && !asked.isEligible)
  }

  @Test func keysAndPoliciesThatAreNamed() throws {
    let router = try router {
      $0.observe?.keys = ["alice"]
      $0.observe?.policies = ["watched"]
      $0.policies["watched"] = PolicyConfiguration()
      $0.rules = [Rule(name: "switch", conditions: [.keywords(["careful"])], action: .policy("watched"))]
    }
    func isWatched(_ model: String, _ key: String?, _ text: String = "Hello") throws -> Bool {
      let decision = try router.route(RouterFixture.chat(model: model, text), key: key.map(self.key))
      #expect((decision.observed != nil) == (decision.tier == 2))
      return decision.observed != nil
    }
    #expect(try isWatched("auto:watched", "alice"))
    #expect(try !isWatched("auto:watched", "bob"))
    #expect(try !isWatched("auto:watched", nil))
    #expect(try !isWatched("auto", "alice"))
    #expect(try isWatched("auto", "alice", "be careful"), "the policy that a rule chose")
  }

  /// A share is one of conversations: each is watched from its first turn to its last, or not at all.
  @Test func shareOfConversations() throws {
    let router = try router { $0.observe?.share = 0.25 }
    var watched = 0
    for index in 0..<2000 {
      let turns = ["Question \(index)", "Answer", "And then?"]
      let first = try router.route(RouterFixture.chat(turns[0])).observed != nil
      let last = try router.route(RouterFixture.chat(turns: turns)).observed != nil
      #expect(first == last)
      watched += first ? 1 : 0
    }
    // Four standard deviations of a fair draw.
    #expect(abs(watched - 500) < 78, "\(watched)")
  }

  /// The conversation stays where it would be, and every turn of it may be labelled: none stays where it is for that.
  @Test func conversationsStayWhereTheyWouldBe() throws {
    let router = try router {
      $0.policies["high"] = {
        var policy = PolicyConfiguration(); policy.thresholds = [0, 0]; return policy
      }()
    }
    let first = try router.route(RouterFixture.chat(model: "auto:high", "Hello"))
    #expect(first.observed?.tier == 2)
    let second = try router.route(RouterFixture.chat(turns: ["Hello", "Hi", "Thanks"]))
    #expect(second.tier == 2 && second.reason == .observe && second.isEligible)
    #expect(second.observed?.tier == 2 && second.observed?.reason == .session)
    // What the turn would get by itself is known too: policies are compared by that.
    let alone = try self.router().route(RouterFixture.chat(turns: ["Hello", "Hi", "Thanks"]))
    #expect(second.observed?.proposedTier == alone.observed?.tier && alone.observed?.tier == 1)
  }

  /// What would be is not left to chance: labels are drawn with probabilities of their own.
  @Test func nothingIsDrawn() throws {
    let router = try router(draw: 0) { $0.policies["default"]?.explorationRate = 0.5 }
    let decision = try router.route(RouterFixture.chat("Hello"))
    #expect(decision.observed?.reason == .policy(.gainReachesThreshold) && decision.observed?.propensity == 1)
  }

  /// Clients that name a model get it, and the decision for `auto` is made beside.
  @Test func modelsThatAreNamed() throws {
    let router = try router {
      $0.observe?.models = ["mock/m2": "t2", "e": "t1", "t0": "t0"]
      $0.rules = [
        Rule(name: "pin", conditions: [.keywords(["secret"])], action: .pin(tier: "t0")),
        Rule(name: "not here", conditions: [.keywords(["private"])], action: .forbid(tiers: ["t0"])),
      ]
    }
    for (model, tier, target) in [("mock/m2", 2, "mock/m2"), ("e", 1, "embedding"), ("t0", 0, nil)] {
      let decision = try router.route(RouterFixture.chat(model: model, "Hello"))
      #expect(decision.tier == tier && decision.target == target && decision.reason == .requested && decision.isPinned)
      #expect(decision.observed?.tier == 1 && decision.isEligible && decision.propensity == 1)
      #expect(
        decision.probabilities == [0.5, 0.7, 0.8]
          && decision.allowedTiers == (target == "embedding" ? [] : TierSet(only: tier)))
      #expect(router.plan(for: decision).steps.map(\.target.name) == [target ?? "mock/m0"])
    }
    // The tier's other names are no names of the model.
    #expect(try router.route(RouterFixture.chat(model: "m2", "Hello")).observed == nil)
    #expect(try router.route(RouterFixture.chat("Hello"), ["x-ockham-tier": "t0"]).observed == nil)
    let secret = try router.route(RouterFixture.chat(model: "mock/m2", "a secret"))
    #expect(secret.observed == nil && secret.tier == 2 && !secret.isEligible)
    let away = try router.route(RouterFixture.chat(model: "mock/m2", "private"))
    #expect(away.forbiddenTiers == [0] && away.observed?.allowedTiers == [1, 2])
    // A request that no tier may answer goes where it says.
    let limited = try router.route(
      RouterFixture.chat(model: "mock/m2", "Hello"), ["x-ockham-max-cost-usd": "0.000000001"])
    #expect(limited.observed == nil && limited.target == "mock/m2")
  }

  @Test func aTierThatIsNotThere() throws {
    #expect(throws: ConfigurationProblem.self) { try router(tier: "t9") }
  }
}
