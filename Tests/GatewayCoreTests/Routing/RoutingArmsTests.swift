import Ockham
import Testing

@testable import ChatProtocols
@testable import GatewayCore

/// Which conversations a candidate is given.
struct RoutingArmsTests {
  /// The incumbent sends all to tier 0, the candidate to tier 2.
  private func arms(share: Double, salt: String = "5a") throws -> RoutingArms {
    func router(_ steps: [Float]) throws -> RequestRouter {
      try RequestRouter(
        configuration: RouterFixture.configuration(), model: RouterFixture.model([0.5, 0.7, 0.8], steps: steps),
        prices: RouterFixture.prices(), random: { 0.5 })
    }
    return RoutingArms(
      incumbent: try router([1, 1]),
      canary: share > 0 ? .init(router: try router([0, 0]), share: share, salt: salt) : nil)
  }

  @Test func withoutACanaryTheIncumbentDecides() throws {
    let decision = try arms(share: 0).route(RouterFixture.chat("Hello"), header: { _ in nil }, key: nil, time: 0)
    #expect(decision.tier == 0)
  }

  /// Of 4,000 conversations the candidate has its share, within four standard errors, and another salt picks others.
  @Test(arguments: [0.05, 0.3, 0.9]) func theShareIsHit(share: Double) throws {
    let (one, other) = (try arms(share: share), try arms(share: share, salt: "c3"))
    var (count, both) = (0, 0)
    let total = 4000
    for index in 0..<total {
      let chat = try RouterFixture.chat("Question \(index)")
      let tiers = try [one, other].map { try $0.route(chat, header: { _ in nil }, key: nil, time: 0).tier }
      count += tiers[0] == 2 ? 1 : 0
      both += tiers == [2, 2] ? 1 : 0
    }
    let (n, p) = (Double(total), share)
    #expect(abs(Double(count) - n * p) < 4 * (n * p * (1 - p)).squareRoot())
    #expect(abs(Double(both) - n * p * p) < 4 * (n * p * p).squareRoot(), "salts pick independently")
  }

  /// All turns of a conversation are one arm's, and the arms remember nothing of each other.
  @Test func conversationsStayWithTheirArm() throws {
    let arms = try arms(share: 0.5)
    for index in 0..<200 {
      let first = try RouterFixture.chat("Question \(index)")
      let next = try RouterFixture.chat(turns: ["Question \(index)", "An answer", "And then?"])
      let decisions = try [first, next].map { try arms.route($0, header: { _ in nil }, key: nil, time: 0) }
      #expect(decisions[0].tier == decisions[1].tier)
      #expect(decisions[0].canary?.isCandidate == decisions[1].canary?.isCandidate)
    }
    #expect(arms.incumbent.sessions !== arms.canary?.router.sessions)
  }

  /// Whichever version decides, the tier of the other is reported.
  @Test func bothVersionsAreTold() throws {
    let arms = try arms(share: 0.5, salt: "5a")
    var seen: Set<Bool> = []
    for index in 0..<50 {
      let decision = try arms.route(RouterFixture.chat("Question \(index)"), header: { _ in nil }, key: nil, time: 0)
      let turn = try #require(decision.canary)
      #expect(turn.canary == "5a" && decision.tier == (turn.isCandidate ? 2 : 0))
      #expect(turn.otherTier == (turn.isCandidate ? 0 : 2))
      seen.insert(turn.isCandidate)
    }
    #expect(seen == [true, false])
    let alone = try self.arms(share: 0).route(RouterFixture.chat("Hello"), header: { _ in nil }, key: nil, time: 0)
    #expect(alone.canary == nil)
  }

  /// Who names a tier gets it from either arm.
  @Test func pinsAreUntouched() throws {
    let arms = try arms(share: 0.5)
    for index in 0..<50 {
      let chat = try RouterFixture.chat(model: "t1", "Question \(index)")
      let decision = try arms.route(chat, header: { _ in nil }, key: nil, time: 0)
      #expect(decision.tier == 1 && decision.canary == nil)
    }
  }
}
