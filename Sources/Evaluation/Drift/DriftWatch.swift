import Foundation
package import Ockham
import Statistics

/// What traffic has become since a reference, day by day.
///
/// Every statistic of the reference is one test, and so is each tier's calibration; together they give one false alarm in
/// ``DriftTerms/daysToFalseAlarm`` at most. What lacks data says so, and is never taken for quiet.
package struct DriftWatch: Sendable {
  package let reference: DriftReference
  package let tierNames: [String]
  package let terms: DriftTerms

  /// - Precondition: as many names as the reference has tiers.
  package init(reference: DriftReference, tierNames: [String], terms: DriftTerms = DriftTerms()) {
    precondition(tierNames.count == reference.labels.count, "a name per tier")
    (self.reference, self.tierNames, self.terms) = (reference, tierNames, terms)
  }

  /// A label that was drawn uniformly: what a tier's response was worth, and the probability that was predicted.
  package struct Label: Sendable, Hashable {
    package var tier: Int
    package var quality: Double
    package var probability: Double
    /// Days since 1970 in UTC; −1 where unknown.
    package var day: Int

    package init(tier: Int, quality: Double, probability: Double, day: Int) {
      (self.tier, self.quality, self.probability, self.day) = (tier, quality, probability, day)
    }
  }

  /// Weighs what came after the reference.
  ///
  /// - Parameters:
  ///   - blocks: with the reference's statistics and groups, by day; whole days only.
  ///   - labels: in the order in which they came.
  ///   - lastDay: the last day that is over, where somebody knows; `nil` for the last one with a request.
  package func report(
    _ blocks: [DriftReference.Block], labels: [Label], through lastDay: Int? = nil
  ) -> DriftReport {
    guard reference.source != .none, !reference.blocks.isEmpty else {
      return DriftReport(tests: [], reason: "there is no reference: no one knows what traffic was like before")
    }
    let count = Double(tests)
    let byDay = Dictionary(grouping: blocks, by: \.day)
    let days = byDay.keys.sorted()
    var found: [DriftTest] = []
    for (index, statistic) in reference.statistics.enumerated() {
      found.append(test(index, statistic, byDay, days, limit: log(count * terms.daysToFalseAlarm)))
    }
    for tier in tierNames.indices {
      found.append(calibration(tier, labels.filter { $0.tier == tier }, days: days.count))
    }
    if let lastDay, let last = days.last, last < lastDay {
      // A gateway that no one asks, or that keeps nothing, is not one where nothing has changed.
      for index in found.indices where found[index].state == .quiet {
        found[index].state = .unknown("no request for \(lastDay - last) days")
      }
    }
    var report = DriftReport(tests: found, reason: nil)
    report.days = days.count
    report.rows = blocks.reduce(0) { $0 + $1.rows }
    report.reference = reference
    report.expectations = expectations(blocks)
    report.tierNames = tierNames
    return report
  }

  /// How many tests share the false alarms.
  private var tests: Int { reference.statistics.count + tierNames.count }

  private func test(
    _ index: Int, _ statistic: DriftReference.Statistic, _ byDay: [Int: [DriftReference.Block]], _ days: [Int],
    limit: Double
  ) -> DriftTest {
    var test = DriftTest(statistic.name, .quiet)
    guard let kind = DriftReference.Statistic.kind(of: statistic.name, tiers: tierNames.count) else {
      test.state = .unknown("no such statistic")
      return test
    }
    let start = reference.binStarts[index]
    let bins = start..<start + statistic.bins
    let weights = bins.map { bin in reference.blocks.reduce(0) { $0 + $1.bins[bin] } }
    let components = DriftComponent.all(kind, weights: weights)
    func numbers(_ day: Int, _ blocks: [DriftReference.Block]) -> [ShiftDetector.Day]? {
      let weight = blocks.reduce(0) { $0 + $1.weight }
      let own = blocks.reduce(0) { sum, block in sum + block.bins[bins].reduce(0, +) }
      let rows = weight > 0 ? Int(Double(blocks.reduce(0) { $0 + $1.rows }) * own / weight) : 0
      guard rows >= DriftComponent.leastRows else { return nil }
      let found = components.map { $0.day(day, groups: blocks.map { $0.bins[bins] }, rows: rows) }
      return found.contains(nil) ? nil : found.compactMap(\.self)
    }
    let past = Dictionary(grouping: reference.blocks, by: \.day).sorted { $0.key < $1.key }
      .compactMap { numbers($0.key, $0.value) }
    guard !past.isEmpty else {
      test.isWatched = false
      test.state = .unknown("fewer than \(DriftComponent.leastRows) rows a day in the reference")
      return test
    }
    var series = DriftSeries(
      components, reference: components.indices.map { place in past.map { $0[place] } }, limit: limit)
    var (few, isAbsent) = (0, false)
    for day in days {
      let blocks = byDay[day] ?? []
      if let numbers = numbers(day, blocks) {
        series.add(numbers)
        few = 0
      } else {
        few += 1
      }
      isAbsent = blocks.allSatisfy { $0.bins[bins].allSatisfy { $0 == 0 } }
    }
    test.take(series.evidence, count: series.count, tests: tests)
    let strongest = series.strongest
    (test.before, test.now) = (components[strongest].mean, series.recent(strongest))
    test.cause = cause(
      of: statistic.name, components[strongest].subject, before: test.before, now: test.now)
    test.firstAlarm = series.firstAlarm
    if let since = series.alarmSince {
      test.state = .alarm(since: since)
      test.remedy = Self.remedy(statistic.name)
    } else if series.count == 0 {
      test.state = .unknown("no day with \(DriftComponent.leastRows) rows since the reference")
    } else if isAbsent {
      test.state = .unknown("the last day has no row of it")
    } else if few >= Self.patience {
      test.state = .unknown("the last \(few) days have fewer than \(DriftComponent.leastRows) rows each")
    }
    return test
  }

  private func calibration(_ tier: Int, _ labels: [Label], days: Int) -> DriftTest {
    var test = DriftTest("calibration.\(tier)", .quiet)
    guard !labels.isEmpty else {
      test.isWatched = reference.labels[tier] > 0 && reference.source == .live
      test.state = .unknown("no labels that were drawn uniformly")
      return test
    }
    let tolerance = tolerance(tier)
    // Labels come at a rate of their own: a false alarm is as rare in days.
    let limit = log(Double(tests) * terms.daysToFalseAlarm * max(1, Double(labels.count) / Double(max(1, days))))
    var detector = BettingDetector(lowest: -1 - tolerance)
    var since: Int??
    var recent: [Double] = []
    for label in labels {
      detector.add(label.probability - label.quality - tolerance)
      recent.append(label.probability - label.quality - tolerance)
      if recent.count > Self.recentLabels { recent.removeFirst() }
      if since == nil, detector.evidence >= limit {
        since = label.day < 0 ? .some(nil) : .some(label.day)
        test.firstAlarm = test.firstAlarm ?? since ?? nil
        recent = []
      } else if since != nil, recent.count == Self.recentLabels, recent.reduce(0, +) <= 0 {
        since = nil
        detector.restart()
      }
    }
    test.take(detector.evidence, count: detector.count, tests: tests)
    let last = labels.suffix(max(50, labels.count / 4))
    test.before = last.reduce(0) { $0 + $1.probability } / Double(last.count)
    test.now = last.reduce(0) { $0 + $1.quality } / Double(last.count)
    test.cause =
      "tier \(tierNames[tier]): quality \(percent(test.now)) where \(percent(test.before)) was predicted, in the last \(last.count) labels"
    if let since {
      test.state = .alarm(since: since)
      test.remedy = Self.remedy(test.name)
    } else if labels.count < Self.leastLabels {
      test.state = .unknown("\(labels.count) labels; \(Self.leastLabels) show something")
    }
    return test
  }

  private static let leastLabels = 50
  /// So many labels that are as predicted end an alarm.
  private static let recentLabels = 200
  /// So many days in a row may have few rows before the state is unknown.
  private static let patience = 3

  private func tolerance(_ tier: Int) -> Double {
    guard let error = reference.calibrationErrors[tier], let bias = reference.judgeBiases[tier] else {
      return terms.tolerance
    }
    return min(0.5, error + bias)
  }

  /// What is expected of each tier's quality, without a label: true only while P(good | request) is what it was.
  private func expectations(_ blocks: [DriftReference.Block]) -> [DriftReport.Expectation] {
    tierNames.indices.map { tier in
      func mean(_ blocks: [DriftReference.Block]) -> (value: Double, error: Double)? {
        let weight = blocks.reduce(0) { $0 + $1.weight }
        guard weight > 0, blocks.count > 1 else { return nil }
        let value = blocks.reduce(0) { $0 + $1.quality[tier] } / weight
        let squares = blocks.reduce(0) { sum, block in
          let residual = block.quality[tier] - value * block.weight
          return sum + residual * residual
        }
        return (value, squares.squareRoot() / weight)
      }
      let (before, now) = (mean(reference.blocks), mean(blocks))
      return DriftReport.Expectation(
        tier: tierNames[tier], before: before?.value,
        now: now.map {
          IntervalEstimate(
            value: $0.value, low: max(0, $0.value - 1.96 * $0.error), high: min(1, $0.value + 1.96 * $0.error))
        })
    }
  }
}
