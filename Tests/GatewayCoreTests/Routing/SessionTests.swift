import ChatProtocols
import Ockham
import Testing
import TextKit

@testable import GatewayCore

/// Conversations, exploration and plans.
struct SessionTests {
  private func router(
    costs: [Double] = [0, 1, 2], prices: PriceCatalogue = RouterFixture.prices(),
    draws: Draws = Draws([0.999]), _ change: (inout GatewayConfiguration) -> Void = { _ in }
  ) throws -> RequestRouter {
    var configuration = RouterFixture.configuration()
    change(&configuration)
    let model = try RouterFixture.model([0.5, 0.7, 0.8], steps: [0.15, 0.15], costs: costs)
    return try RequestRouter(configuration: configuration, model: model, prices: prices, random: { draws.next() })
  }

  private static let header = ["x-ockham-session": "c1"]

  @Test func conversationsKeepTheirTier() throws {
    // The policy would take t1 each time; the first turn went to t2 for its quality.
    let router = try router { $0.sessions.weighsCache = false }
    let first = try router.route(RouterFixture.chat("Hi"), ["x-ockham-min-quality": "0.75"])
    #expect(first.tier == 2)
    let second = try router.route(RouterFixture.chat("Hi", "Hello", "And then?"))
    #expect(second.tier == 2)
    #expect(second.reason == .session)
    #expect(second.session == first.session)
    #expect(try router.route(RouterFixture.chat("Another", "Hello", "And then?")).tier == 1)
  }

  @Test func decisionsWithoutARequestAreForgotten() throws {
    let router = try router { $0.sessions.weighsCache = false }
    let chat = try RouterFixture.chat("Hi")
    let headers = ["x-ockham-min-quality": "0.75"]
    #expect(try router.route(chat, header: { headers[$0] }, key: nil, time: 0, remembers: false).tier == 2)
    #expect(router.sessions.count == 0)
  }

  @Test func conversationsAreToldByTheirOpening() throws {
    func id(_ turns: String..., system: String = "s", key: String? = nil, name: String? = nil) -> UInt64 {
      let roles: [Role] = [.user, .assistant, .user]
      let messages = zip(roles, turns).map { Segment(role: $0, text: $1) }
      let request = Request(segments: [Segment(role: .system, text: system)] + messages)
      return Conversation(request, name: name, key: key).id
    }
    let long = String(repeating: "x", count: 5000)
    let ids = [
      id("a"), id("b"), id("a", system: "t"), id("a", key: "k"), id("a", name: "a"), id("a", name: "b"), id(""),
      id(long + "1"), id(long + "2"), id("1" + long), id(long), id("as", system: ""),
    ]
    #expect(Set(ids).count == ids.count)
    #expect(id("a") == id("a", "b", "c"))
    #expect(id("a", name: "n") == id("b", system: "t", name: "n"))
  }

  @Test func onlyConversationsStick() throws {
    let router = try router { $0.sessions.weighsCache = false }
    _ = try router.route(RouterFixture.chat("Hi"), ["x-ockham-min-quality": "0.75"])
    // The same first message again may be another conversation.
    #expect(try router.route(RouterFixture.chat("Hi")).tier == 1)
  }

  @Test func namedConversationsStickFromTheirFirstAnswer() throws {
    let router = try router { $0.sessions.weighsCache = false }
    var headers = Self.header
    headers["x-ockham-min-quality"] = "0.75"
    _ = try router.route(RouterFixture.chat("Hi"), headers)
    #expect(try router.route(RouterFixture.chat("Something else"), Self.header).tier == 2)
    #expect(try router.route(RouterFixture.chat("Something else"), ["x-ockham-session": "c2"]).tier == 1)
    let key = KeyConfiguration(name: "other", sha256: "")
    #expect(try router.route(RouterFixture.chat("Something else"), Self.header, key: key).tier == 1)
  }

  @Test func conversationsEnd() throws {
    let router = try router { ($0.sessions.weighsCache, $0.sessions.timeToLiveSeconds) = (false, 60) }
    var headers = Self.header
    headers["x-ockham-min-quality"] = "0.75"
    _ = try router.route(RouterFixture.chat("Hi"), headers, at: 0)
    #expect(try router.route(RouterFixture.chat("a"), Self.header, at: 59).tier == 2)
    #expect(try router.route(RouterFixture.chat("a"), Self.header, at: 118).tier == 2)
    #expect(try router.route(RouterFixture.chat("a"), Self.header, at: 178).tier == 1)
  }

  @Test func switchedOffNothingSticks() throws {
    let router = try router { $0.sessions.isSticky = false }
    var headers = Self.header
    headers["x-ockham-min-quality"] = "0.75"
    let decision = try router.route(RouterFixture.chat("Hi"), headers)
    #expect(decision.session == nil)
    #expect(try router.route(RouterFixture.chat("Hi"), Self.header).tier == 1)
  }

  @Test func constraintsAndQualityMoveAConversation() throws {
    let router = try router { $0.sessions.weighsCache = false }
    router.sessions.set(
      .init(tier: 0, propensity: 1), for: Conversation(try RouterFixture.chat("a").request, name: "c1", key: nil).id,
      at: 0)
    #expect(try router.route(RouterFixture.chat("a"), Self.header).tier == 0)
    let better = try router.route(RouterFixture.chat("a"), Self.header.merging(["x-ockham-min-quality": "0.6"]) { $1 })
    #expect(better.tier == 1)
    let fast = try self.router { $0.tiers[0].latencyMilliseconds = 900 }
    fast.sessions.set(
      .init(tier: 0, propensity: 1), for: Conversation(try RouterFixture.chat("a").request, name: "c1", key: nil).id,
      at: 0)
    let moved = try fast.route(RouterFixture.chat("a"), Self.header.merging(["x-ockham-max-latency-ms": "500"]) { $1 })
    #expect(moved.tier == 1)
  }

  /// In t0, the policy proposes t1, which wins 0.2 where 0.15 is asked for: 0.05 is left to pay for the cache.
  @Test(arguments: [(10, 1), (60_000, 0)])
  func movingPaysForTheCache(words: Int, tier: Int) throws {
    // λ = 0.3 / 0.6 USD = 0.5 per USD; t0's discount is 0.9 USD per million tokens.
    let router = try router(costs: [0, 0.3, 0.6])
    let chat = try RouterFixture.chat("Hi", String(repeating: "word ", count: words * 10), "And then?")
    router.sessions.set(.init(tier: 0, propensity: 1), for: Conversation(chat.request, name: nil, key: nil).id, at: 0)
    let decision = try router.route(chat)
    #expect(decision.tier == tier)
    #expect((decision.reason == .session) == (tier == 0))
    if tier == 0 {
      // 750,000 tokens · 0.9e-6 USD · 0.5 = 0.3375, above the step of 0.15.
      #expect(abs(decision.threshold - 0.4875) < 0.001)
      #expect(abs(decision.gain - 0.2) < 1e-6)
    }
  }

  /// In t2 by its first turn; the policy proposes t1 for every other, and the cache is worth nothing.
  @Test func onlySeveralLowerTurnsMoveAConversationDown() throws {
    let router = try router(costs: [0, 0.3, 0.6]) { $0.sessions.lowerTurns = 3 }
    _ = try router.route(RouterFixture.chat("Hi"), ["x-ockham-min-quality": "0.75"])
    var turns = ["Hi", "Hello"]
    func next(_ headers: [String: String] = [:]) throws -> Int? {
      let decision = try router.route(RouterFixture.chat(turns: turns + ["Thanks"]), headers)
      turns += ["Thanks", "Yes"]
      return decision.tier
    }
    #expect(try next() == 2)
    #expect(try next() == 2)
    // A turn that needs the tier begins the count anew.
    #expect(try next(["x-ockham-min-quality": "0.75"]) == 2)
    #expect(try next() == 2)
    #expect(try next() == 2)
    #expect(try next() == 1)
    let hasty = try self.router(costs: [0, 0.3, 0.6]) { $0.sessions.lowerTurns = 1 }
    _ = try hasty.route(RouterFixture.chat("Hi"), ["x-ockham-min-quality": "0.75"])
    #expect(try hasty.route(RouterFixture.chat("Hi", "Hello", "Thanks")).tier == 1)
  }

  @Test func loopsOfToolCallsStayWhateverTheyWouldBeGiven() throws {
    let router = try router { $0.sessions.lowerTurns = 1 }
    func chat(_ end: String) throws -> ChatRequest {
      try RouterFixture.chat(
        body: #"""
          {"model":"auto","messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":null,"tool_calls":[
          {"id":"1","type":"function","function":{"name":"ls","arguments":"{}"}}]},
          {"role":"tool","tool_call_id":"1","content":"\#(end)"}]}
          """#)
    }
    router.sessions.set(
      .init(tier: 0, propensity: 0.5), for: Conversation(try chat("").scored, name: nil, key: nil).id, at: 0)
    // Neither quality nor gain moves it.
    let held = try router.route(try chat("a.swift"), ["x-ockham-min-quality": "0.75"], at: 1)
    #expect(held.tier == 0 && held.reason == .session && held.propensity == 0.5)
    #expect(try router.route(try chat("b"), ["x-ockham-max-latency-ms": "500"], at: 2).tier == 0)
  }

  @Test func agentsNameTheirSessions() throws {
    func id(_ system: String, _ user: String, session: String?) -> UInt64 {
      let segments = [Segment(role: .system, text: system), Segment(role: .user, text: user)]
      return Conversation(Request(segments: segments), name: nil, session: session, key: nil).id
    }
    let head = String(repeating: "You are an agent. ", count: 12)
    #expect(id(head + "Monday", "a", session: "s") == id(head + "Tuesday and more", "a", session: "s"))
    let others = [
      id(head, "a", session: "s"), id(head, "b", session: "s"), id(head, "a", session: "t"),
      id(head, "a", session: nil),
      id("Find a title.", "a", session: "s"),
    ]
    #expect(Set(others).count == others.count)
    func name(_ body: String, _ headers: [String: String] = [:]) throws -> String? {
      AgentSession.name(in: try JSONParser.parse(Array(body.utf8))) { headers[$0] }
    }
    #expect(try name("{}", ["x-claude-code-session-id": "c"]) == "c")
    #expect(try name("{}", ["session_id": "d"]) == "d")
    #expect(try name(#"{"prompt_cache_key":"e"}"#) == "e")
    #expect(try name(#"{"metadata":{"user_id":"user_1_session_2"}}"#) == "user_1_session_2")
    #expect(try name(#"{"metadata":{"user_id":"user_1"}}"#) == nil)
  }

  @Test func withoutPricesAConversationStays() throws {
    let router = try router(prices: PriceCatalogue(prices: [:]))
    let chat = try RouterFixture.chat("Hi", "word", "And then?")
    router.sessions.set(.init(tier: 0, propensity: 1), for: Conversation(chat.request, name: nil, key: nil).id, at: 0)
    #expect(try router.route(chat).tier == 0)
  }

  @Test func tablesAreBounded() {
    var configuration = SessionConfiguration()
    configuration.capacity = 3
    let table = SessionTable(configuration)
    for id in 0..<10 { table.set(SessionTable.Place(tier: 1, propensity: 0.5), for: UInt64(id), at: 0) }
    #expect(table.count == 3)
    #expect(table.place(of: 9, at: 1) == SessionTable.Place(tier: 1, propensity: 0.5))
    #expect(table.place(of: 6, at: 1) == nil)
  }

  @Test func explorationIsLoggedWithItsPropensity() throws {
    let draws = Draws([0.01, 0.99])
    let router = try router(draws: draws) { $0.policies["default"]?.explorationRate = 0.3 }
    let explored = try router.route(RouterFixture.chat("a"))
    #expect(explored.tier == 2)
    #expect(explored.reason == .exploration)
    #expect(abs(explored.propensity - 0.1) < 1e-12)
    draws.set([0.5])
    let greedy = try router.route(RouterFixture.chat("b"))
    #expect(greedy.tier == 1)
    #expect(greedy.reason == .policy(.gainReachesThreshold))
    #expect(abs(greedy.propensity - 0.8) < 1e-12)
  }

  /// The turns of a conversation are one draw: all have its propensity, whichever tier it fell on.
  @Test(arguments: [([0.01, 0.99], 2, 0.1), ([0.5], 1, 0.8)] as [([Double], Int, Double)])
  func heldTurnsHaveThePropensityOfTheirDraw(random: [Double], tier: Int, propensity: Double) throws {
    let draws = Draws(random)
    let router = try router(draws: draws) {
      $0.policies["default"]?.explorationRate = 0.3
      $0.sessions.weighsCache = false
    }
    let first = try router.route(RouterFixture.chat("Hi"))
    #expect(first.tier == tier && abs(first.propensity - propensity) < 1e-12)
    draws.set([0, 0])
    for turns in [["Hi", "Hello", "And then?"], ["Hi", "Hello", "And then?", "That.", "And now?"]] {
      let held = try router.route(RouterFixture.chat(turns: turns))
      #expect(held.tier == tier && held.reason == .session)
      #expect(held.propensity == first.propensity)
    }
    #expect(try router.route(RouterFixture.chat(model: "t0", "Hi", "Hello", "And then?")).propensity == 1)
    // A turn that must leave the drawn tier goes where the policy says, and so do those that follow it.
    let moved = try router.route(
      RouterFixture.chat("Hi", "Hello", "And then?"), ["x-ockham-max-cost-usd": "0.0007"])
    #expect(moved.tier == 0 && moved.propensity == 1)
    #expect(try router.route(RouterFixture.chat("Hi", "Hello", "And then?")).propensity == 1)
  }

  @Test func explorationKeepsToWhatIsAllowed() throws {
    let draws = Draws([0, 0.999])
    let router = try router(draws: draws) { $0.policies["default"]?.explorationRate = 0.5 }
    let narrow = try router.route(RouterFixture.chat("a"), ["x-ockham-max-cost-usd": "0.0007"])
    #expect(narrow.propensity == 1)
    let good = try router.route(RouterFixture.chat("b"), ["x-ockham-min-quality": "0.6"])
    #expect(good.tier == 2)
    #expect(abs(good.propensity - 0.25) < 1e-12)
    #expect(try router.route(RouterFixture.chat(model: "t0", "b")).propensity == 1)
  }

  @Test func propensitiesAreFrequencies() {
    var generator = SystemRandomNumberGenerator()
    let exploration = Exploration(rate: 0.4, tiers: [0, 1, 3])
    var counts = [Int](repeating: 0, count: 4)
    var propensities = [Double](repeating: 0, count: 4)
    for _ in 0..<20_000 {
      let choice = exploration.choose(greedy: 1) { Double.random(in: 0..<1, using: &generator) }
      counts[choice.tier] += 1
      propensities[choice.tier] = choice.propensity
    }
    #expect(counts[2] == 0)
    for tier in [0, 1, 3] { #expect(abs(Double(counts[tier]) / 20_000 - propensities[tier]) < 0.02) }
    #expect(abs(propensities.reduce(0, +) - 1) < 1e-12)
  }

  @Test func plansGoThroughTheTierAndThenUp() throws {
    let router = try router { configuration in
      configuration.tiers[0].targets.append(TargetConfiguration(name: "second", provider: "mock", model: "s"))
    }
    var decision = RoutingDecision(tier: 0, reason: .cheapest, allowedTiers: [0, 2], policy: "default")
    #expect(router.plan(for: decision).steps.map(\.target.name) == ["mock/m0", "second", "mock/m2"])
    #expect(router.plan(for: decision).steps.map(\.tier) == [0, 0, 2])
    decision.tier = 2
    #expect(router.plan(for: decision).steps.map(\.tier) == [2])
    decision.target = "second"
    #expect(router.plan(for: decision).steps.map(\.target.name) == ["second"])
    decision.target = "embedding"
    #expect(router.plan(for: decision).steps.map(\.tier) == [nil])
    decision.target = "gone"
    #expect(router.plan(for: decision).steps.isEmpty)
    let calm = try self.router { $0.retries.escalates = false }
    decision = RoutingDecision(tier: 0, reason: .cheapest, allowedTiers: [0, 1, 2], policy: "default")
    #expect(calm.plan(for: decision).steps.map(\.tier) == [0])
  }

  @Test func plansDrawTheirFirstTargetByWeight() throws {
    let draws = Draws([])
    let router = try router(draws: draws) { configuration in
      configuration.tiers[0].targets = [("a", 1.0), ("b", 0), ("c", 3)].map { name, weight in
        var target = TargetConfiguration(name: name, provider: "mock", model: name)
        target.weight = weight
        return target
      }
      configuration.retries.escalates = false
    }
    var decision = RoutingDecision(tier: 0, reason: .cheapest, allowedTiers: [0], policy: "default")
    for (share, order) in [
      (0.0, ["a", "b", "c"]), (0.24, ["a", "b", "c"]), (0.26, ["c", "a", "b"]), (0.999, ["c", "a", "b"]),
    ] {
      draws.set([share])
      #expect(router.plan(for: decision).steps.map(\.target.name) == order)
    }
    // A conversation begins at the same target each time.
    var starts: [String: Int] = [:]
    for session in 0..<1000 {
      decision.session = UInt64(session)
      let first = router.plan(for: decision).steps[0].target.name
      #expect(router.plan(for: decision).steps[0].target.name == first)
      starts[first, default: 0] += 1
    }
    #expect(starts["b"] == nil)
    #expect((180...320).contains(starts["a"] ?? 0))
  }
}
