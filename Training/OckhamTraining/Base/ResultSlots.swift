import Synchronization

/// Collects results that several threads make, each in its own place.
package final class ResultSlots<Value: Sendable>: Sendable {
  private let storage: Mutex<[Value?]>

  package init(count: Int) { storage = Mutex([Value?](repeating: nil, count: count)) }

  /// Puts a value into a place.
  package func set(_ value: Value, at index: Int) { storage.withLock { $0[index] = value } }

  /// All values in order of place; places that were never set are left out.
  package var values: [Value] { storage.withLock { $0.compactMap { $0 } } }
}
