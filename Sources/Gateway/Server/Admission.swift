package import ChatProtocols
import DequeModule
import Synchronization

/// How many requests are worked on at a time, and how many wait: both bounded, so that overload is answered at once and
/// memory does not grow with it.
package final class Admission: Sendable {
  private struct State {
    var running = 0
    var waiting: Deque<CheckedContinuation<Bool, Never>> = []
    var isClosed = false
  }

  private let maximumRunning: Int
  private let maximumWaiting: Int
  private let state = Mutex(State())

  /// - Parameters:
  ///   - running: requests that may be worked on at a time; at least 1.
  ///   - waiting: requests that may wait; 0 for none.
  package init(running: Int, waiting: Int) {
    maximumRunning = max(1, running)
    maximumWaiting = max(0, waiting)
  }

  /// Requests that are worked on, and that wait.
  package var counts: (running: Int, waiting: Int) { state.withLock { ($0.running, $0.waiting.count) } }

  /// Asks for a place; waits for one where there is room to wait.
  /// - Throws: ``GatewayError/Code/overloaded`` or ``GatewayError/Code/shuttingDown``, both 503.
  package func enter() async throws(GatewayError) {
    if try enterAtOnce() { return }
    let isAdmitted = await withCheckedContinuation { continuation in
      let answer: Bool? = state.withLock { state in
        if state.isClosed || state.waiting.count >= maximumWaiting { return false }
        // A place may have come free since the first look.
        if state.running < maximumRunning {
          state.running += 1
          return true
        }
        state.waiting.append(continuation)
        return nil
      }
      if let answer { continuation.resume(returning: answer) }
    }
    guard isAdmitted else { throw refusal() }
  }

  /// Gives a place back, to the one who waits longest.
  package func leave() {
    let next = state.withLock { state -> CheckedContinuation<Bool, Never>? in
      guard state.waiting.isEmpty else { return state.waiting.removeFirst() }
      state.running -= 1
      return nil
    }
    next?.resume(returning: true)
  }

  /// Admits nobody from now on, and sends away who waits.
  package func close() {
    let waiting = state.withLock { state in
      state.isClosed = true
      defer { state.waiting = [] }
      return state.waiting
    }
    for waiter in waiting { waiter.resume(returning: false) }
  }

  private func enterAtOnce() throws(GatewayError) -> Bool {
    let answer: Bool? = state.withLock { state in
      if state.isClosed { return nil }
      guard state.running < maximumRunning else { return false }
      state.running += 1
      return true
    }
    guard let answer else { throw refusal() }
    return answer
  }

  private func refusal() -> GatewayError {
    state.withLock(\.isClosed)
      ? GatewayError(
        .shuttingDown, message: "The gateway is shutting down. Try another instance.", retryAfterSeconds: 1)
      : GatewayError(
        .overloaded, message: "The gateway works on as many requests as it may. Try again shortly.",
        retryAfterSeconds: 1)
  }
}
