// The names are those of C.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

public import COckham
internal import Ockham

/// `ockham_router_reads_responses` of `ockham.h`.
@c @implementation public func ockham_router_reads_responses(_ router: OpaquePointer?, _ tier: Int) -> Int32 {
  guard let handle = try? unsafe RouterHandle.from(router) else { return 0 }
  return handle.router.model.responseTiers.contains(tier) ? 1 : 0
}

/// `ockham_facts_set_logprobs` of `ockham.h`.
@c @implementation public func ockham_facts_set_logprobs(
  _ facts: UnsafeMutablePointer<ockham_response_facts>?, _ logprobs: UnsafePointer<Double>?, _ count: Int
) -> ockham_status {
  status { () throws(Refusal) in
    guard let facts = unsafe facts else { throw .nullArgument("facts") }
    try unsafe checkSize("facts", facts.pointee.struct_bytes, of: ockham_response_facts.self)
    guard count >= 0, unsafe logprobs != nil || count == 0 else { throw .nullArgument("logprobs") }
    var found = ResponseFacts()
    unsafe found.setLogprobs(Array(UnsafeBufferPointer(start: logprobs, count: count)))
    let all = UInt32(OCKHAM_LOGPROB_MEAN | OCKHAM_LOGPROB_MINIMUM | OCKHAM_LOGPROB_SPREAD)
    unsafe facts.pointee.known_logprobs = found.meanLogprob == nil ? 0 : all
    unsafe facts.pointee.mean_logprob = found.meanLogprob ?? 0
    unsafe facts.pointee.minimum_logprob = found.minimumLogprob ?? 0
    unsafe facts.pointee.logprob_spread = found.logprobSpread ?? 0
  }
}

/// `ockham_weigh` of `ockham.h`.
@c @implementation public func ockham_weigh(
  _ scratch: OpaquePointer?, _ response: UnsafePointer<ockham_response>?, _ tier: Int,
  _ escalation: UnsafeMutablePointer<ockham_escalation>?, _ probabilities: UnsafeMutablePointer<Float>?,
  _ capacity: Int
) -> ockham_status {
  status { () throws(Refusal) in
    let handle = try unsafe ScratchHandle.from(scratch)
    guard let escalation = unsafe escalation else { throw .nullArgument("escalation") }
    try unsafe checkSize("escalation", escalation.pointee.struct_bytes, of: ockham_escalation.self)
    let tiers = handle.router.model.tierNames.count
    guard (0..<tiers).contains(tier) else { throw .tier }
    if unsafe probabilities == nil, capacity != 0 { throw .nullArgument("probabilities") }
    guard unsafe probabilities == nil || capacity >= tiers - tier else { throw .bufferTooSmall }
    let step = try unsafe handle.weigh(response, of: tier)
    unsafe escalation.pointee = handle.describe(step, structBytes: escalation.pointee.struct_bytes)
    guard let probabilities = unsafe probabilities else { return }
    unsafe handle.writeProbabilities(to: probabilities)
  }
}

extension ScratchHandle {
  /// Refers to a caller's response for the time of weighing it.
  fileprivate func weigh(
    _ pointer: UnsafePointer<ockham_response>?, of tier: Int
  ) throws(Refusal) -> Escalation? {
    guard hasScored else { throw .nothingScored }
    guard responses != nil, router.model.responseTiers.contains(tier) else { throw .noResponseHead }
    defer { unsafe response.reset(text: UnsafeBufferPointer(start: nil, count: 0)) }
    try unsafe response.refer(to: pointer)
    // In place: an optional that is bound would be copied.
    return router.weigh(response, of: tier, after: scratch, using: &responses!, allowed: allowed)
  }

  fileprivate func describe(_ step: Escalation?, structBytes: Int) -> ockham_escalation {
    guard let step else {
      return unsafe ockham_escalation(
        struct_bytes: structBytes, tier_name: nil, tier: -1, is_worthwhile: 0, gain: 0, threshold: 0)
    }
    return unsafe ockham_escalation(
      struct_bytes: structBytes, tier_name: names.tiers[step.candidate], tier: Int32(step.candidate),
      is_worthwhile: step.isWorthwhile ? 1 : 0, gain: step.gain, threshold: step.threshold)
  }

  /// P(good | response) of the tier that answered and of each above.
  fileprivate func writeProbabilities(to pointer: UnsafeMutablePointer<Float>) {
    guard let found = responses?.probabilities else { return }
    for index in found.indices { unsafe pointer[index] = found[index] }
  }
}
