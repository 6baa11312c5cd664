import Synchronization

@testable import Gateway

/// A clock for one service that looks again and again: its pauses end when a test says so, one at a time.
final class SteppedClock: Sendable {
  private struct State {
    var seconds = 1000.0
    var pause = 0.0
    var sleeper: CheckedContinuation<Void, any Error>?
    var observer: CheckedContinuation<Void, Never>?
    var isOver = false
  }

  private let state = Mutex(State())
  private let start: Double

  /// - Parameter start: seconds since 1970.
  init(at start: Double) { self.start = start - 1000 }

  /// The pause that is slept now.
  var pause: Double { state.withLock { $0.pause } }

  var clock: GatewayClock {
    GatewayClock(
      steadySeconds: { self.state.withLock { $0.seconds } },
      unixSeconds: { self.state.withLock { $0.seconds } + self.start },
      sleep: { try await self.sleep($0) })
  }

  /// Ends the pause, and returns where the service has come to the next one.
  func step() async {
    await untilAsleep()
    let sleeper = state.withLock { state in
      defer { state.sleeper = nil }
      state.seconds += state.pause
      return state.sleeper
    }
    sleeper?.resume()
    await untilAsleep()
  }

  /// Returns where the service sleeps, or will never again.
  func untilAsleep() async {
    await withCheckedContinuation { continuation in
      let isNow = state.withLock { state in
        if state.sleeper != nil || state.isOver { return true }
        state.observer = continuation
        return false
      }
      if isNow { continuation.resume() }
    }
  }

  private func sleep(_ pause: Double) async throws {
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let (observer, isOver) = state.withLock { state in
          defer { state.observer = nil }
          state.pause = pause
          if !state.isOver { state.sleeper = continuation }
          return (state.observer, state.isOver)
        }
        if isOver { continuation.resume(throwing: CancellationError()) }
        observer?.resume()
      }
    } onCancel: {
      let (sleeper, observer) = state.withLock { state in
        defer { (state.sleeper, state.observer) = (nil, nil) }
        state.isOver = true
        return (state.sleeper, state.observer)
      }
      sleeper?.resume(throwing: CancellationError())
      observer?.resume()
    }
  }
}
