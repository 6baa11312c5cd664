import Ockham
import Testing

@testable import GatewayCore

struct RuleTests {
  private func router(_ rules: [Rule], task: TaskKind? = nil) throws -> RequestRouter {
    var configuration = RouterFixture.configuration()
    configuration.rules = rules
    configuration.policies["cheap"] = {
      var p = PolicyConfiguration(); p.thresholds = [1, 1]; return p
    }()
    let model = try RouterFixture.model([0.5, 0.7, 0.8], steps: [0.15, 0.15], task: task)
    return try RequestRouter(
      configuration: configuration, model: model, prices: RouterFixture.prices(), random: { 0.5 })
  }

  private func rule(_ action: Rule.Action, _ conditions: Rule.Condition..., name: String = "r") -> Rule {
    Rule(name: name, conditions: conditions, action: action)
  }

  @Test func actions() throws {
    let chat = try RouterFixture.chat("Hello")
    func decide(_ action: Rule.Action) throws -> RoutingDecision { try router([rule(action)]).route(chat) }
    #expect(try decide(.pin(tier: "t2")).tier == 2)
    #expect(try decide(.pin(tier: "t2")).reason == .rule(name: "r"))
    // A pin is kept when its tier fails.
    #expect(try decide(.pin(tier: "t0")).allowedTiers == [0])
    #expect(try decide(.target("mock/m0")).target == "mock/m0")
    #expect(try decide(.target("embedding")).tier == nil)
    #expect(try decide(.forbid(tiers: ["t1"])).allowedTiers == [0, 2])
    #expect(try decide(.atLeast(tier: "t2")).allowedTiers == [2])
    #expect(try decide(.atMost(tier: "t1")).allowedTiers == [0, 1])
    #expect(try decide(.policy("cheap")).tier == 0)
    #expect(try decide(.policy("cheap")).policy == "cheap")
    #expect(try decide(.policy("cheap")).rules == ["r"])
  }

  /// A private rule holds where its condition is unknown, and not where it is known not to hold.
  @Test func privateRulesHoldInDoubt() throws {
    let long = String(repeating: "plain words ", count: 6000)
    let cases: [(Rule.Condition, text: String, header: String?, inDoubt: Bool)] = [
      (.languages(["de"]), "ok", nil, true), (.languages(["de"]), "The answer is what they want it to be.", nil, false),
      (.keywords(["secret"]), long, nil, true), (.keywords(["secret"]), "plain words", nil, false),
      (.tasks([.math]), "what is it?", nil, true), (.header(name: "x-class", values: ["private"]), "a", "\"priv", true),
      (.header(name: "x-class", values: ["private"]), "a", " ", true),
      (.header(name: "x-class", values: ["private"]), "a", "public", false),
      (.header(name: "x-class", values: ["private"]), "a", nil, false), (.keys(["a"]), "a", nil, false),
    ]
    for (condition, text, header, inDoubt) in cases {
      for isPrivate in [true, false] {
        var rule = rule(.pin(tier: "t2"), condition, name: "r")
        rule.isPrivate = isPrivate
        let headers = header.map { ["x-class": $0] } ?? [:]
        let decision = try router([rule]).route(RouterFixture.chat(text), headers)
        #expect(decision.rules == (isPrivate && inDoubt ? ["r"] : []), "\(condition) \(text.prefix(20))")
      }
    }
    // All conditions count: one that is known not to hold is enough.
    var both = rule(.pin(tier: "t2"), .languages(["de"]), .hasTools(true))
    both.isPrivate = true
    #expect(try router([both]).route(RouterFixture.chat("ok")).rules.isEmpty)
  }

  /// What rules forbid is forbidden for judges too, what limits exclude is not.
  @Test func forbiddenTiersAreTold() throws {
    #expect(try router([rule(.forbid(tiers: ["t1"]))]).route(RouterFixture.chat("a")).forbiddenTiers == [1])
    #expect(try router([rule(.atMost(tier: "t0"))]).route(RouterFixture.chat("a")).forbiddenTiers == [1, 2])
    #expect(try router([]).route(RouterFixture.chat("a"), ["x-ockham-max-cost-usd": "0.0008"]).forbiddenTiers == [])
  }

  /// A rule that names a target by a tier's name pins all the same: it may be there for privacy.
  @Test func targetsNamedLikeTiers() throws {
    var configuration = RouterFixture.configuration()
    configuration.tiers[2].targets[0].name = "t0"
    configuration.rules = [rule(.target("t0"))]
    let router = try RequestRouter(configuration: configuration, model: nil, prices: RouterFixture.prices())
    let decision = try router.route(RouterFixture.chat("a"))
    #expect(decision.target == "t0" && decision.tier == 2 && decision.reason == .rule(name: "r"))
  }

  @Test func narrowingAddsUpAndPinsEndTheSearch() throws {
    let rules = [
      rule(.atLeast(tier: "t1"), name: "a"), rule(.atMost(tier: "t1"), name: "b"),
      rule(.pin(tier: "t2"), .hasTools(true)),
    ]
    let decision = try router(rules).route(RouterFixture.chat("Hello"))
    #expect(decision.allowedTiers == [1])
    #expect(decision.rules == ["a", "b"])
    let pinned = try router([rule(.pin(tier: "t0"), name: "a"), rule(.pin(tier: "t2"), name: "b")])
    #expect(try pinned.route(RouterFixture.chat("Hello")).rules == ["a"])
  }

  @Test func rulesThatLeaveNothingAreReported() throws {
    let router = try router([rule(.forbid(tiers: ["t0", "t1", "t2"]))])
    let chat = try RouterFixture.chat("Hello")
    #expect(gatewayError { _ = try router.route(chat) }?.message.contains("a rule excludes t0, t1, t2") == true)
  }

  @Test func namedModelsPassByTheRules() throws {
    let router = try router([rule(.pin(tier: "t0"))])
    #expect(try router.route(RouterFixture.chat(model: "t2", "Hello")).tier == 2)
  }

  @Test(arguments: [
    (Rule.Condition.textBytes(5...10), true), (.textBytes(6...10), false), (.hasTools(false), true),
    (.hasTools(true), false), (.hasImages(false), true), (.turns(1...1), true), (.turns(2...9), false),
    (.header(name: "x-team", values: ["a", "b"]), true), (.header(name: "x-team", values: []), true),
    (.header(name: "x-team", values: ["c"]), false), (.header(name: "x-other", values: []), false),
    (.keys(["k"]), true), (.keys(["l"]), false), (.tasks([.code, .math]), true), (.tasks([.chat]), false),
    (.keywords(["HELLO"]), true), (.keywords(["hell"]), false), (.share(1), true), (.share(0), false),
    (.languages(["en"]), false),
  ])
  func conditions(_ condition: Rule.Condition, holds: Bool) throws {
    let router = try router([rule(.pin(tier: "t2"), condition)], task: .code)
    let key = KeyConfiguration(name: "k", sha256: "")
    let decision = try router.route(RouterFixture.chat("Hello"), ["x-team": "b"], key: key)
    #expect((decision.rules == ["r"]) == holds)
  }

  @Test func allConditionsMustHold() throws {
    let router = try router([rule(.pin(tier: "t2"), .turns(1...1), .keywords(["other"]))])
    #expect(try router.route(RouterFixture.chat("Hello")).rules.isEmpty)
  }

  @Test func sharesStickToTheirConversation() throws {
    let router = try router([rule(.pin(tier: "t2"), .share(0.3))])
    var hits = 0
    for index in 0..<1000 {
      let first = try router.route(RouterFixture.chat("Question \(index)")).rules
      let later = try router.route(RouterFixture.chat("Question \(index)", "Answer", "And then?")).rules
      #expect(first == later)
      hits += first.count
    }
    #expect((240...360).contains(hits))
  }

  @Test(arguments: [
    ("a deadlock, again", "deadlock", true), ("deadlocks", "deadlock", false), ("(DEADLOCK)", "deadlock", true),
    ("undeadlock", "deadlock", false), ("naïve café", "café", true), ("cafés", "café", false),
    ("caf\u{E9}", "caf", false),
    ("please fix seg fault now", "seg fault", true), ("请翻译这句话", "翻译", true), ("", "x", false), ("x", "", false),
    ("ÜBERSETZE das", "übersetze", true), ("a_deadlock", "deadlock", false), ("deadlock", "deadlock", true),
    ("a dead\u{200B}lock", "deadlock", true), ("dead\u{AD}lock", "deadlock", true), ("ｄｅａｄｌｏｃｋ!", "deadlock", true),
    ("deadlock", "dead\u{AD}lock", true), ("cafe\u{301}", "café", true), ("ﬁle it", "file", true),
    ("\u{200B}", "\u{200B}", false),
  ])
  func keywordsAreWholeWords(text: String, word: String, holds: Bool) {
    #expect(Keywords([word]).occur(in: text) == holds)
  }

  /// A rule for privacy holds however a client spells the header.
  @Test(
    arguments: [
      ("private", true), ("Private", true), (" PRIVATE ", true), ("private, internal", true),
      ("internal,private", true),
      ("private;v=1", true), ("public, \"private\" ; level=\"a,b\"", true), ("\"pri\\vate\"", true),
      ("public;private", false),
      ("privately", false), ("", false), ("not private", false), ("\"public, private\"", false), ("\"private", true),
    ] as [(String, Bool)])
  func headersAreReadByValue(value: String, holds: Bool) throws {
    let rule = rule(.pin(tier: "t0"), .header(name: "x-data-class", values: ["private"]))
    let decision = try router([rule]).route(RouterFixture.chat("Hello"), ["x-data-class": value])
    #expect((decision.reason == .rule(name: "r")) == holds)
  }

  @Test func aValueWithCommasIsMeantWhole() {
    #expect(HeaderValues("Tool/1.0 (x, y; z)").contains(anyOf: ["tool/1.0 (x, y; z)"]))
    #expect(HeaderValues("a, b").contains(anyOf: ["B"]) && !HeaderValues("a, b").contains(anyOf: ["c", "a b"]))
  }

  @Test(
    arguments: [
      ("What is the capital of France and why?", "en"), ("Wie ist das Wetter in der Stadt und warum?", "de"),
      ("Quelle est la capitale de la France ?", "fr"), ("¿Cuál es la capital de España y por qué?", "es"),
      ("Qual è la capitale della Francia e perché?", "it"), ("Qual é a capital do Brasil e por que não?", "pt"),
      ("Wat is de hoofdstad van het land en waarom?", "nl"), ("Какая столица Франции?", "ru"),
      ("法国的首都是哪里？", "zh"), ("フランスの首都はどこですか？", "ja"), ("프랑스의 수도는 어디입니까?", "ko"),
      ("ما هي عاصمة فرنسا؟", "ar"), ("12345 + 678", nil), ("", nil), ("zxcv qwer asdf", nil), ("🙂🙂", nil),
    ] as [(String, String?)])
  func languagesAreGuessed(text: String, language: String?) {
    #expect(LanguageGuess.language(of: text) == language)
  }
}
