package import Ockham

/// Whether traffic is what it was: test by test, and as a whole.
package struct DriftReport: Sendable {
  /// What is expected of a tier without labels.
  package struct Expectation: Sendable {
    package var tier: String
    package var before: Double?
    package var now: IntervalEstimate?
  }

  package let tests: [DriftTest]
  /// Why nothing can be said; `nil` where something can.
  package let reason: String?
  /// Of the traffic that was watched.
  package internal(set) var days = 0
  package internal(set) var rows = 0
  package internal(set) var reference: DriftReference?
  package internal(set) var tierNames: [String] = []
  package internal(set) var expectations: [Expectation] = []
  /// What else is to be said, one sentence each.
  package var notes: [String] = []

  package init(tests: [DriftTest], reason: String?) { (self.tests, self.reason) = (tests, reason) }

  /// Whether anything has changed: `nil` where no test says so and one that is watched cannot decide.
  package var alarm: Bool? {
    if tests.contains(where: { $0.state.isAlarm == true }) { return true }
    let watched = tests.filter(\.isWatched)
    return watched.isEmpty || watched.contains { $0.state.isAlarm == nil } ? nil : false
  }
}
