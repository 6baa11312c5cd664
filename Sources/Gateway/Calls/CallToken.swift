import Synchronization

/// Something in progress that may be cancelled: a call upstream.
///
/// The deadline moves with the progress of the call; storing it is all that a chunk of a stream costs.
package final class CallToken: Sendable {
  /// Why a call was cancelled.
  package enum Cause: Int, Sendable {
    case none = 0
    case firstToken
    case idle
    case total
    /// The client went away, or its connection was closed when a shutdown had waited for as long as it may.
    case cancelled
  }

  /// When the call began, in nanoseconds of a steady clock.
  package let start: UInt64
  private let nextNanoseconds: Atomic<UInt64>
  private let nextCause: Atomic<Int>
  private let expired = Atomic<Int>(Cause.none.rawValue)
  private let totalNanoseconds: UInt64
  private let action = Mutex<(@Sendable () -> Void)?>(nil)

  /// - Parameters:
  ///   - now: the time in nanoseconds of a steady clock.
  ///   - firstToken: seconds until the first part of the answer.
  ///   - total: seconds for all.
  package init(now: UInt64, firstToken: Double, total: Double) {
    start = now
    totalNanoseconds = now + Self.nanoseconds(total)
    nextNanoseconds = Atomic(now + Self.nanoseconds(firstToken))
    nextCause = Atomic(Cause.firstToken.rawValue)
  }

  /// Sets what gives the call up; runs at once where it is too late already.
  package func onExpiry(_ body: @escaping @Sendable () -> Void) {
    action.withLock { $0 = body }
    if cause != .none { body() }
  }

  /// A part of the answer came: the next must follow within `idle` seconds.
  package func advance(now: UInt64, idle: Double) {
    nextCause.store(Cause.idle.rawValue, ordering: .relaxed)
    nextNanoseconds.store(now + Self.nanoseconds(idle), ordering: .relaxed)
  }

  /// A sign of life before the first part: that has its time anew.
  package func renew(now: UInt64, firstToken: Double) {
    nextNanoseconds.store(now + Self.nanoseconds(firstToken), ordering: .relaxed)
  }

  /// The client takes its time: only the total counts until the next ``advance(now:idle:)``.
  package func suspend() { nextNanoseconds.store(.max, ordering: .relaxed) }

  /// Gives the call up if its time is over.
  package func check(now: UInt64) {
    if now >= totalNanoseconds {
      expire(.total)
    } else if now >= nextNanoseconds.load(ordering: .relaxed) {
      expire(Cause(rawValue: nextCause.load(ordering: .relaxed)) ?? .idle)
    }
  }

  /// Gives the call up.
  package func cancel() { expire(.cancelled) }

  /// Why the call was cancelled; ``Cause/none`` while it was not.
  package var cause: Cause { Cause(rawValue: expired.load(ordering: .acquiring)) ?? .none }

  private func expire(_ cause: Cause) {
    let (exchanged, _) = expired.compareExchange(
      expected: Cause.none.rawValue, desired: cause.rawValue, ordering: .acquiringAndReleasing)
    guard exchanged else { return }
    action.withLock { $0 }?()
  }

  private static func nanoseconds(_ seconds: Double) -> UInt64 { UInt64(min(max(0, seconds), 1e8) * 1e9) }
}
