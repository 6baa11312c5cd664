import COckham
import Foundation

/// A router in C, freed with this object.
final class CRouter: @unchecked Sendable {
  private let pointer: OpaquePointer

  /// Loads a model file.
  convenience init(_ bytes: [UInt8]) throws(CRefusal) {
    try self.init { router, detail, capacity in
      bytes.withUnsafeBytes { ockham_router_load($0.baseAddress, $0.count, router, detail, capacity) }
    }
  }

  /// The model of another router with a policy; `nil` for NULL.
  convenience init(_ router: CRouter, _ policy: ockham_policy?) throws(CRefusal) {
    try self.init { other, detail, capacity in
      guard var policy = policy else {
        return ockham_router_with_policy(router.pointer, nil, other, detail, capacity)
      }
      return ockham_router_with_policy(router.pointer, &policy, other, detail, capacity)
    }
  }

  private init(
    _ make: (UnsafeMutablePointer<OpaquePointer?>, UnsafeMutablePointer<CChar>, Int) -> ockham_status
  ) throws(CRefusal) {
    var made: OpaquePointer?
    var detail = [CChar](repeating: 1, count: 256)
    let status = detail.withUnsafeMutableBufferPointer { make(&made, $0.baseAddress!, $0.count) }
    guard let made = made else { throw CRefusal(status: status, detail: detail) }
    pointer = made
  }

  deinit { ockham_router_free(pointer) }

  var tierCount: Int { ockham_router_tier_count(pointer) }
  var modelIdentifier: UInt64 { ockham_router_model_id(pointer) }
  func tierName(_ tier: Int) -> String? { ockham_router_tier_name(pointer, tier).map { String(cString: $0) } }

  /// A scratch for one thread.
  func makeScratch() -> CScratch {
    var scratch: OpaquePointer?
    precondition(ockham_scratch_create(pointer, &scratch) == OCKHAM_OK)
    return CScratch(scratch!)
  }
}

/// Why a router was not made.
struct CRefusal: Error, Equatable {
  var status: ockham_status
  var detail: String

  init(status: ockham_status, detail: [CChar]) {
    self.status = status
    self.detail = String(decoding: detail.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}

/// Files of the package.
enum Files {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  static func bytes(_ path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: root.appending(path: path))) }

  static let models = [
    "Tests/Golden/runtime/logistic.safetensors", "Tests/Golden/runtime/mlp.safetensors",
    "models/default/model.safetensors",
  ]
}
