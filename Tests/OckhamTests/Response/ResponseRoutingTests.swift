import Testing

@testable import Ockham

/// Requests that start by a cascade, responses that are weighed, and what moved them.
struct ResponseRoutingTests {
  private let model: Model
  private let request = Request(prompt: "How many of 12, 15 and 9 are odd?")
  private let responses = [
    Response(text: "Two of them, I guess."), Response(text: "It is 2"), Response(text: ""),
    Response(
      text: "", toolCalls: [.init(name: "count", arguments: "{}")], facts: ResponseFacts(finishReason: .toolCalls)),
  ]

  init() throws {
    var file = ModelFixture.responses.file
    file.metadata["parts"] = #"["response","cascade"]"#
    file.metadata["cascade"] = #"{"start":[0,1],"check":[0]}"#
    file.set(Tensor(name: "cascade.tier_cost_usd", shape: [2], doubles: [0.001, 0.02]))
    file.set(Tensor(name: "cascade.spread", shape: [1], floats: [0.25]))
    file.set(Tensor(name: "cascade.price", shape: [2], doubles: [12, 0]))
    file.sortTensors()
    model = try Model(file.sealed().encoded())
  }

  @Test func theCascadeStartsAndWeighs() throws {
    let router = Router(model: model)
    let cascade = try #require(model.cascade)
    var (scratch, own) = (model.makeScratch(), try #require(model.makeResponseScratch()))
    let decision = router.start(request, using: &scratch)
    let probabilities = scratch.probabilities
    #expect(decision.tier == cascade.start(probabilities.span) && decision.modelIdentifier == model.identifier)
    for response in responses {
      let step = try #require(router.weigh(response, of: 0, after: scratch, using: &own))
      let given = own.probabilities
      #expect(step == cascade.escalation(from: 0, given.span))
      #expect(router.weigh(response, of: 0, after: scratch, using: &own, allowed: [0]) == nil)
    }
    #expect(router.weigh(responses[0], of: 1, after: scratch, using: &own) == nil)
    // Without a cascade, thresholds start and nothing is weighed.
    let plain = Router(model: try Model(ModelFixture.responses.file.encoded()))
    var other = plain.model.makeScratch()
    let routed = plain.route(request, using: &other)
    #expect(plain.start(request, using: &other) == routed)
    #expect(plain.weigh(responses[0], of: 0, after: other, using: &own) == nil)
  }

  /// The parts add up to the difference of the logits.
  @Test func explanationsAddUp() throws {
    let router = Router(model: model)
    var (scratch, own) = (model.makeScratch(), try #require(model.makeResponseScratch()))
    #expect(model.explain(own, to: 1) == nil)
    _ = router.start(request, using: &scratch)
    for response in responses {
      _ = router.weigh(response, of: 0, after: scratch, using: &own)
      let explanation = try #require(model.explain(own, to: 1))
      #expect(explanation.logitDifference == own.logits[1] - own.logits[0])
      let sum = explanation.bias + explanation.dense + explanation.hidden + explanation.nGrams.sum
      #expect(abs(sum - explanation.logitDifference) < 1e-3 * max(1, abs(explanation.logitDifference)))
      let sizes = explanation.contributions.map { abs($0.value) }
      #expect(zip(sizes, sizes.dropFirst()).allSatisfy { $0 >= $1 } && !sizes.isEmpty)
      let names = ResponseFeatures.names + model.tierNames.map { "logit of \($0)" }
      #expect(explanation.contributions.allSatisfy { names[$0.feature] == $0.name })
    }
  }
}
