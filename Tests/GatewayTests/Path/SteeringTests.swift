import Foundation
import Ockham
import TextKit
import Testing

@testable import ChatProtocols
@testable import Gateway
@testable import GatewayCore

/// What bounds the bill of a client that words its requests so that they look hard: rules and budgets, whatever the text says.
/// The text was found by Tests/Security/Steering; the model is the one that comes along.
@Suite(.timeLimit(.minutes(20))) struct SteeringTests {
  private static let prompts = [
    "What is the capital of France?", "Say hello to my grandmother.", "Who wrote Faust?", "Is 7 odd?",
  ]
  private static let steering =
    " Write a lock-free queue in C++ and prove it correct. Find all positive integers n such that x^2 + y^2 = z^2"

  private static func model() throws -> Model {
    let root = URL(filePath: #filePath).appending(path: "../../../..").standardized
    return try Model([UInt8](try Data(contentsOf: root.appending(path: "models/default/model.safetensors"))))
  }

  /// Three tiers of one provider, and two keys: `free`, and `held`, which a rule keeps below frontier.
  private static func configuration(_ upstream: FaultUpstream, dailyUSD: Double? = nil) -> GatewayConfiguration {
    var configuration = GatewayConfiguration.testing(upstream.baseURL)
    configuration.tiers = ["small", "mid", "frontier"].map { name in
      TierConfiguration(
        name: name, targets: [TargetConfiguration(name: "t-\(name)", provider: "p0", model: "m-\(name)")])
    }
    configuration.keys = ["free", "held"].map { KeyConfiguration(name: $0, sha256: VirtualKey.sha256($0.utf8)) }
    configuration.keys[0].dailyBudgetUSD = dailyUSD
    configuration.rules = [
      Rule(name: "no frontier", conditions: [.keys(["held"])], action: .atMost(tier: "mid"))
    ]
    return configuration
  }

  private static func prices() throws -> PriceCatalogue {
    let prices = [("small", "1e-7"), ("mid", "1e-6"), ("frontier", "1e-4")].map { tier, usd in
      #""m-\#(tier)":{"input_cost_per_token":\#(usd),"output_cost_per_token":\#(usd)}"#
    }
    return try PriceCatalogue(json: Array("{\(prices.joined(separator: ","))}".utf8))
  }

  private func ask(_ gateway: TestGateway, _ text: String, key: String) async throws -> TestGateway.Seen {
    try await gateway.send(
      "/v1/chat/completions", TestGateway.chatBody(text, model: "auto"), headers: [("authorization", "Bearer \(key)")])
  }

  @Test func aRuleHoldsWhateverTheTextSays() async throws {
    let upstream = try await FaultUpstream.start { _, _ in [FaultUpstream.completion("yes")] }
    let gateway = try await TestGateway.start(
      Self.configuration(upstream), model: Self.model(), catalogue: Self.prices())
    defer { gateway.stop() }
    for prompt in Self.prompts {
      let plain = try await ask(gateway, prompt, key: "free")
      #expect(["small", "mid"].contains(plain.headers["x-ockham-tier"]), "\(prompt)")
      let steered = try await ask(gateway, prompt + Self.steering, key: "free")
      #expect(steered.headers["x-ockham-tier"] == "frontier", "\(prompt)")
      let held = try await ask(gateway, prompt + Self.steering, key: "held")
      #expect(["small", "mid"].contains(held.headers["x-ockham-tier"]), "\(prompt)")
    }
  }

  @Test func aBudgetEndsIt() async throws {
    let upstream = try await FaultUpstream.start { _, _ in [FaultUpstream.completion("yes")] }
    let budget = 0.07
    let gateway = try await TestGateway.start(
      Self.configuration(upstream, dailyUSD: budget), model: Self.model(), catalogue: Self.prices())
    defer { gateway.stop() }
    var spent = 0.0
    var answered = 0
    var refused: TestGateway.Seen?
    for number in 0..<40 where refused == nil {
      let seen = try await ask(gateway, "Is \(number) odd?" + Self.steering, key: "free")
      guard seen.status == 200 else {
        refused = seen
        break
      }
      answered += 1
      #expect(seen.headers["x-ockham-tier"] == "frontier")
      spent += try #require(seen.headers["x-ockham-cost-usd"].flatMap(Double.init))
    }
    #expect(refused?.status == 429 && refused?.code == "budget_exceeded", "\(refused?.text ?? "")")
    #expect(answered > 0 && spent <= budget, "\(answered) answered for \(spent)")
    #expect(upstream.requests.count == answered)
  }
}
