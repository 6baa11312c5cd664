import Synchronization

@testable import Gateway

/// A clock that moves when a test says so; sleeping moves it.
final class ManualClock: Sendable {
  private let seconds = Mutex(1000.0)
  private let pauses = Mutex<[Double]>([])

  /// The pauses that were slept, in order.
  var slept: [Double] { pauses.withLock { $0 } }

  func advance(by amount: Double) { seconds.withLock { $0 += amount } }

  var clock: GatewayClock {
    GatewayClock(
      steadySeconds: { self.seconds.withLock { $0 } }, unixSeconds: { self.seconds.withLock { $0 } + 1_700_000_000 },
      sleep: { pause in
        self.pauses.withLock { $0.append(pause) }
        self.advance(by: pause)
      })
  }
}
