import Synchronization

/// All calls in progress, looked over a few times a second: one ticking task instead of a timer for each call.
package final class CallTokenTable: Sendable {
  /// How far a timeout may be late.
  package static let tickSeconds = 0.05

  private let calls = Mutex<[ObjectIdentifier: CallToken]>([:])

  package init() {}

  /// Watches a call until ``remove(_:)``.
  package func insert(_ deadline: CallToken) {
    calls.withLock { $0[ObjectIdentifier(deadline)] = deadline }
  }

  /// Watches a call no longer: it is over.
  package func remove(_ deadline: CallToken) {
    _ = calls.withLock { $0.removeValue(forKey: ObjectIdentifier(deadline)) }
  }

  /// Gives up what is late.
  package func sweep(now: UInt64) {
    // Expiry runs code of its own: not under the lock.
    let all = calls.withLock { Array($0.values) }
    for deadline in all { deadline.check(now: now) }
  }
}
