import COckham
import Testing

@testable import Ockham

/// Responses by way of C: the same bits as in Swift, and no harm from any of them.
struct ResponseTests {
  private static let responses: [Response] = [
    Response(text: ""), Response(text: "42"), Response(text: "The answer is (B).\n\n<answer>B</answer>"),
    Response(text: "Vielleicht 12, 日本語 🙂, und so weiter: 7 7 7", facts: ResponseFacts(finishReason: .length)),
    Response(
      text: "",
      toolCalls: [.init(name: "get_weather", arguments: #"{"city":"Paris"}"#), .init(name: "", arguments: "")],
      facts: ResponseFacts(toolCallsAreValid: false, finishReason: .toolCalls)),
    Response(
      text: #"{"a": 1}"#,
      facts: ResponseFacts(
        jsonIsValid: true, schemaIsValid: false, finishReason: .stop, meanLogprob: -0.25, minimumLogprob: -3,
        logprobSpread: 0.5)),
    Response(text: String(repeating: "word 12 ", count: 5_000), facts: ResponseFacts(minimumLogprob: -7)),
  ]

  private let model: Model
  private let router: CRouter

  init() throws {
    let bytes = try CascadeModel.bytes()
    (model, router) = (try Model(bytes), try CRouter(bytes))
  }

  @Test func decisionsAreThoseOfSwift() throws {
    let (swift, scratch) = (Router(model: model), router.makeScratch())
    var (own, ownResponses) = (model.makeScratch(), try #require(model.makeResponseScratch()))
    for request in MadeUpRequests.all.dropFirst(3) {
      let expected = swift.start(request, using: &own)
      CRequest(request).withRequest { request in
        var tiers = [ockham_tier_score](repeating: ockham_tier_score(), count: 3)
        let (status, decision) = scratch.start(request, tiers: &tiers)
        #expect(status == OCKHAM_OK && decision.tier == Int32(expected.tier))
        #expect(decision.gain == expected.gain && decision.threshold == expected.threshold)
        #expect(tiers.map(\.probability) == own.probabilities)
      }
      for response in Self.responses {
        for tier in 0..<2 {
          let step = swift.weigh(response, of: tier, after: own, using: &ownResponses)
          CResponse(response).withResponse { response in
            let found = scratch.weigh(response, of: tier, capacity: 3 - tier)
            #expect(found.status == OCKHAM_OK && found.probabilities == ownResponses.probabilities)
            #expect(found.escalation.tier == step.map { Int32($0.candidate) } ?? -1)
            #expect(found.escalation.gain == step?.gain && found.escalation.threshold == step?.threshold)
            #expect((found.escalation.is_worthwhile == 1) == step?.isWorthwhile)
            #expect(
              found.escalation.tier_name.map { String(cString: $0) } == step.map { model.tierNames[$0.candidate] })
          }
        }
      }
    }
  }

  @Test func explanationsAreThoseOfSwift() throws {
    let (swift, scratch) = (Router(model: model), router.makeScratch())
    var (own, ownResponses) = (model.makeScratch(), try #require(model.makeResponseScratch()))
    #expect(scratch.explainResponse(1, count: 3).0 == OCKHAM_NOTHING_SCORED)
    let request = MadeUpRequests.all[3]
    _ = swift.start(request, using: &own)
    _ = swift.weigh(Self.responses[5], of: 0, after: own, using: &ownResponses)
    CRequest(request).withRequest { request in
      var tiers = [ockham_tier_score](repeating: ockham_tier_score(), count: 3)
      #expect(scratch.start(request, tiers: &tiers).0 == OCKHAM_OK)
    }
    CResponse(Self.responses[5]).withResponse { #expect(scratch.weigh($0, of: 0).status == OCKHAM_OK) }
    let expected = try #require(model.explain(ownResponses, to: 2))
    let (status, explanation, named) = scratch.explainResponse(2, count: 6)
    #expect(status == OCKHAM_OK && explanation.logit_difference == expected.logitDifference)
    #expect(explanation.dense == expected.dense && explanation.question_grams == expected.nGrams.question)
    #expect(
      named == Dictionary(uniqueKeysWithValues: expected.contributions.prefix(6).map { ($0.name, $0.value) }))
    for upper in [0, 3, -1] { #expect(scratch.explainResponse(upper, count: 1).0 == OCKHAM_BAD_TIER) }
  }

  /// A constraint of the policy holds for where a response may go.
  @Test func policiesHoldForResponses() throws {
    var policy = ockham_policy()
    policy.struct_bytes = MemoryLayout<ockham_policy>.size
    var limits = [ockham_tier_limits](repeating: ockham_tier_limits(), count: 3)
    limits[2].missing_capabilities = UInt32(OCKHAM_CAPABILITY_TOOLS)
    let tools = Request(
      segments: [Segment(role: .user, text: "Weather?")], attributes: RequestAttributes(toolNames: ["weather"]))
    let limited = try limits.withUnsafeBufferPointer { limits in
      (policy.tiers, policy.tier_count) = (limits.baseAddress, 3)
      return try CRouter(router, policy)
    }
    for (router, last) in [(router, Int32(2)), (limited, 1)] {
      let scratch = router.makeScratch()
      CRequest(tools).withRequest { request in
        var tiers = [ockham_tier_score](repeating: ockham_tier_score(), count: 3)
        #expect(scratch.start(request, tiers: &tiers).0 == OCKHAM_OK)
      }
      CResponse(Self.responses[1]).withResponse { response in
        #expect(scratch.weigh(response, of: 0).escalation.tier <= last)
        #expect(scratch.weigh(response, of: 1).escalation.tier == (last == 2 ? 2 : -1))
      }
    }
  }

  @Test func logprobsAreSummedUpAsInSwift() {
    var facts = ockham_response_facts()
    facts.struct_bytes = MemoryLayout<ockham_response_facts>.size
    for values in [[-0.5, -9999, 0.25], [-1.0], [], [.nan, -1]] as [[Double]] {
      var expected = ResponseFacts()
      expected.setLogprobs(values)
      #expect(ockham_facts_set_logprobs(&facts, values, values.count) == OCKHAM_OK)
      #expect(facts.known_logprobs == (expected.meanLogprob == nil ? 0 : 7))
      #expect(facts.mean_logprob == expected.meanLogprob ?? 0 && facts.minimum_logprob == expected.minimumLogprob ?? 0)
      #expect(facts.logprob_spread == expected.logprobSpread ?? 0)
    }
    #expect(ockham_facts_set_logprobs(nil, nil, 0) == OCKHAM_NULL_ARGUMENT)
    facts.struct_bytes = 4
    #expect(ockham_facts_set_logprobs(&facts, nil, 0) == OCKHAM_BAD_STRUCT)
  }

  @Test func refusals() throws {
    let scratch = router.makeScratch()
    let response = CResponse(Self.responses[1])
    response.withResponse { #expect(scratch.weigh($0, of: 0).status == OCKHAM_NOTHING_SCORED) }
    CRequest(MadeUpRequests.all[3]).withRequest { request in
      var tiers = [ockham_tier_score](repeating: ockham_tier_score(), count: 3)
      #expect(scratch.route(request, tiers: &tiers).0 == OCKHAM_OK)
    }
    response.withResponse { whole in
      #expect(scratch.weigh(whole, of: 2).status == OCKHAM_NO_RESPONSE_HEAD)
      #expect(
        scratch.weigh(whole, of: 3).status == OCKHAM_BAD_TIER && scratch.weigh(whole, of: -1).status == OCKHAM_BAD_TIER)
      #expect(scratch.weigh(whole, of: 0, capacity: 2).status == OCKHAM_BUFFER_TOO_SMALL)
      var bad = whole
      bad.struct_bytes = 8
      #expect(scratch.weigh(bad, of: 0).status == OCKHAM_BAD_STRUCT)
      bad = whole
      bad.text = nil
      #expect(scratch.weigh(bad, of: 0).status == OCKHAM_BAD_REQUEST)
      bad = whole
      bad.tool_call_count = 1 << 17
      #expect(scratch.weigh(bad, of: 0).status == OCKHAM_BAD_REQUEST)
      bad.tool_call_count = 1
      bad.tool_calls = nil
      #expect(scratch.weigh(bad, of: 0).status == OCKHAM_NULL_ARGUMENT)
      for (place, value) in [(\ockham_response_facts.json_valid, Int32(3)), (\.schema_valid, -1), (\.finish_reason, 6)]
      {
        var facts = ockham_response_facts()
        facts.struct_bytes = MemoryLayout<ockham_response_facts>.size
        facts[keyPath: place] = value
        withUnsafePointer(to: facts) {
          var bad = whole
          bad.facts = $0
          #expect(scratch.weigh(bad, of: 0).status == OCKHAM_BAD_REQUEST)
        }
      }
      // What was refused leaves the scratch usable.
      #expect(scratch.weigh(whole, of: 0).status == OCKHAM_OK)
    }
    let plain = try CRouter(Files.bytes(Files.models[0]))
    let other = plain.makeScratch()
    CRequest(MadeUpRequests.all[3]).withRequest { request in
      var tiers = [ockham_tier_score](repeating: ockham_tier_score(), count: plain.tierCount)
      #expect(other.start(request, tiers: &tiers).0 == OCKHAM_OK)
    }
    response.withResponse { #expect(other.weigh($0, of: 0).status == OCKHAM_NO_RESPONSE_HEAD) }
  }
}
