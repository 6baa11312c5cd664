import COckham
import Ockham
import Testing

/// Policies in C decide as the same policies in Swift, and impossible ones are refused.
struct PolicyTests {
  private let model: Model
  private let router: CRouter

  init() throws {
    let bytes = try Files.bytes("models/default/model.safetensors")
    model = try Model(bytes)
    router = try CRouter(bytes)
  }

  private func policy(_ change: (inout ockham_policy) -> Void) -> ockham_policy {
    var policy = ockham_policy()
    policy.struct_bytes = MemoryLayout<ockham_policy>.size
    change(&policy)
    return policy
  }

  private func expectAgreement(_ policy: ockham_policy, _ swift: (inout Policy) -> Void) throws {
    var expected = Policy(thresholds: model.thresholds)
    swift(&expected)
    let other = try CRouter(router, policy)
    let (swiftRouter, scratch) = (try Router(model: model, policy: expected), other.makeScratch())
    var swiftScratch = model.makeScratch()
    for request in MadeUpRequests.all {
      let decision = swiftRouter.route(request, using: &swiftScratch)
      CRequest(request).withRequest { request in
        var tiers = [ockham_tier_score](repeating: ockham_tier_score(), count: 3)
        let found = scratch.route(request, tiers: &tiers).1
        #expect(found.tier == decision.tier && String(cString: found.reason_name) == decision.reason.rawValue)
      }
    }
  }

  @Test func emptyPolicyChangesNothing() throws { try expectAgreement(policy { _ in }) { _ in } }

  @Test func minimumQuality() throws {
    try expectAgreement(policy { $0.minimum_quality = 0.8 }) { $0.minimumQuality = 0.8 }
  }

  @Test func thresholds() throws {
    let steps: [Float] = [0.4, -0.1]
    try steps.withUnsafeBufferPointer { steps in
      let policy = policy {
        $0.thresholds = steps.baseAddress
        $0.threshold_count = 2
      }
      try expectAgreement(policy) { $0.thresholds.increments = [0.4, -0.1] }
    }
  }

  @Test func pins() throws {
    let policy = policy {
      $0.task_pins.7 = 0b100
      $0.task_pins.9 = 0b011
    }
    try expectAgreement(policy) { $0.taskPins = [.math: [2], .chat: [0, 1]] }
  }

  @Test func tiersAndBudgets() throws {
    var limits = [ockham_tier_limits](repeating: ockham_tier_limits(), count: 3)
    limits[0].context_tokens = 600
    limits[1].missing_capabilities = UInt32(OCKHAM_CAPABILITY_IMAGES)
    limits[2].latency_milliseconds = 900
    limits[1].input_usd_per_million_tokens = 3
    limits[1].output_usd_per_million_tokens = 15
    try limits.withUnsafeBufferPointer { limits in
      let policy = policy {
        $0.tiers = limits.baseAddress
        $0.tier_count = 3
        $0.maximum_cost_usd = 0.009
        $0.maximum_latency_milliseconds = 800
      }
      try expectAgreement(policy) {
        ($0.tiers[0].contextTokens, $0.tiers[1].capabilities, $0.tiers[2].latencyMilliseconds) = (
          600, [.tools, .json], 900
        )
        ($0.tiers[1].inputUSDPerMillionTokens, $0.tiers[1].outputUSDPerMillionTokens) = (3, 15)
        ($0.maximumCostUSD, $0.maximumLatencyMilliseconds) = (0.009, 800)
      }
    }
  }

  @Test func impossiblePoliciesAreRefused() {
    func detail(_ change: (inout ockham_policy) -> Void) -> String {
      do throws(CRefusal) { _ = try CRouter(router, policy(change)) } catch {
        return error.status == OCKHAM_BAD_POLICY ? error.detail : "status \(error.status)"
      }
      return "accepted"
    }
    #expect(detail { $0.threshold_count = 1 } == "threshold_count: expected 2 for this model or 0, found 1")
    #expect(detail { $0.threshold_count = -1 }.hasSuffix("found -1"))
    #expect(detail { $0.threshold_count = 2 } == "status \(OCKHAM_NULL_ARGUMENT)")
    #expect(detail { $0.tier_count = 4 } == "tier_count: expected 3 for this model or 0, found 4")
    #expect(detail { $0.tier_count = 3 } == "status \(OCKHAM_NULL_ARGUMENT)")
    for wrong in [Float.nan, -0.1, 1.5, .infinity] {
      #expect(detail { $0.minimum_quality = wrong }.hasPrefix("minimum_quality: expected"))
    }
    for wrong in [Double.nan, -1, .infinity] {
      #expect(detail { $0.maximum_cost_usd = wrong }.hasPrefix("maximum_cost_usd: expected"))
    }
    #expect(throws: CRefusal.self) { try CRouter(router, nil) }
  }

  @Test func routersMayBeFreedBeforeTheirScratches() throws {
    var first: CRouter? = try CRouter(Files.bytes(Files.models[0]))
    let second = try CRouter(try #require(first), policy { _ in })
    let scratch = try #require(first).makeScratch()
    first = nil
    CRequest(Request(prompt: "x")).withRequest { request in
      var tiers = [ockham_tier_score](repeating: ockham_tier_score(), count: second.tierCount)
      let (status, decision) = scratch.route(request, tiers: &tiers)
      #expect(status == OCKHAM_OK && String(cString: decision.tier_name) == second.tierName(Int(decision.tier)))
    }
  }
}
