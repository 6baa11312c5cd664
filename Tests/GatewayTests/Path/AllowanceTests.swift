import TextKit
import Testing

@testable import ChatProtocols
@testable import Gateway
@testable import GatewayCore

/// What looking at answers may take: time and dollars bound it, and the best answer that is there is sent.
@Suite(.timeLimit(.minutes(20))) struct AllowanceTests {
  private func start(
    _ policy: PolicyConfiguration, judge: FaultUpstream.Step, change: (inout GatewayConfiguration) -> Void = { _ in }
  ) async throws -> (TestGateway, FaultUpstream) {
    let upstream = try await FaultUpstream.start { _, request in
      let body = String(decoding: request.body, as: UTF8.self)
      if body.contains(#""model":"judge""#) { return [judge] }
      return [FaultUpstream.completion(body.contains("m-large") ? "large" : "small")]
    }
    var configuration = GatewayConfiguration.testing(upstream.baseURL)
    configuration.tiers = ["small", "large"].map { name in
      TierConfiguration(
        name: name, targets: [TargetConfiguration(name: "t-\(name)", provider: "p0", model: "m-\(name)")])
    }
    configuration.extraTargets = [TargetConfiguration(name: "t-judge", provider: "p0", model: "judge")]
    configuration.policies["default"] = policy
    change(&configuration)
    let prices = [("m-small", "1e-7"), ("m-large", "1e-5"), ("judge", "1e-7")].map { model, usd in
      #""\#(model)":{"input_cost_per_token":\#(usd),"output_cost_per_token":\#(usd),"max_output_tokens":1000}"#
    }
    return (
      try await TestGateway.start(
        configuration, catalogue: PriceCatalogue(json: Array("{\(prices.joined(separator: ","))}".utf8))), upstream
    )
  }

  private func cascade(_ change: (inout MultiCallLimits) -> Void) -> PolicyConfiguration {
    var (policy, cascade) = (PolicyConfiguration(), CascadeConfiguration())
    cascade.judge = "t-judge"
    change(&cascade.bounds)
    policy.cascade = cascade
    return policy
  }

  @Test func aJudgeThatHangsIsWaitedForNoLonger() async throws {
    let (gateway, upstream) = try await start(cascade { $0.seconds = 0.2 }, judge: .awaitClose)
    defer { gateway.stop() }
    let seen = try await gateway.chat(model: "auto")
    #expect(seen.status == 200 && seen.text.contains("small"))
    #expect(upstream.requests.count == 2)
  }

  /// What a rule keeps from a tier, no judge of that tier reads.
  @Test(arguments: [false, true])
  func aJudgeInAForbiddenTierIsNotAsked(isForbidden: Bool) async throws {
    let (gateway, upstream) = try await start(cascade { _ in }, judge: FaultUpstream.completion(#"{\"score\":1}"#)) {
      $0.extraTargets = []
      $0.tiers[1].targets = [TargetConfiguration(name: "t-judge", provider: "p0", model: "judge")]
      $0.rules = [Rule(name: "home", conditions: [.keywords(["secret"])], action: .forbid(tiers: ["large"]))]
    }
    defer { gateway.stop() }
    let seen = try await gateway.chat(isForbidden ? "a secret" : "hello", model: "auto")
    #expect(seen.status == 200 && seen.text.contains("small"))
    #expect(upstream.requests.count == (isForbidden ? 1 : 2))
  }

  @Test(arguments: [nil, 1e-3, 1.0])
  func aStepUpMustBeAffordable(usd: Double?) async throws {
    let (gateway, _) = try await start(
      cascade { $0.costUSD = usd }, judge: FaultUpstream.completion(#"{\"score\":0}"#))
    defer { gateway.stop() }
    let seen = try await gateway.chat(model: "auto")
    // A thousand tokens of the large tier cost 0.01 USD at most.
    #expect(seen.status == 200 && seen.headers["x-ockham-tier"] == (usd == 1e-3 ? "small" : "large"))
  }

  @Test(arguments: [nil, 1e-9, 0.025])
  func anEnsembleAsksForWhatTheDollarsAllow(usd: Double?) async throws {
    var (policy, ensemble) = (PolicyConfiguration(), EnsembleConfiguration())
    ensemble.bounds.costUSD = usd
    policy.ensemble = ensemble
    let (gateway, upstream) = try await start(policy, judge: .close)
    defer { gateway.stop() }
    let seen = try await gateway.chat(model: "auto")
    #expect(seen.status == 200)
    // Where the small tier fails, an answer may cost a thousand tokens of the large one at 1e-5 USD, and its prompt.
    #expect(upstream.requests.count == (usd == nil ? 3 : usd == 1e-9 ? 1 : 2))
  }
}
