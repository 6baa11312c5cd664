import COckham
import Testing

/// Every status, and what a caller's mistakes give.
struct StatusTests {
  private let router: CRouter
  private let scratch: CScratch

  init() throws {
    router = try CRouter(Files.bytes(Files.models[0]))
    scratch = router.makeScratch()
  }

  @Test func everyStatusHasAMessageOfItsOwn() {
    let messages = (0...10).map { String(cString: ockham_status_message(ockham_status($0))) }
    #expect(Set(messages).count == 11)
    #expect(messages[10] == "unknown status")
    #expect(String(cString: ockham_status_message(-1)) == "unknown status")
    #expect(String(cString: ockham_status_message(.min)) == "unknown status")
  }

  @Test func nullHandlesGiveAStatus() {
    var decision = ockham_decision()
    var result = ockham_score_result()
    var explanation = ockham_explanation()
    var request = ockham_request()
    #expect(ockham_router_load(nil, 0, nil, nil, 0) == OCKHAM_NULL_ARGUMENT)
    #expect(ockham_router_with_policy(nil, nil, nil, nil, 0) == OCKHAM_NULL_ARGUMENT)
    #expect(ockham_scratch_create(nil, nil) == OCKHAM_NULL_ARGUMENT)
    #expect(ockham_route(nil, &request, &decision, nil, 0) == OCKHAM_NULL_ARGUMENT)
    #expect(ockham_score(nil, &request, &result, nil, 0) == OCKHAM_NULL_ARGUMENT)
    #expect(ockham_explain(nil, 0, 1, &explanation, nil, 0, nil) == OCKHAM_NULL_ARGUMENT)
    var escalation = ockham_escalation()
    #expect(ockham_start(nil, &request, &decision, nil, 0) == OCKHAM_NULL_ARGUMENT)
    #expect(ockham_weigh(nil, nil, 0, &escalation, nil, 0) == OCKHAM_NULL_ARGUMENT)
    #expect(ockham_explain_response(nil, 1, &explanation, nil, 0, nil) == OCKHAM_NULL_ARGUMENT)
    #expect(ockham_router_reads_responses(nil, 0) == 0)
    #expect(ockham_router_tier_count(nil) == 0 && ockham_router_model_id(nil) == 0)
    #expect(ockham_router_tier_name(nil, 0) == nil)
    ockham_router_free(nil)
    ockham_scratch_free(nil)
  }

  @Test func nullPointersGiveAStatus() {
    var request = sized()
    var decision = ockham_decision()
    decision.struct_bytes = MemoryLayout<ockham_decision>.size
    #expect(ockham_route(scratch.pointer, nil, &decision, nil, 0) == OCKHAM_NULL_ARGUMENT)
    #expect(ockham_route(scratch.pointer, &request, nil, nil, 0) == OCKHAM_NULL_ARGUMENT)
    #expect(ockham_route(scratch.pointer, &request, &decision, nil, 2) == OCKHAM_NULL_ARGUMENT)
    #expect(ockham_score(scratch.pointer, &request, nil, nil, 0) == OCKHAM_NULL_ARGUMENT)
    #expect(ockham_explain(scratch.pointer, 0, 1, nil, nil, 0, nil) == OCKHAM_NULL_ARGUMENT)
    #expect(ockham_route(scratch.pointer, &request, &decision, nil, 0) == OCKHAM_OK)
  }

  @Test func shortStructsAreRefused() {
    var request = sized()
    request.struct_bytes -= 1
    var tiers = room()
    #expect(scratch.route(request, tiers: &tiers).0 == OCKHAM_BAD_STRUCT)
    var decision = ockham_decision()
    #expect(ockham_route(scratch.pointer, &request, &decision, nil, 0) == OCKHAM_BAD_STRUCT)
    var result = ockham_score_result()
    #expect(ockham_score(scratch.pointer, &request, &result, nil, 0) == OCKHAM_BAD_STRUCT)
    #expect(throws: CRefusal.self) { try CRouter(router, ockham_policy()) }
  }

  @Test func longerStructsAreAccepted() {
    var request = sized()
    request.struct_bytes += 64
    var tiers = room()
    #expect(scratch.route(request, tiers: &tiers).0 == OCKHAM_OK)
  }

  @Test func smallBuffersAreRefused() {
    var tiers = [ockham_tier_score()]
    #expect(scratch.route(sized(), tiers: &tiers).0 == OCKHAM_BUFFER_TOO_SMALL)
    #expect(scratch.score(sized(), tiers: &tiers).0 == OCKHAM_BUFFER_TOO_SMALL)
  }

  @Test func tiersThatAreNotThereAreRefused() {
    #expect(scratch.explain(0, 1, count: 1).0 == OCKHAM_NOTHING_SCORED)
    var tiers = room()
    #expect(scratch.score(sized(), tiers: &tiers).0 == OCKHAM_OK)
    #expect(scratch.explain(0, 1, count: 1).0 == OCKHAM_OK)
    for (lower, upper) in [(1, 0), (0, 0), (0, router.tierCount), (-1, 1), (.max, .min)] {
      #expect(scratch.explain(lower, upper, count: 1).0 == OCKHAM_BAD_TIER)
    }
    #expect(router.tierName(router.tierCount) == nil && router.tierName(-1) == nil && router.tierName(.max) == nil)
  }

  private func room() -> [ockham_tier_score] {
    [ockham_tier_score](repeating: ockham_tier_score(), count: router.tierCount)
  }

  private func sized() -> ockham_request {
    var request = ockham_request()
    request.struct_bytes = MemoryLayout<ockham_request>.size
    return request
  }
}
