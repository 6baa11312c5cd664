internal import Ockham

/// What an `ockham_router` points at.
final class RouterHandle: Sendable {
  let router: Router
  let names: Names

  init(router: Router, names: Names) {
    self.router = router
    self.names = names
  }

  /// A pointer that owns this object until ``release(_:)``.
  func retained() -> OpaquePointer { unsafe OpaquePointer(Unmanaged.passRetained(self).toOpaque()) }

  /// The object behind a pointer that ``retained()`` made.
  static func from(_ pointer: OpaquePointer?) throws(Refusal) -> RouterHandle {
    guard let pointer = unsafe pointer else { throw .nullArgument("router") }
    return unsafe Unmanaged<RouterHandle>.fromOpaque(UnsafeRawPointer(pointer)).takeUnretainedValue()
  }

  /// Gives up a pointer that ``retained()`` made; nothing for NULL.
  static func release(_ pointer: OpaquePointer?) {
    guard let pointer = unsafe pointer else { return }
    unsafe Unmanaged<RouterHandle>.fromOpaque(UnsafeRawPointer(pointer)).release()
  }
}
