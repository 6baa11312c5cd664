import Testing

@testable import Ockham

struct RequestNeedsTests {
  @Test func tokensAreEstimatedFromBytes() {
    var request = Request(segments: [Segment(role: .system, text: "1234"), Segment(role: .user, text: "é")])
    #expect(RequestNeeds(request).inputTokens == (4 + 16 + 2 + 16) / 4)
    #expect(RequestNeeds(request).outputTokens == RequestNeeds.assumedOutputTokens)
    request.attributes = RequestAttributes(toolSchemaBytes: 40, responseSchemaBytes: 20, imageCount: 2)
    request.attributes.maximumOutputTokens = 9
    #expect(RequestNeeds(request).inputTokens == (38 + 60) / 4 + 2 * RequestNeeds.tokensPerImage)
    #expect(RequestNeeds(request).outputTokens == 9)
    #expect(RequestNeeds(Request(segments: [])).inputTokens == 0)
  }

  @Test func capabilitiesFollowTheAttributes() {
    func needs(_ attributes: RequestAttributes) -> Capabilities {
      RequestNeeds(Request(segments: [], attributes: attributes)).capabilities
    }
    #expect(needs(RequestAttributes()) == [])
    #expect(needs(RequestAttributes(toolNames: ["f"])) == .tools)
    #expect(needs(RequestAttributes(responseFormat: .jsonObject)) == .json)
    #expect(needs(RequestAttributes(responseFormat: .jsonSchema)) == .json)
    #expect(needs(RequestAttributes(imageCount: 1)) == .images)
    #expect(needs(RequestAttributes(toolNames: ["f"], responseFormat: .jsonObject, imageCount: 1)) == .all)
  }

  @Test func absurdCountsNeitherTrapNorPay() {
    for count in [Int.max, .min, -1] {
      let attributes = RequestAttributes(
        toolSchemaBytes: count, responseSchemaBytes: count, imageCount: count, maximumOutputTokens: count)
      let needs = RequestNeeds(Request(segments: [], attributes: attributes))
      #expect(needs.inputTokens >= 0 && needs.outputTokens >= 0)
      #expect((needs.inputTokens == 0) == (count < 0))
    }
  }

  @Test func costNeedsBothPrices() throws {
    var needs = RequestNeeds(Request(segments: []))
    (needs.inputTokens, needs.outputTokens) = (1_000, 500)
    var tier = TierLimits()
    #expect(needs.costUSD(in: tier) == nil)
    tier.inputUSDPerMillionTokens = 2
    #expect(needs.costUSD(in: tier) == nil)
    tier.outputUSDPerMillionTokens = 8
    #expect(abs(try #require(needs.costUSD(in: tier)) - 0.006) < 1e-12)
  }
}
