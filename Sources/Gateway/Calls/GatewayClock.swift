import Dispatch
import Foundation

/// Where the gateway reads the time: one value, so that tests can move it.
package struct GatewayClock: Sendable {
  /// Seconds of a clock that never jumps.
  package var steadySeconds: @Sendable () -> Double

  /// Seconds since 1970.
  package var unixSeconds: @Sendable () -> Double

  /// Waits.
  package var sleep: @Sendable (Double) async throws -> Void

  package init(
    steadySeconds: @escaping @Sendable () -> Double, unixSeconds: @escaping @Sendable () -> Double,
    sleep: @escaping @Sendable (Double) async throws -> Void
  ) {
    self.steadySeconds = steadySeconds
    self.unixSeconds = unixSeconds
    self.sleep = sleep
  }
}

extension GatewayClock {
  /// The machine's clocks.
  package static let system = GatewayClock(
    steadySeconds: { Double(DispatchTime.now().uptimeNanoseconds) / 1e9 },
    unixSeconds: { Date().timeIntervalSince1970 },
    sleep: { seconds in try await Task.sleep(for: .seconds(seconds)) })
}

extension GatewayClock {
  /// A clock whose days pass faster: it agrees with the machine's at `epoch`, in seconds since 1970, and runs `factor` times as
  /// fast. What is waited for takes as long as ever: this is for rehearsals of what takes days.
  package static func fast(by factor: Double, since epoch: Double) -> GatewayClock {
    var clock = system
    clock.unixSeconds = { epoch + (system.unixSeconds() - epoch) * factor }
    return clock
  }
}

extension GatewayClock {
  /// Nanoseconds of the clock that never jumps.
  package var steadyNanoseconds: UInt64 { UInt64(max(0, steadySeconds()) * 1e9) }
}
