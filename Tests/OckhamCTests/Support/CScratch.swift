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
