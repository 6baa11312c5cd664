// The names are those of C.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

public import COckham
internal import Ockham

/// `ockham_scratch_create` of `ockham.h`.
@c @implementation public func ockham_scratch_create(
  _ router: OpaquePointer?, _ scratch: UnsafeMutablePointer<OpaquePointer?>?
) -> ockham_status {
  status { () throws(Refusal) in
    guard let scratch = unsafe scratch else { throw .nullArgument("scratch") }
    unsafe scratch.pointee = nil
    unsafe scratch.pointee = ScratchHandle(try RouterHandle.from(router)).retained()
  }
}

/// `ockham_scratch_free` of `ockham.h`.
@c @implementation public func ockham_scratch_free(_ scratch: OpaquePointer?) { unsafe ScratchHandle.release(scratch) }

/// `ockham_score` of `ockham.h`.
@c @implementation public func ockham_score(
  _ scratch: OpaquePointer?, _ request: UnsafePointer<ockham_request>?,
  _ result: UnsafeMutablePointer<ockham_score_result>?, _ tiers: UnsafeMutablePointer<ockham_tier_score>?,
  _ tierCapacity: Int
) -> ockham_status {
  status { () throws(Refusal) in
    let handle = try unsafe ScratchHandle.from(scratch)
    guard let result = unsafe result else { throw .nullArgument("result") }
    try unsafe checkSize("result", result.pointee.struct_bytes, of: ockham_score_result.self)
    try unsafe handle.checkRoom(tiers, tierCapacity)
    try unsafe handle.borrow(request) { handle in handle.router.model.score(handle.request, into: &handle.scratch) }
    unsafe result.pointee = handle.scoreResult(structBytes: result.pointee.struct_bytes)
    unsafe handle.writeTiers(to: tiers)
  }
}

/// `ockham_route` of `ockham.h`.
@c @implementation public func ockham_route(
  _ scratch: OpaquePointer?, _ request: UnsafePointer<ockham_request>?,
  _ decision: UnsafeMutablePointer<ockham_decision>?, _ tiers: UnsafeMutablePointer<ockham_tier_score>?,
  _ tierCapacity: Int
) -> ockham_status {
  unsafe decide(scratch, request, decision, tiers, tierCapacity) { handle in
    handle.router.route(handle.request, using: &handle.scratch)
  }
}

/// `ockham_start` of `ockham.h`.
@c @implementation public func ockham_start(
  _ scratch: OpaquePointer?, _ request: UnsafePointer<ockham_request>?,
  _ decision: UnsafeMutablePointer<ockham_decision>?, _ tiers: UnsafeMutablePointer<ockham_tier_score>?,
  _ tierCapacity: Int
) -> ockham_status {
  unsafe decide(scratch, request, decision, tiers, tierCapacity) { handle in
    let made = handle.router.start(handle.request, using: &handle.scratch)
    handle.allowed = handle.router.allowedTiers(for: handle.request, after: handle.scratch)
    return made
  }
}

private func decide(
  _ scratch: OpaquePointer?, _ request: UnsafePointer<ockham_request>?,
  _ decision: UnsafeMutablePointer<ockham_decision>?, _ tiers: UnsafeMutablePointer<ockham_tier_score>?,
  _ tierCapacity: Int, _ make: (ScratchHandle) -> Decision
) -> ockham_status {
  status { () throws(Refusal) in
    let handle = try unsafe ScratchHandle.from(scratch)
    guard let decision = unsafe decision else { throw .nullArgument("decision") }
    try unsafe checkSize("decision", decision.pointee.struct_bytes, of: ockham_decision.self)
    try unsafe handle.checkRoom(tiers, tierCapacity)
    var made: Decision?
    try unsafe handle.borrow(request) { handle in made = make(handle) }
    guard let made else { throw .nothingScored }
    unsafe decision.pointee = handle.describe(made, structBytes: decision.pointee.struct_bytes)
    unsafe handle.writeTiers(to: tiers)
  }
}

extension ScratchHandle {
  /// Refers to a caller's request for the time of `body`.
  fileprivate func borrow(
    _ pointer: UnsafePointer<ockham_request>?, _ body: (ScratchHandle) -> Void
  ) throws(Refusal) {
    defer { request.removeSegments() }
    try unsafe request.refer(to: pointer)
    allowed = .all
    body(self)
    hasScored = true
  }

  fileprivate func checkRoom(
    _ tiers: UnsafeMutablePointer<ockham_tier_score>?, _ capacity: Int
  ) throws(Refusal) {
    if unsafe tiers == nil, capacity == 0 { return }
    guard unsafe tiers != nil else { throw .nullArgument("tiers") }
    guard capacity >= router.model.tierNames.count else { throw .bufferTooSmall }
  }
}
