internal import Ockham

/// What an `ockham_scratch` points at. It keeps model and names alive by itself, so that scratches may outlive their router.
final class ScratchHandle {
  let router: Router
  let names: Names
  var scratch: Scratch
  var request = BorrowedRequest()
  var hasScored = false
  /// The tiers that the last request may use: of ockham_start, else all.
  var allowed = TierSet.all
  /// `nil` for a model without response heads.
  var responses: ResponseScratch?
  var response: BorrowedResponse

  init(_ handle: RouterHandle) {
    router = handle.router
    names = handle.names
    scratch = handle.router.model.makeScratch()
    responses = handle.router.model.makeResponseScratch()
    unsafe response = BorrowedResponse(text: UnsafeBufferPointer(start: nil, count: 0))
  }

  /// A pointer that owns this object until ``release(_:)``.
  func retained() -> OpaquePointer { unsafe OpaquePointer(Unmanaged.passRetained(self).toOpaque()) }

  /// The object behind a pointer that ``retained()`` made.
  static func from(_ pointer: OpaquePointer?) throws(Refusal) -> ScratchHandle {
    guard let pointer = unsafe pointer else { throw .nullArgument("scratch") }
    return unsafe Unmanaged<ScratchHandle>.fromOpaque(UnsafeRawPointer(pointer)).takeUnretainedValue()
  }

  /// Gives up a pointer that ``retained()`` made; nothing for NULL.
  static func release(_ pointer: OpaquePointer?) {
    guard let pointer = unsafe pointer else { return }
    unsafe Unmanaged<ScratchHandle>.fromOpaque(UnsafeRawPointer(pointer)).release()
  }
}
