import Synchronization

/// Collects results that several threads make, each in its own place.
final class ResultSlots<Value: Sendable>: Sendable {
  private let storage: Mutex<[Value?]>

  init(count: Int) { storage = Mutex([Value?](repeating: nil, count: count)) }

  /// Puts a value into a place.
  func set(_ value: Value, at index: Int) { storage.withLock { $0[index] = value } }

  /// All values in order of place; places that were never set are left out.
  var values: [Value] { storage.withLock { $0.compactMap { $0 } } }
}
