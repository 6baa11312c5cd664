import TextKit
import Testing

@testable import GatewayCore

/// What decides has one name, wherever and however often it is computed.
struct PolicyIdentityTests {
  private func identity(
    prices: PriceCatalogue = RouterFixture.prices(), steps: [Float] = [0.15, 0.15],
    _ change: (inout GatewayConfiguration) -> Void = { _ in }
  ) throws -> PolicyIdentity {
    var configuration = RouterFixture.configuration()
    configuration.policies["careful"] = PolicyConfiguration()
    configuration.rules = [
      Rule(
        name: "a", conditions: [.languages(["de", "fr", "en"]), .keys(["x", "y", "z"])],
        action: .forbid(tiers: ["t0", "t1"]))
    ]
    change(&configuration)
    let model = try RouterFixture.model([0.5, 0.7, 0.8], steps: steps)
    return try RequestRouter(configuration: configuration, model: model, prices: prices).identity
  }

  @Test func sameOverRuns() throws {
    let (first, second) = (try identity(), try identity())
    #expect(first == second && first.columns.map(\.name).first == "policy_hash")
    // Sets and dictionaries have another order in each process: these digits were seen in an earlier one.
    #expect(first.rules.hexadecimal == "02d16ea2aeedf78f")
    #expect(first.thresholds.hexadecimal == "d5234ec9264f2b9c")
    #expect(first.prices.hexadecimal == "a03e76ddb6ca9f12")
  }

  /// A change of one part changes that and the whole, and no other.
  @Test func partsAreTold() throws {
    typealias Part = KeyPath<PolicyIdentity, UInt64>
    let before = try identity()
    let changes: [(String, Part, PolicyIdentity)] = [
      ("price", \.prices, try identity(prices: RouterFixture.prices(tiers: 2))),
      ("own thresholds", \.thresholds, try identity { $0.policies["careful"]?.thresholds = [0.1, 0.15] }),
      ("quality", \.thresholds, try identity { $0.policies["careful"]?.minimumQuality = 0.5 }),
      ("cost", \.thresholds, try identity { $0.policies["default"]?.maximumCostUSD = 0.5 }),
      ("latency", \.thresholds, try identity { $0.policies["default"]?.maximumLatencyMilliseconds = 0.5 }),
      ("pins", \.thresholds, try identity { $0.policies["default"]?.taskPins = [.code: ["t1"]] }),
      ("exploration", \.thresholds, try identity { $0.policies["default"]?.explorationRate = 0.1 }),
      ("cascade", \.thresholds, try identity { $0.policies["default"]?.cascade = CascadeConfiguration() }),
      ("ensemble", \.thresholds, try identity { $0.policies["default"]?.ensemble = EnsembleConfiguration() }),
      ("sessions", \.thresholds, try identity { $0.sessions.isSticky = false }),
      ("new policy", \.thresholds, try identity { $0.policies["third"] = PolicyConfiguration() }),
      ("name", \.rules, try identity { $0.rules[0].name = "b" }),
      ("condition", \.rules, try identity { $0.rules[0].conditions[0] = .languages(["de", "fr"]) }),
      ("action", \.rules, try identity { $0.rules[0].action = .atLeast(tier: "t1") }),
      ("privacy", \.rules, try identity { $0.rules[0].isPrivate = true }),
      ("no rule", \.rules, try identity { $0.rules = [] }),
      ("window", \.rules, try identity { $0.tiers[0].contextTokens = 100 }),
      ("tools", \.rules, try identity { $0.tiers[0].hasTools = false }),
    ]
    for (name, part, after) in changes {
      #expect(after.hash != before.hash, "\(name)")
      for other: Part in [\.model, \.thresholds, \.rules, \.prices] {
        #expect((after[keyPath: other] != before[keyPath: other]) == (other == part), "\(name)")
      }
    }
    #expect(Set(changes.map(\.2.hash)).count == changes.count)
    let retrained = try identity(steps: [0.1, 0.15])
    #expect(retrained.model != before.model && retrained.thresholds != before.thresholds)
  }

  /// What does not decide.
  @Test func theRestIsNoPart() throws {
    let before = try identity()
    #expect(try identity { $0.observe = ObserveConfiguration(tier: "t2") } == before)
    #expect(try identity { $0.retries.attemptsPerTarget = 5 } == before)
    #expect(try identity { $0.telemetry.prompts = .none } == before)
  }
}
