import Synchronization

/// The result of a stream, once it is known: set by one, awaited by one.
///
/// Unlike a task's value it is there before the task that shows it ends, which may still have a connection to give back.
package final class StreamEnding: Sendable {
  private enum State {
    case open
    case awaited(CheckedContinuation<StreamOutcome, Never>)
    case over(StreamOutcome)
  }

  private let state = Mutex(State.open)

  init() {}

  /// Sets the outcome; the first counts.
  func fulfil(_ outcome: StreamOutcome) {
    let waiter = state.withLock { state -> CheckedContinuation<StreamOutcome, Never>? in
      switch state {
      case .open:
        state = .over(outcome)
        return nil
      case .awaited(let waiter):
        state = .over(outcome)
        return waiter
      case .over: return nil
      }
    }
    waiter?.resume(returning: outcome)
  }

  /// The outcome, also for a task that was cancelled. To be asked for by one task at a time.
  var outcome: StreamOutcome {
    get async {
      await withCheckedContinuation { continuation in
        let known = state.withLock { state -> StreamOutcome? in
          if case .over(let outcome) = state { return outcome }
          state = .awaited(continuation)
          return nil
        }
        if let known { continuation.resume(returning: known) }
      }
    }
  }
}
