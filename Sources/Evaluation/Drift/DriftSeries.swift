import Foundation
import Statistics

/// One statistic, day by day: whether its distribution is what it was in the reference.
///
/// Each component has a detector; their mean is one too, so that many choices cost no more than one. The alarm goes in when it reaches the limit,
/// and out when the last three days speak for the reference again.
struct DriftSeries {
  private let components: [DriftComponent]
  private let reference: [[ShiftDetector.Day]]
  private var detectors: [ShiftDetector]
  private let limit: Double
  /// The days since the last restart, by component.
  private var days: [[ShiftDetector.Day]]
  /// The day since which something is another, while the alarm is in.
  private(set) var alarmSince: Int??
  /// The first day on which it was.
  private(set) var firstAlarm: Int?

  /// The days that end an alarm.
  private static let lastDays = 3

  /// - Parameters:
  ///   - components: of the statistic.
  ///   - reference: days by component, each at least one.
  ///   - limit: ln of what the sum of e-values must reach.
  init(_ components: [DriftComponent], reference: [[ShiftDetector.Day]], limit: Double) {
    (self.components, self.reference, self.limit) = (components, reference, limit)
    detectors = zip(components, reference).map { ShiftDetector(reference: $1, scale: $0.scale) }
    days = components.map { _ in [] }
  }

  /// ln of the mean of the components' sums.
  var evidence: Double { Self.mean(detectors.map(\.evidence)) }

  /// The component that speaks most against the reference.
  var strongest: Int { detectors.indices.max { detectors[$0].evidence < detectors[$1].evidence } ?? 0 }

  var count: Int { detectors[0].count }

  /// Takes a day's numbers, by component.
  mutating func add(_ next: [ShiftDetector.Day]) {
    for index in components.indices {
      days[index].append(next[index])
      detectors[index].add(next[index])
    }
    if alarmSince == nil {
      guard evidence >= limit else { return }
      alarmSince = .some(detectors[strongest].likeliestStart)
      firstAlarm = firstAlarm ?? next[0].number
    } else if isBack {
      alarmSince = nil
      for index in components.indices {
        days[index] = Array(days[index].suffix(Self.lastDays))
        detectors[index].restart()
        for day in days[index] { detectors[index].add(day) }
      }
    }
  }

  /// Whether the last days are more likely as in the reference than moved since the first of them.
  private var isBack: Bool {
    guard let count = days.first?.count, count > Self.lastDays else { return false }
    let found = components.indices.map { index in
      var detector = ShiftDetector(reference: reference[index], scale: components[index].scale)
      for day in days[index].suffix(Self.lastDays) { detector.add(day) }
      return detector.evidence
    }
    // As many starts as days: on average their ratios are 1.
    return Self.mean(found) < log(Double(Self.lastDays))
  }

  private static func mean(_ evidence: [Double]) -> Double {
    let greatest = evidence.max() ?? -.infinity
    guard greatest > -.infinity else { return greatest }
    return greatest + log(evidence.reduce(0) { $0 + exp($1 - greatest) } / Double(evidence.count))
  }

  /// The mean of a component's numbers since the day that it probably moved on, or of the last seven days.
  func recent(_ component: Int) -> Double? {
    let start = detectors[component].likeliestStart
    let own = days[component]
    let chosen =
      alarmSince == nil ? Array(own.suffix(7)) : own.filter { ($0.number ?? .max) >= (start ?? .min) }
    let weight = chosen.reduce(0) { $0 + 1 / $1.variance }
    return chosen.isEmpty ? nil : chosen.reduce(0) { $0 + $1.value / $1.variance } / weight
  }
}
