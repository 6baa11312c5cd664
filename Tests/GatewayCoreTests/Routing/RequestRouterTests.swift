import Ockham
import Testing

@testable import ChatProtocols
@testable import GatewayCore

/// Names, limits, options and policies.
struct RequestRouterTests {
  /// Tier 1 wins 0.2 over tier 0, tier 2 another 0.1; each step must win 0.15.
  private func router(
    _ change: (inout GatewayConfiguration) -> Void = { _ in }, task: TaskKind? = nil, hasModel: Bool = true
  ) throws -> RequestRouter {
    var configuration = RouterFixture.configuration()
    change(&configuration)
    let model = try RouterFixture.model([0.5, 0.7, 0.8], steps: [0.15, 0.15], task: task)
    return try RequestRouter(
      configuration: configuration, model: hasModel ? model : nil, prices: RouterFixture.prices(), random: { 0.5 })
  }

  @Test(
    arguments: [
      ("auto", 1, nil, "gain_reaches_threshold"), ("auto:default", 1, nil, "gain_reaches_threshold"),
      ("auto:cheap", 0, nil, "gain_below_threshold"), ("router-default-0.05", 2, nil, "gain_reaches_threshold"),
      ("router-default-0.3", 0, nil, "gain_below_threshold"), ("router-default-1e-2", nil, nil, "model_not_found"),
      ("t2", 2, nil, "requested"), ("mock/m0", 0, "mock/m0", "requested"), ("m2", 2, "mock/m2", "requested"),
      ("embedding", nil, "embedding", "requested"), ("e", nil, "embedding", "requested"),
      ("nothing", nil, nil, "model_not_found"), ("auto:nothing", nil, nil, "model_not_found"),
      ("router-mf-0.1", nil, nil, "model_not_found"), ("router-default-2", nil, nil, "model_not_found"),
      ("router-default-nan", nil, nil, "model_not_found"), ("router--0.1", nil, nil, "model_not_found"),
      ("router-", nil, nil, "model_not_found"), ("", nil, nil, "model_not_found"),
    ] as [(String, Int?, String?, String)])
  func modelNames(model: String, tier: Int?, target: String?, reason: String) throws {
    let router = try router {
      $0.policies["cheap"] = {
        var p = PolicyConfiguration(); p.thresholds = [1, 1]; return p
      }()
    }
    let chat = try RouterFixture.chat(model: model, "Hello")
    if reason == "model_not_found" {
      let error = gatewayError { _ = try router.route(chat) }
      #expect(error?.code == .modelNotFound)
      #expect(error?.status == 404)
      #expect(error?.param == "model")
    } else {
      let decision = try router.route(chat)
      #expect(decision.tier == tier)
      #expect(decision.target == target)
      #expect(decision.reason.name == reason)
    }
  }

  @Test func decisionsSayWhy() throws {
    let decision = try router(task: .code).route(RouterFixture.chat("Hello"))
    #expect(decision.probabilities == [0.5, 0.7, 0.8])
    #expect(abs(decision.gain - 0.2) < 1e-6)
    #expect(decision.threshold == 0.15)
    #expect(decision.task == .code)
    #expect(decision.propensity == 1)
    #expect(decision.policy == "default")
    #expect(decision.modelIdentifier != nil)
    #expect(decision.allowedTiers == [0, 1, 2])
    let cost = try #require(decision.expectedCostUSD)
    // 21 bytes of message and overhead are 5 tokens; an answer counts 512.
    #expect(abs(cost - 517 * 2e-6) < 1e-12)
  }

  @Test func withoutAModelTheCheapestAllowedAnswers() throws {
    let router = try router({ $0.tiers[0].hasTools = false }, hasModel: false)
    #expect(try router.route(RouterFixture.chat("Hello")).reason == .cheapest)
    let tools = #","tools":[{"type":"function","function":{"name":"f"}}]"#
    let decision = try router.route(RouterFixture.chat("Hello", more: tools))
    #expect(decision.tier == 1)
    #expect(decision.allowedTiers == [1, 2])
    #expect(decision.probabilities.isEmpty)
  }

  @Test func capabilitiesExclude() throws {
    let router = try router { $0.tiers[1].hasTools = false }
    let tools = #","tools":[{"type":"function","function":{"name":"f"}}]"#
    #expect(try router.route(RouterFixture.chat("Hello", more: tools)).allowedTiers == [0, 2])
    let none = try self.router { for tier in 0..<3 { $0.tiers[tier].hasTools = false } }
    let error = gatewayError { _ = try none.route(RouterFixture.chat("Hello", more: tools)) }
    #expect(error?.code == .noTierAllowed)
    #expect(error?.status == 400)
    #expect(error?.message.contains("tools excludes t0, t1, t2") == true)
  }

  @Test func anEstimateAloneRefusesNothing() throws {
    let router = try router {
      for tier in 0..<3 { $0.tiers[tier].contextTokens = [1000, 9000, 9000][tier] }
      $0.tiers[2].hasImages = false
    }
    let long = String(repeating: "word ", count: 20_000)
    let decision = try router.route(RouterFixture.chat(long))
    #expect(decision.tier == 1)
    #expect(decision.allowedTiers == [1])
    #expect(decision.reason == .policy(.onlyAllowedTier))
  }

  @Test func budgetsExcludeTiers() throws {
    // 517 tokens cost 0.0005, 0.001 and 0.002 USD.
    let router = try router()
    let chat = try RouterFixture.chat("Hello")
    #expect(try router.route(chat, ["x-ockham-max-cost-usd": "0.0007"]).tier == 0)
    #expect(try router.route(chat, ["x-ockham-max-cost-usd": "0.0007"]).reason == .policy(.onlyAllowedTier))
    let error = gatewayError { _ = try router.route(chat, ["x-ockham-max-cost-usd": "1e-9"]) }
    #expect(error?.code == .noTierAllowed)
    #expect(error?.message.contains("the limit of cost excludes t0, t1, t2") == true)
  }

  @Test func requestsTightenLimitsAndNeverLoosenThem() throws {
    let router = try router {
      $0.policies["default"]?.maximumCostUSD = 0.0007
      $0.policies["default"]?.minimumQuality = 0.3
    }
    let chat = try RouterFixture.chat("Hello")
    #expect(try router.route(chat, ["x-ockham-max-cost-usd": "100"]).tier == 0)
    let open = try self.router()
    #expect(try open.route(chat, ["x-ockham-min-quality": "0.75"]).tier == 2)
    #expect(try open.route(chat, ["x-ockham-min-quality": "0.75"]).reason == .policy(.minimumQuality))
    #expect(try open.route(chat, ["x-ockham-min-quality": "0.99"]).reason == .policy(.bestEffort))
  }

  @Test func latencyExcludes() throws {
    let router = try router { $0.tiers[1].latencyMilliseconds = 900 }
    #expect(try router.route(RouterFixture.chat("Hello"), ["x-ockham-max-latency-ms": "500"]).allowedTiers == [0, 2])
  }

  @Test func bodiesHoldOptionsToo() throws {
    let router = try router()
    let body = #","ockham":{"max_cost_usd":0.0007,"min_quality":null}"#
    #expect(try router.route(RouterFixture.chat("Hello", more: body)).tier == 0)
    // The header counts before the body.
    #expect(try router.route(RouterFixture.chat("Hello", more: body), ["x-ockham-max-cost-usd": "1"]).tier == 1)
    #expect(try router.route(RouterFixture.chat("Hello", more: #","ockham":{"tier":"t2"}"#)).tier == 2)
  }

  @Test(arguments: [
    (#"{"max_cost_usd":"1"}"#, GatewayError.Code.invalidType, "ockham.max_cost_usd"),
    (#"{"max_cost_usd":-1}"#, .invalidValue, "ockham.max_cost_usd"),
    (#"{"max_cost_usd":0}"#, .invalidValue, "ockham.max_cost_usd"),
    (#"{"min_quality":1.5}"#, .invalidValue, "ockham.min_quality"), (#"{"tier":3}"#, .invalidType, "ockham.tier"),
    (#"{"tear":"t1"}"#, .invalidValue, "ockham"), ("[]", .invalidType, "ockham"), ("7", .invalidType, "ockham"),
    (#"{"tier":"nope"}"#, .modelNotFound, "x-ockham-tier"), (#"{"policy":"nope"}"#, .modelNotFound, "x-ockham-policy"),
    (#"{"policy":"default","tier":"t1"}"#, .invalidValue, "model"),
  ])
  func badOptionsAreNamed(field: String, code: GatewayError.Code, param: String) throws {
    let router = try router()
    let chat = try RouterFixture.chat("Hello", more: ",\"ockham\":" + field)
    let error = gatewayError { _ = try router.route(chat) }
    #expect(error?.code == code)
    #expect(error?.param == param)
  }

  @Test(arguments: ["abc", "-1", "nan", "inf", "1e999", "0"])
  func badHeadersAreNamed(value: String) throws {
    let router = try router()
    let chat = try RouterFixture.chat("Hello")
    let error = gatewayError { _ = try router.route(chat, ["x-ockham-max-cost-usd": value]) }
    #expect(error?.code == .invalidValue)
    #expect(error?.param == "x-ockham-max-cost-usd")
  }

  @Test func tiersInHeadersAreForAuto() throws {
    let router = try router()
    #expect(try router.route(RouterFixture.chat("Hello"), ["x-ockham-tier": "t2"]).tier == 2)
    let chat = try RouterFixture.chat(model: "t0", "Hello")
    #expect(gatewayError { _ = try router.route(chat, ["x-ockham-tier": "t2"]) }?.code == .invalidValue)
  }

  @Test func keysMayOnlyAskForTheirModels() throws {
    let router = try router()
    var key = KeyConfiguration(name: "k", sha256: "")
    key.models = ["auto", "mock/*"]
    #expect(try router.route(RouterFixture.chat("Hello"), key: key).tier == 1)
    #expect(try router.route(RouterFixture.chat(model: "auto:default", "Hello"), key: key).tier == 1)
    #expect(try router.route(RouterFixture.chat(model: "m2", "Hello"), key: key).tier == 2)
    for (model, headers) in [
      ("t2", [:]), ("embedding", [:]), ("router-default-0", [:]), ("auto", ["x-ockham-tier": "t2"]),
    ] {
      let chat = try RouterFixture.chat(model: model, "Hello")
      let error = gatewayError { _ = try router.route(chat, headers, key: key) }
      #expect(error?.code == .modelNotAllowed)
      #expect(error?.status == 403)
    }
    #expect(
      router.modelNames(for: key)
        == ["auto", "auto:default", "mock/m0", "mock/m1", "mock/m2"].filter { key.allows($0) })
    #expect(router.modelNames(for: nil).count == 9)
  }

  @Test func tasksArePinned() throws {
    let pin: (inout GatewayConfiguration) -> Void = { configuration in
      configuration.policies["default"]?.taskPins = [.math: ["t0", "t2"]]
    }
    #expect(try router(pin, task: .math).route(RouterFixture.chat("Hello")).allowedTiers == [0, 2])
    #expect(try router(pin, task: .chat).route(RouterFixture.chat("Hello")).allowedTiers == [0, 1, 2])
  }

  /// A threshold of the client's choice opens no policy: that must be listed by itself, unless the very name is.
  @Test(
    arguments: [
      (["router-*"], "router-careful-0", false), (["router-*", "auto"], "router-careful-0", false),
      (["router-*", "auto:careful"], "router-careful-0", true), (["router-*", "auto:*"], "router-careful-0", true),
      (["router-careful-0"], "router-careful-0", true), (["router-careful-0"], "router-careful-0.1", false),
      (["router-careful-*"], "router-careful-0", false), (["*"], "router-careful-0", true),
      (["router-*", "auto"], "router-default-0.1", true), (["router-*", "auto:default"], "router-default-0.1", true),
      (["router-*"], "router-default-0.1", false), (["auto:careful"], "router-careful-0", false),
    ] as [([String], String, Bool)])
  func thresholdsOpenNoPolicies(models: [String], name: String, isAllowed: Bool) throws {
    var configuration = RouterFixture.configuration()
    configuration.policies["careful"] = PolicyConfiguration()
    let router = try RequestRouter(
      configuration: configuration, model: RouterFixture.model([0.5, 0.7, 0.8], steps: [0.1, 0.1]),
      prices: RouterFixture.prices())
    var key = KeyConfiguration(name: "a", sha256: "")
    key.models = Set(models)
    let chat = try RouterFixture.chat(model: name, "Hello")
    let error = gatewayError { _ = try router.route(chat, key: key) }
    #expect(error?.code == (isAllowed ? nil : .modelNotAllowed), "\(models) \(name)")
  }

  @Test func repeatedPromptsAreRemembered() throws {
    let router = try router()
    let chat = try RouterFixture.chat("Hello")
    #expect(try !router.route(chat).isFromCache)
    // Another policy can use the same scores.
    let again = try router.route(RouterFixture.chat(model: "router-default-0.05", "Hello"))
    #expect(again.isFromCache)
    #expect(again.tier == 2)
    #expect(try !router.route(RouterFixture.chat("Hello!")).isFromCache)
    // What one client asked, no other is told.
    let (a, b) = (KeyConfiguration(name: "a", sha256: ""), KeyConfiguration(name: "b", sha256: ""))
    #expect(try !router.route(chat, key: a).isFromCache && !router.route(chat, key: b).isFromCache)
    #expect(try router.route(chat, key: a).isFromCache)
    let none = try self.router { $0.decisionCacheEntries = 0 }
    _ = try none.route(chat)
    #expect(try !none.route(chat).isFromCache)
  }

  @Test func endpointsWithoutRoutingNameTheirTarget() throws {
    let router = try router()
    #expect(try router.target(named: "e", key: nil).target.name == "embedding")
    #expect(try router.target(named: "m1", key: nil).tier == 1)
    for model in ["auto", "t1", "nothing"] {
      #expect(gatewayError { _ = try router.target(named: model, key: nil) }?.code == .modelNotFound)
    }
    var key = KeyConfiguration(name: "k", sha256: "")
    key.models = ["auto"]
    #expect(gatewayError { _ = try router.target(named: "e", key: key) }?.code == .modelNotAllowed)
  }

  @Test func unpricedTargetsAreListed() throws {
    #expect(try router().unpricedTargets.isEmpty)
    let demo = try RequestRouter(configuration: .demo(), model: nil)
    #expect(demo.unpricedTargets == ["mock/small", "mock/mid", "mock/frontier"])
  }

  @Test func modelsMustFitTheTiers() throws {
    let model = try RouterFixture.model([0.5, 0.7], steps: [0.1])
    #expect(throws: ConfigurationProblem.self) {
      try RequestRouter(configuration: RouterFixture.configuration(tiers: 3), model: model)
    }
    var wrong = RouterFixture.configuration(tiers: 2)
    wrong.policies["default"]?.thresholds = [0.1, 0.2]
    #expect(throws: ConfigurationProblem.self) { try RequestRouter(configuration: wrong, model: model) }
    var none = RouterFixture.configuration()
    none.tiers = []
    #expect(throws: ConfigurationProblem.self) { try RequestRouter(configuration: none, model: nil) }
  }

  @Test func manyThreadsAgree() async throws {
    let router = try router()
    let tiers = try await withThrowingTaskGroup(of: Int?.self) { group in
      for index in 0..<200 {
        group.addTask { try router.route(RouterFixture.chat("Question \(index % 50)")).tier }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(tiers.count == 200)
    #expect(tiers.allSatisfy { $0 == 1 })
  }
}
