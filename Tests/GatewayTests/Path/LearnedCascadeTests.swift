import Foundation
import Logging
import Ockham
import RequestLog
import Testing
import TextKit

@testable import ChatProtocols
@testable import Gateway
@testable import GatewayCore

/// What a client, an operator and the log see of cascades that response heads decide, over HTTP.
@Suite struct LearnedCascadeTests {
  private static func price() throws -> PriceCatalogue {
    try PriceCatalogue(
      json: Array(#"{"gpt-4o-mini":{"input_cost_per_token":1e-6,"output_cost_per_token":2e-6}}"#.utf8))
  }

  /// A tier for each provider, with a learned cascade.
  private static func configuration(
    _ tiers: [String], _ upstreams: [FaultUpstream], _ change: (inout CascadeConfiguration) -> Void = { _ in }
  ) -> GatewayConfiguration {
    var configuration = GatewayConfiguration.testing(upstreams[0].baseURL)
    var prototype = configuration.tiers[0]
    configuration.tiers = []
    for (index, (tier, upstream)) in zip(tiers, upstreams).enumerated() {
      configuration.providers["p\(index)"] = ProviderConfiguration(
        name: "p\(index)", kind: .openai, baseURL: upstream.baseURL)
      prototype.name = tier
      prototype.targets = [TargetConfiguration(name: "t-\(tier)", provider: "p\(index)", model: "gpt-4o-mini")]
      configuration.tiers.append(prototype)
    }
    var (policy, cascade) = (PolicyConfiguration(), CascadeConfiguration())
    cascade.learned = CascadeConfiguration.Learned()
    cascade.maximumSteps = 8
    change(&cascade)
    policy.cascade = cascade
    configuration.policies["default"] = policy
    return configuration
  }

  private struct Scene {
    let gateway: TestGateway
    let upstreams: [FaultUpstream]

    func count(_ upstream: Int) -> Int { upstreams[upstream].requests.count }
  }

  /// - Parameter answers: of each tier's provider, to each request.
  private static func scene(
    _ fixture: CascadeFixture = CascadeFixture(), telemetry: TelemetryRecorder? = nil,
    answers: [@Sendable (FaultUpstream.Received) -> FaultUpstream.Step],
    _ change: (inout CascadeConfiguration) -> Void = { _ in }
  ) async throws -> Scene {
    var upstreams: [FaultUpstream] = []
    for answer in answers { upstreams.append(try await FaultUpstream.start { _, request in [answer(request)] }) }
    let gateway = try await TestGateway.start(
      configuration(fixture.tiers, upstreams, change), model: try fixture.model(), telemetry: telemetry,
      catalogue: try price())
    return Scene(gateway: gateway, upstreams: upstreams)
  }

  private static func saying(_ text: String) -> @Sendable (FaultUpstream.Received) -> FaultUpstream.Step {
    { _ in FaultUpstream.completion(text) }
  }

  @Test(arguments: [false, true]) func anAnswerThatHeadsTakeIsSent(stream: Bool) async throws {
    let scene = try await Self.scene(answers: [Self.saying("It is 42"), Self.saying("no")])
    defer { scene.gateway.stop() }
    let seen = try await scene.gateway.chat(model: "auto", stream: stream)
    #expect(seen.status == 200 && seen.text.contains("It is 42"), "\(seen.text)")
    #expect(seen.headers["x-ockham-tier"] == "small" && seen.headers["x-ockham-reason"] == "gain_below_threshold")
    #expect(seen.headers["x-ockham-attempts"] == "1" && seen.headers["x-ockham-escalations"] == "0")
    #expect(seen.headers["x-ockham-cost-usd"] == "0.00002" && scene.count(1) == 0)
  }

  /// Nothing of an answer that falls short reaches the client, a stream is whole, and both are paid.
  @Test(arguments: [false, true]) func anAnswerThatFallsShortIsNot(stream: Bool) async throws {
    let scene = try await Self.scene(answers: [Self.saying("Who knows"), Self.saying("a proper answer")])
    defer { scene.gateway.stop() }
    let seen = try await scene.gateway.chat(model: "auto", stream: stream)
    #expect(seen.text.contains("a proper answer") && !seen.text.contains("Who knows"), "\(seen.text)")
    #expect(seen.headers["x-ockham-tier"] == "frontier" && seen.headers["x-ockham-attempts"] == "2")
    #expect(seen.headers["x-ockham-escalations"] == "1" && seen.headers["x-ockham-cost-usd"] == "0.00004")
    if stream {
      #expect(seen.headers["content-type"] == "text/event-stream" && seen.text.hasSuffix("data: [DONE]\n\n"))
      #expect(seen.text.contains("\"finish_reason\":\"stop\""))
    }
    // A client that names a tier gets that tier's answer, whatever it is.
    let named = try await scene.gateway.chat(model: "small", stream: stream)
    #expect(named.text.contains("Who knows") && named.headers["x-ockham-escalations"] == nil)
  }

  /// The tier that is worth most is next, not the one above.
  @Test func tiersThatWinNothingAreSkipped() async throws {
    let fixture = CascadeFixture(
      tiers: ["small", "mid", "frontier"], prompt: [0.6, 0.6, 0.9], above: [-2, 2])
    let scene = try await Self.scene(
      fixture, answers: [Self.saying("Who knows"), Self.saying("mid 1"), Self.saying("top")])
    defer { scene.gateway.stop() }
    let seen = try await scene.gateway.chat(model: "auto")
    #expect(seen.text.contains("top") && seen.headers["x-ockham-tier"] == "frontier" && scene.count(1) == 0)
  }

  private static func calling(_ arguments: String) -> @Sendable (FaultUpstream.Received) -> FaultUpstream.Step {
    { _ in
      FaultUpstream.answer(
        #"{"id":"c1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":null,"tool_calls":[{"id":"call_1","type":"function","function":{"name":"find","arguments":"\#(arguments)"}}]},"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15}}"#
      )
    }
  }

  /// Tool calls are responses too, held against the parameters of the tools that the request declares.
  @Test(arguments: [(#"{\"q\":1}"#, "small"), (#"{\"p\":1}"#, "frontier")])
  func callsAreWeighed(arguments: String, tier: String) async throws {
    let scene = try await Self.scene(
      CascadeFixture(feature: "tool_calls_valid"),
      answers: [Self.calling(arguments), Self.calling(#"{\"q\":2}"#)])
    defer { scene.gateway.stop() }
    for stream in [false, true] {
      let seen = try await scene.gateway.send(
        "/v1/chat/completions",
        #"{"model":"auto","stream":\#(stream),"messages":[{"role":"user","content":"hello"}],"tools":[{"type":"function","function":{"name":"find","parameters":{"type":"object","required":["q"]}}}]}"#
      )
      #expect(seen.headers["x-ockham-tier"] == tier, "\(seen.text)")
      #expect(seen.text.contains("call_1") && seen.text.contains("\"find\""))
    }
  }

  /// A schema that the request gives is held against the text.
  @Test(arguments: [(#"{\"a\": 1}"#, "small"), (#"{\"b\": 1}"#, "frontier")])
  func schemasAreWeighed(text: String, tier: String) async throws {
    let scene = try await Self.scene(
      CascadeFixture(feature: "schema_valid"), answers: [Self.saying(text), Self.saying(#"{\"a\": 2}"#)])
    defer { scene.gateway.stop() }
    let seen = try await scene.gateway.send(
      "/v1/chat/completions",
      #"{"model":"auto","messages":[{"role":"user","content":"hello"}],"response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object","required":["a"]}}}}"#
    )
    #expect(seen.headers["x-ockham-tier"] == tier, "\(seen.text)")
  }

  /// What shows without heads counts beside them: an empty answer is none, whatever they say.
  @Test func failedChecksCountBesideHeads() async throws {
    let scene = try await Self.scene(
      CascadeFixture(feature: "empty"), answers: [Self.saying(""), Self.saying("something")])
    defer { scene.gateway.stop() }
    #expect(try await scene.gateway.chat(model: "auto").headers["x-ockham-tier"] == "frontier")
  }

  /// Where the tier above gives no answer, that which is there is sent.
  @Test func anAnswerThatFallsShortIsBetterThanNone() async throws {
    let scene = try await Self.scene(answers: [
      Self.saying("Who knows"), { _ in FaultUpstream.answer(#"{"error":{"message":"x"}}"#, status: "401 X") },
    ])
    defer { scene.gateway.stop() }
    let seen = try await scene.gateway.chat(model: "auto")
    #expect(seen.status == 200 && seen.text.contains("Who knows") && seen.headers["x-ockham-tier"] == "small")
    #expect(seen.headers["x-ockham-escalations"] == "0" && seen.headers["x-ockham-attempts"] == "2")
  }

  private static func withLogprobs(_ received: FaultUpstream.Received) -> FaultUpstream.Step {
    let asks = (try? JSONParser.parse(received.body))?["logprobs"]?.boolean == true
    let logprobs = asks ? #"{"content":[{"token":"a","logprob":-0.5}],"refusal":null}"# : "null"
    return FaultUpstream.answer(
      #"{"id":"c1","object":"chat.completion","created":1,"model":"m","x_more":[1.50],"choices":[{"index":0,"message":{"role":"assistant","content":"It is 42"},"logprobs":\#(logprobs),"finish_reason":"stop"}],"usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15}}"#
    )
  }

  /// Log-probabilities are asked for where heads read them, and only shown to clients that ask.
  @Test(arguments: [false, true]) func logprobsAreAskedForWhereHeadsReadThem(reads: Bool) async throws {
    let fixture = CascadeFixture(
      feature: reads ? "mean_logprob_known" : "ends_with_digit", readsLogprobs: reads)
    let scene = try await Self.scene(fixture, answers: [Self.withLogprobs, Self.saying("no")])
    defer { scene.gateway.stop() }
    let seen = try await scene.gateway.chat(model: "auto")
    #expect(seen.headers["x-ockham-tier"] == "small", "\(seen.text)")
    #expect(seen.text.contains("\"logprobs\":null") && seen.text.contains("\"x_more\":[1.50]"), "\(seen.text)")
    let sent = String(decoding: scene.upstreams[0].requests[0].body, as: UTF8.self)
    #expect(sent.contains("\"logprobs\":true") == reads, "\(sent)")
    let asking = try await scene.gateway.send(
      "/v1/chat/completions",
      #"{"model":"auto","logprobs":true,"messages":[{"role":"user","content":"hello"}]}"#)
    #expect(asking.text.contains("-0.5"), "\(asking.text)")
  }

  /// A model that refuses them answers without, and is asked without from then on.
  @Test func modelsWithoutLogprobsAnswerAllTheSame() async throws {
    let fixture = CascadeFixture(feature: "ends_with_digit", readsLogprobs: true)
    let scene = try await Self.scene(
      fixture,
      answers: [
        { received in
          (try? JSONParser.parse(received.body))?["logprobs"] == nil
            ? FaultUpstream.completion("It is 42")
            : FaultUpstream.answer(
              #"{"error":{"message":"Unsupported parameter: 'logprobs' is not supported with this model.","type":"invalid_request_error","param":"logprobs","code":"unsupported_parameter"}}"#,
              status: "400 Bad Request")
        }, Self.saying("no"),
      ])
    defer { scene.gateway.stop() }
    for _ in 0..<2 {
      let seen = try await scene.gateway.chat(model: "auto")
      #expect(seen.status == 200 && seen.headers["x-ockham-tier"] == "small", "\(seen.text)")
    }
    #expect(scene.count(0) == 3)
  }
}

/// What the log keeps of learned cascades.
@Suite struct LearnedCascadeLogTests {
  private let folder: TelemetryFolder

  init() throws { folder = try TelemetryFolder() }

  private func records(
    _ prompts: TelemetryConfiguration.Prompts, explore: Double, small: String, requests: Int
  ) async throws -> [LogRecord] {
    let options = FeatureOptions(bucketBits: 10)
    let store = try folder.store(TelemetrySettings(prompts: prompts, featureOptions: options))
    let upstreams = [
      try await FaultUpstream.start { _, _ in [FaultUpstream.completion(small)] },
      try await FaultUpstream.start { _, _ in [FaultUpstream.completion("top 1")] },
    ]
    var configuration = GatewayConfiguration.testing(upstreams[0].baseURL, upstreams[1].baseURL)
    let upper = configuration.tiers[0].targets.removeLast()
    configuration.tiers.append(TierConfiguration(name: "frontier", targets: [upper]))
    var learned = CascadeConfiguration.Learned()
    learned.explorationRate = explore
    configuration.policies["default"]?.cascade = CascadeConfiguration()
    configuration.policies["default"]?.cascade?.learned = learned
    if configuration.policies["default"] == nil {
      var policy = PolicyConfiguration()
      policy.cascade = CascadeConfiguration()
      policy.cascade?.learned = learned
      configuration.policies["default"] = policy
    }
    let gateway = try await TestGateway.start(
      configuration, model: try CascadeFixture().model(), telemetry: store, catalogue: .shipped)
    for number in 0..<requests { _ = try await gateway.chat("question \(number)", model: "auto") }
    gateway.stop()
    await store.close()
    return try LogSource(
      paths: [folder.database],
      options: LogOptions(isStrict: true, featureOptions: [options], keepsAnswers: true)
    ).readRecords()
  }

  @Test(arguments: [TelemetryConfiguration.Prompts.features, .full])
  func answersAndStepsAreKept(prompts: TelemetryConfiguration.Prompts) async throws {
    let record = try #require(try await records(prompts, explore: 0, small: "Who knows", requests: 1).first)
    #expect(
      record.steps == [
        CascadeStep(tier: "small", propensity: 1, isAccepted: false),
        CascadeStep(tier: "frontier", propensity: 1, isAccepted: true),
      ])
    #expect(record.served == "frontier" && record.outcomes.map(\.name) == ["frontier", "small"])
    for (outcome, text) in zip(record.outcomes, ["top 1", "Who knows"]) {
      #expect(outcome.answer?.text == (prompts == .full ? text : nil))
      #expect(outcome.answer?.message?.finishReason == (prompts == .full ? "stop" : nil))
      // What the heads read, bit for bit.
      let options = FeatureOptions(bucketBits: 10)
      let extractor = ResponseExtractor(FeatureExtractor(options: options))
      var (prompt, vector) = (extractor.extractor.makeVector(), extractor.makeVector())
      extractor.extractor.extract(Request(prompt: "question 0"), into: &prompt)
      let answer = ModelAnswer.message(AnswerMessage(text: text, finishReason: "stop"))
      let expected = StoredResponse(
        Response(answer, to: Request(prompt: "question 0")), to: prompt, extractor, using: &vector)
      #expect(outcome.storedResponse(fitting: options) == expected)
    }
  }

  @Test func nothingIsKeptWhereNothingMayBe() async throws {
    #expect(try await records(.none, explore: 0, small: "It is 42", requests: 1).isEmpty)
  }

  /// A share of the accepted answers moves on all the same, and says by what chance.
  @Test func aShareOfAcceptedAnswersMovesOn() async throws {
    let found = try await records(.features, explore: 0.5, small: "It is 42", requests: 60)
    let steps = found.compactMap(\.steps)
    let stays = [CascadeStep(tier: "small", propensity: 1, isAccepted: true)]
    let moves = stays + [CascadeStep(tier: "frontier", propensity: 0.5, isAccepted: true)]
    #expect(steps.count == 60 && steps.allSatisfy { $0 == stays || $0 == moves })
    #expect(steps.contains(stays) && steps.contains(moves))
    for record in found where record.steps == moves {
      #expect(record.served == "frontier" && record.outcomes.count == 2)
      #expect(record.outcomes.allSatisfy { $0.responseFeatures != nil })
    }
  }
}

/// Which models and configurations fit together, and what is drawn.
@Suite struct LearnedCascadeLoadTests {
  private func problem(_ fixture: CascadeFixture?, tiers: [String] = ["small", "frontier"]) throws
    -> ConfigurationProblem?
  {
    var configuration = GatewayConfiguration.demo(tierNames: tiers)
    var policy = PolicyConfiguration()
    policy.thresholds = [Float](repeating: 0, count: tiers.count - 1)
    policy.cascade = CascadeConfiguration()
    policy.cascade?.learned = CascadeConfiguration.Learned()
    configuration.policies = ["default": policy]
    do throws(ConfigurationProblem) {
      _ = try RequestRouter(configuration: configuration, model: try? fixture?.model())
    } catch { return error }
    return nil
  }

  @Test func modelsThatCannotAreRefused() throws {
    #expect(try problem(CascadeFixture()) == nil)
    let three = CascadeFixture(tiers: ["small", "mid", "frontier"], prompt: [0.5, 0.5, 0.5], above: [0, 0])
    let cases: [(ConfigurationProblem?, String)] = [
      (try problem(nil), "no model"), (try problem(CascadeFixture(hasHeads: false)), "one without"),
      (try problem(CascadeFixture(hasCascade: false)), "one with response heads alone"),
      (try problem(three), "small, frontier"),
    ]
    for (problem, found) in cases {
      #expect(problem?.path == "policies.default.cascade.learned" && problem?.found == found, "\(found)")
    }
  }

  @Test func theShareIsDrawn() throws {
    let model = try CascadeFixture().model()
    let scorer = RequestScorer(model: model, tiers: TierSelection(allOf: model), cacheEntries: 0)
    func draw(_ rate: Double, _ number: Double) throws -> Bool {
      LearnedCascade(
        scorer: scorer, rule: try #require(model.cascade), explorationRate: rate, random: { number }
      ).draw().isDrawn
    }
    #expect(try draw(0.1, 0.09) && !draw(0.1, 0.1) && !draw(0, 0))
  }
}
