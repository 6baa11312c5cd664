/// What a thread borrows from a ``ScratchPool`` while it works on a request.
final class PooledScratch {
  var scratch: Scratch
  /// `nil` for a model without response heads.
  var responses: ResponseScratch?

  init(_ model: Model) {
    scratch = model.makeScratch()
    responses = model.makeResponseScratch()
  }
}

/// Scratches that wait for their next use: any thread may take one and put it back at any time, and none ever waits.
///
/// Each slot is one pointer: nil, or a scratch that the slot owns. Taking replaces the pointer by nil and putting back replaces nil by the
/// pointer, each by one atomic compare-and-exchange, so that a scratch has one owner at any moment. Nothing is read through a
/// pointer before it was taken, and slots do not refer to each other; hence no question of reclamation, and a pointer that went and
/// came back in between does no harm. More threads than slots make scratches of their own and drop them.
///
/// The compare-and-exchange is the standard library's `_stdlib_atomicCompareExchangeStrongPtr`, which is sequentially consistent and
/// compiles to the one instruction. The supported way is `Atomic` of the module Synchronization: that is one more library to link and
/// to ship (libswiftSynchronization), and its `Mutex` is not there in Embedded Swift, while this module imports nothing. Should a later
/// compiler drop the function, this file does not compile; nothing else depends on it.
@safe final class ScratchPool: @unchecked Sendable {
  /// How many scratches wait at most.
  static let capacity = 64

  private let slots: UnsafeMutablePointer<UnsafeRawPointer?>

  init() {
    unsafe slots = .allocate(capacity: Self.capacity)
    unsafe slots.initialize(repeating: nil, count: Self.capacity)
  }

  /// A scratch that waited; `nil` where none did.
  func take() -> PooledScratch? {
    for index in 0..<Self.capacity {
      // Comparing with nil and putting nil there is a load.
      guard let pointer = unsafe replace(nil, by: nil, at: index),
        unsafe replace(pointer, by: nil, at: index) == pointer
      else { continue }
      return unsafe Unmanaged<PooledScratch>.fromOpaque(pointer).takeRetainedValue()
    }
    return nil
  }

  /// Takes a scratch back, or drops it where all slots are taken.
  func putBack(_ scratch: PooledScratch) {
    let pointer = unsafe UnsafeRawPointer(Unmanaged.passRetained(scratch).toOpaque())
    for index in 0..<Self.capacity where unsafe replace(nil, by: pointer, at: index) == nil { return }
    unsafe Unmanaged<PooledScratch>.fromOpaque(pointer).release()
  }

  /// Puts a pointer where another one stands; returns what stood there, which is `expected` where that was done.
  private func replace(_ expected: UnsafeRawPointer?, by desired: UnsafeRawPointer?, at index: Int) -> UnsafeRawPointer?
  {
    var found = unsafe expected
    _ = unsafe _stdlib_atomicCompareExchangeStrongPtr(object: slots + index, expected: &found, desired: desired)
    return unsafe found
  }

  deinit {
    while take() != nil {}
    unsafe slots.deallocate()
  }
}
