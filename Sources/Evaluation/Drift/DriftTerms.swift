import Foundation

/// What a watch goes by.
package struct DriftTerms: Sendable, Hashable {
  /// How many days pass on average until a false alarm of any of the tests, while nothing changes.
  package var daysToFalseAlarm = 365.0
  /// What the mean of quality − P(good) may fall below 0 by, where neither the model's calibration error nor the judge's bias is known.
  package var tolerance = 0.02

  package init() {}
}

/// Whether a test watches, and what it says.
package enum DriftState: Sendable, Hashable {
  case quiet
  /// Since a day, counted from 1970 in UTC; `nil` where days are not known.
  case alarm(since: Int?)
  /// Too little is known, and why.
  case unknown(String)

  /// `nil` where it is unknown.
  package var isAlarm: Bool? {
    switch self {
    case .quiet: false
    case .alarm: true
    case .unknown: nil
    }
  }
}

/// What became of one statistic.
package struct DriftTest: Sendable, Hashable {
  package var name: String
  package var state: DriftState
  /// ln of the sum of e-values over the days on which something may have changed; `nil` before the first.
  package var evidence: Double?
  /// The first day on which the alarm was in, whether it still is or not.
  package var firstAlarm: Int?
  /// Days, or labels, that the evidence is of.
  package var count = 0
  /// The probability by chance, however often one looks; then for all tests together.
  package var p: Double?
  package var adjusted: Double?
  /// What moved most, in a sentence; `nil` where nothing is known.
  package var cause: String?
  package var remedy: String?
  /// The number that moved most: in the reference, and since the day that it probably moved on.
  package var before: Double?
  package var now: Double?
  /// Whether the reference knows the statistic: those that it does not are not watched.
  package var isWatched = true

  init(_ name: String, _ state: DriftState) { (self.name, self.state) = (name, state) }

  /// Takes what a detector found.
  mutating func take(_ evidence: Double, count: Int, tests: Int) {
    guard evidence > -.infinity, count > 0 else { return }
    (self.evidence, self.count) = (evidence, count)
    let chance = min(1, Double(count) * exp(-evidence))
    p = chance
    adjusted = min(1, chance * Double(tests))
  }
}
