import Synchronization

/// Sees to it that OpenBLAS never asks for memory that is not there: it would ask for ever.
///
/// Each call that runs beside others works in a buffer of its own, which the library keeps for later calls. Under a limit on
/// address space calls therefore take turns, in the one buffer that ``reserve()`` has taken before the rest is filled.
enum ProductTurns {
  /// What a buffer takes, and room for what else is allocated at that moment. Builds for fewer cores take less.
  private static let neededBytes = (128 << 20) + (16 << 20)

  private static let turn = Mutex(())

  /// Runs one call of the library.
  @inline(__always)
  static func run(_ call: () -> Void) {
    if AddressSpace.limit == nil { call() } else { turn.withLock { _ in call() } }
  }

  /// Takes the buffer.
  ///
  /// - Throws: ``TrainingError/memory(subject:neededBytes:)`` where there is no room for it.
  static func reserve() throws(TrainingError) {
    guard AddressSpace.limit != nil else { return }
    guard AddressSpace.hasRoom(bytes: neededBytes) else {
      throw .memory(subject: "matrix products", neededBytes: neededBytes)
    }
    var result = [0.0]
    var target = result.mutableSpan
    let shape = DenseProduct.Shape(m: 1, n: 1, k: 1, aStride: 1, bStride: 1, cStride: 1)
    DenseProduct.multiply(shape, a: [1.0].span, b: [1.0].span, beta: 0, c: &target)
  }
}
