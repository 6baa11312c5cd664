// The names are those of C.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

public import COckham
internal import Ockham

/// `ockham_abi_version` of `ockham.h`.
@c @implementation public func ockham_abi_version() -> UInt32 { UInt32(OCKHAM_ABI_VERSION) }

/// `ockham_router_load` of `ockham.h`.
@c @implementation public func ockham_router_load(
  _ bytes: UnsafeRawPointer?, _ count: Int, _ router: UnsafeMutablePointer<OpaquePointer?>?,
  _ detail: UnsafeMutablePointer<CChar>?, _ detailBytes: Int
) -> ockham_status {
  unsafe status(detail: detail, detailBytes) { () throws(Refusal) in
    guard let router = unsafe router else { throw .nullArgument("router") }
    unsafe router.pointee = nil
    guard let bytes = unsafe bytes else { throw .nullArgument("model") }
    guard count >= 0 else { throw .model(.truncated(part: "file", expectedBytes: 8, foundBytes: 0)) }
    let file = unsafe [UInt8](UnsafeRawBufferPointer(start: bytes, count: count))
    let model: Model
    do throws(ModelFileError) { model = try Model(file) } catch { throw .model(error) }
    unsafe router.pointee = RouterHandle(router: Router(model: model), names: Names(model)).retained()
  }
}

/// `ockham_router_with_policy` of `ockham.h`.
@c @implementation public func ockham_router_with_policy(
  _ router: OpaquePointer?, _ policy: UnsafePointer<ockham_policy>?, _ other: UnsafeMutablePointer<OpaquePointer?>?,
  _ detail: UnsafeMutablePointer<CChar>?, _ detailBytes: Int
) -> ockham_status {
  unsafe status(detail: detail, detailBytes) { () throws(Refusal) in
    guard let other = unsafe other else { throw .nullArgument("router") }
    unsafe other.pointee = nil
    let handle = try unsafe RouterHandle.from(router)
    let model = handle.router.model
    let read = try unsafe Policy(policy, for: model)
    let constrained: Router
    do throws(PolicyError) { constrained = try Router(model: model, policy: read) } catch {
      throw .policy(error.description)
    }
    unsafe other.pointee = RouterHandle(router: constrained, names: handle.names).retained()
  }
}

/// `ockham_router_tier_count` of `ockham.h`.
@c @implementation public func ockham_router_tier_count(_ router: OpaquePointer?) -> Int {
  (try? unsafe RouterHandle.from(router))?.router.model.tierNames.count ?? 0
}

/// `ockham_router_tier_name` of `ockham.h`.
@c @implementation public func ockham_router_tier_name(
  _ router: OpaquePointer?, _ tier: Int
) -> UnsafePointer<CChar>? {
  unsafe (try? RouterHandle.from(router))?.names.tiers[tier]
}

/// `ockham_router_model_id` of `ockham.h`.
@c @implementation public func ockham_router_model_id(_ router: OpaquePointer?) -> UInt64 {
  (try? unsafe RouterHandle.from(router))?.router.model.identifier ?? 0
}

/// `ockham_router_free` of `ockham.h`.
@c @implementation public func ockham_router_free(_ router: OpaquePointer?) { unsafe RouterHandle.release(router) }
