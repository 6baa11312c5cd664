/// How often and after what pause a failed call is made again.
package struct RetryPolicy: Sendable, Hashable {
  /// Calls in all, at least 1.
  package var attempts = 6
  /// The pause after the first failure; each further one is twice as long.
  package var firstPauseSeconds = 0.5
  /// The longest pause, also where the server asks for a longer one.
  package var longestPauseSeconds = 60.0
  /// Calls in all for a verdict that can be read, at least 1.
  package var verdictAttempts = 3
  /// Whether a pause that the server asks for holds all calls, not only the one that was told.
  package var pausesHoldAll = false

  package init() {}

  /// The pause after a failed attempt (from 1): what the server asks for, else min(first · 2^(attempt−1), longest), by
  /// a factor between ½ and 1 chosen at random, so that many clients do not come back at once.
  func pauseSeconds(attempt: Int, retryAfterSeconds: Double?) -> Double {
    if let retryAfterSeconds { return min(max(0, retryAfterSeconds), longestPauseSeconds) }
    let pause = firstPauseSeconds * Double(sign: .plus, exponent: attempt - 1, significand: 1)
    return min(pause, longestPauseSeconds) * Double.random(in: 0.5...1)
  }

  /// Whether a status may pass when the call is made again: 408, 425, 429 and all from 500.
  static func isPassing(status: Int) -> Bool { [408, 425, 429].contains(status) || status >= 500 }
}
