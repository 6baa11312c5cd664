import COckham

/// A scratch in C, freed with this object.
final class CScratch {
  let pointer: OpaquePointer

  init(_ pointer: OpaquePointer) { self.pointer = pointer }

  deinit { ockham_scratch_free(pointer) }

  /// Routes a request; `tiers` is overwritten.
  func route(_ request: ockham_request, tiers: inout [ockham_tier_score]) -> (ockham_status, ockham_decision) {
    var request = request
    var decision = ockham_decision()
    decision.struct_bytes = MemoryLayout<ockham_decision>.size
    let status = ockham_route(pointer, &request, &decision, &tiers, tiers.count)
    return (status, decision)
  }

  /// Starts a request; `tiers` is overwritten.
  func start(_ request: ockham_request, tiers: inout [ockham_tier_score]) -> (ockham_status, ockham_decision) {
    var request = request
    var decision = ockham_decision()
    decision.struct_bytes = MemoryLayout<ockham_decision>.size
    let status = ockham_start(pointer, &request, &decision, &tiers, tiers.count)
    return (status, decision)
  }

  /// Weighs a tier's response, with room for `capacity` probabilities.
  func weigh(
    _ response: ockham_response, of tier: Int, capacity: Int = 3
  ) -> (status: ockham_status, escalation: ockham_escalation, probabilities: [Float]) {
    var response = response
    var escalation = ockham_escalation()
    escalation.struct_bytes = MemoryLayout<ockham_escalation>.size
    var probabilities = [Float](repeating: -1, count: capacity)
    let status = ockham_weigh(pointer, &response, tier, &escalation, &probabilities, capacity)
    return (status, escalation, probabilities)
  }

  /// Explains the last response with room for `count` contributions.
  func explainResponse(_ upper: Int, count: Int) -> (ockham_status, ockham_explanation, [String: Float]) {
    var explanation = ockham_explanation()
    explanation.struct_bytes = MemoryLayout<ockham_explanation>.size
    var contributions = [ockham_contribution](repeating: ockham_contribution(), count: count)
    var written = 0
    let status = ockham_explain_response(pointer, upper, &explanation, &contributions, count, &written)
    var named: [String: Float] = [:]
    for contribution in contributions.prefix(written) {
      named[String(cString: contribution.name)] = contribution.value
    }
    return (status, explanation, named)
  }

  /// Scores a request; `tiers` is overwritten.
  func score(_ request: ockham_request, tiers: inout [ockham_tier_score]) -> (ockham_status, ockham_score_result) {
    var request = request
    var result = ockham_score_result()
    result.struct_bytes = MemoryLayout<ockham_score_result>.size
    let status = ockham_score(pointer, &request, &result, &tiers, tiers.count)
    return (status, result)
  }

  /// Explains the last request with room for `count` contributions.
  func explain(_ lower: Int, _ upper: Int, count: Int) -> (ockham_status, ockham_explanation, [String: Float]) {
    var explanation = ockham_explanation()
    explanation.struct_bytes = MemoryLayout<ockham_explanation>.size
    var contributions = [ockham_contribution](repeating: ockham_contribution(), count: count)
    var written = 0
    let status = ockham_explain(pointer, lower, upper, &explanation, &contributions, count, &written)
    var named: [String: Float] = [:]
    for contribution in contributions.prefix(written) {
      named[String(cString: contribution.name)] = contribution.value
    }
    return (status, explanation, named)
  }
}
