import Synchronization

/// All calls under way, looked over a few times a second: one ticking task instead of a timer for each call.
package final class DeadlineTable: Sendable {
  /// How far a timeout may be late.
  package static let tickSeconds = 0.05

  private let calls = Mutex<[ObjectIdentifier: Deadline]>([:])

  package init() {}

  /// Watches a call until ``remove(_:)``.
  package func insert(_ deadline: Deadline) {
    calls.withLock { $0[ObjectIdentifier(deadline)] = deadline }
  }

  /// Watches a call no longer: it is over.
  package func remove(_ deadline: Deadline) {
    _ = calls.withLock { $0.removeValue(forKey: ObjectIdentifier(deadline)) }
  }

  /// Gives up what is late.
  package func sweep(now: UInt64) {
    // Expiry runs code of its own: not under the lock.
    let all = calls.withLock { Array($0.values) }
    for deadline in all { deadline.check(now: now) }
  }
}
