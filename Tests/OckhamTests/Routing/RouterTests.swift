import Testing

@testable import Ockham

/// The ways in which a request comes to a router, and the policies that it takes.
struct RouterTests {
  private let router: Router

  init() throws { router = Router(model: try Model(GoldenFiles.bytes("joint.safetensors"))) }

  private static let texts = [
    "", "Which is not prime? A. 2 B. 4", "naïve 日本語 👩‍👩‍👧 reader?\r\n", String(repeating: "a word ", count: 9_000),
  ]

  @Test(arguments: texts) func bytesAreReadAsStringsAre(text: String) {
    var (own, lent) = (router.model.makeScratch(), router.model.makeScratch())
    let expected = router.route(Request(prompt: text), using: &own)
    let bytes = Array(text.utf8)
    #expect(router.route(prompt: bytes.span, using: &lent) == expected && lent.logits == own.logits)
    #expect(router.route(prompt: bytes.span) == expected)
    var request = BorrowedRequest()
    #expect(request.with(.user, bytes.span) { router.route($0) } == expected)
    #expect(request.segmentCount == 0)
    unsafe bytes.withUnsafeBufferPointer { bytes in
      unsafe request.append(.user, bytes)
      #expect(router.route(request, using: &lent) == expected && lent.logits == own.logits)
      #expect(RequestNeeds(request) == RequestNeeds(Request(prompt: text)))
    }
  }

  @Test func bytesOfSeveralMessages() {
    let expected = router.route(
      Request(
        segments: [
          Segment(role: .system, text: "Answer in JSON."), Segment(role: .assistant, text: "Yes"),
          Segment(role: .user, text: "Prove that 2 + 2 = 4."),
        ], attributes: RequestAttributes(toolNames: ["search"], imageCount: 1)))
    let (system, answer, question) = (
      Array("Answer in JSON.".utf8), Array("Yes".utf8), Array("Prove that 2 + 2 = 4.".utf8)
    )
    var request = BorrowedRequest()
    request.attributes = RequestAttributes(toolNames: ["search"], imageCount: 1)
    let found = request.with(.system, system.span) { request in
      request.with(.assistant, answer.span) { request in request.with(.user, question.span) { router.route($0) } }
    }
    #expect(found == expected && request.segmentCount == 0)
  }

  @Test func damagedBytesAreScored() {
    let bytes: [UInt8] = [0xFF, 0xC0, 0x80, 0x41, 0xED, 0xA0, 0x80, 0x20, 0xF5]
    let decision = router.route(prompt: bytes.span)
    #expect(router.model.tierNames.contains(decision.tierName))
  }

  @Test func tiersHaveNames() {
    var decision = router.route(Request(prompt: "thanks"))
    for tier in router.model.tierNames.indices {
      decision.tier = tier
      #expect(decision.tierName == router.model.tierNames[tier])
    }
    let probabilities: [Float] = [0.1, 0.9]
    let bare = Policy(thresholds: Thresholds(increments: [0])).decide(
      probabilities.span, allowed: .all, task: nil, model: 0)
    #expect(bare.tierName == "1")
  }

  @Test func policiesOfAnotherSizeAreRefused() {
    let count = router.model.tierNames.count
    #expect(throws: PolicyError.tierCount(part: "thresholds", expected: count, found: count + 1)) {
      try Router(
        model: router.model, policy: Policy(thresholds: Thresholds(increments: [Float](repeating: 0, count: count))))
    }
    var policy = Policy(thresholds: router.model.thresholds)
    policy.tiers.removeLast()
    #expect(throws: PolicyError.tierCount(part: "tiers", expected: count, found: count - 1)) {
      try Router(model: router.model, policy: policy)
    }
    policy = Policy(thresholds: router.model.thresholds)
    for step in [Float.nan, .infinity] {
      policy.thresholds.increments[count - 2] = step
      #expect(throws: PolicyError.threshold(index: count - 2)) { try Router(model: router.model, policy: policy) }
    }
    #expect(
      "\(PolicyError.tierCount(part: "tiers", expected: 3, found: 2))"
        == "tiers: expected 3 tiers, as the model has, found 2; start from Policy(thresholds: model.thresholds)")
  }
}
