import Evaluation
import Foundation
import Statistics

/// How one sequence went.
struct SequenceRun {
  /// Labels when the interval first reached as far as was wanted; `nil` where it did not.
  var labels: Int?
  /// What these labels cost.
  var dollars: Double?
  /// Whether the true value was inside each time, and at a time drawn at random.
  var heldAlways = true
  var heldAtRandom = true
  /// Half the interval after so many labels, and at the end.
  var halves: [Int: Double] = [:]
}

/// What many sequences came to.
struct SequenceStatistics {
  private var runs: [SequenceRun] = []

  mutating func add(_ run: SequenceRun) { runs.append(run) }

  private static func median(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.sorted()[values.count / 2]
  }

  func figures(_ before: [String: Any]) -> KeyValuePairs<String, Any?> {
    let labels = runs.compactMap(\.labels).map(Double.init).sorted()
    func half(_ count: Int) -> Double? {
      Self.median(runs.compactMap { $0.halves[count] }).map { $0 * (before["scale"] as? Double ?? 1) }
    }
    return [
      "name": before["intensities"], "noise": before["noise"], "loops": runs.count,
      "reached": labels.count, "labels": labels.count * 2 > runs.count ? labels[runs.count / 2] : nil,
      "labels_90": labels.count * 10 > runs.count * 9 ? labels[runs.count * 9 / 10] : nil,
      "dollars": Self.median(runs.compactMap(\.dollars)), "always": runs.count(where: \.heldAlways),
      "at_random": runs.count(where: \.heldAtRandom),
      "half_324": half(324), "half_700": half(700), "half_1000": half(1_000),
    ]
  }
}

extension Loop {
  /// Requests of a fixed period.
  mutating func sample(requests wanted: Int) -> LabelSample {
    var pairs: [LabelledPair] = []
    var requests: [Double] = []
    var count = 0
    while count < wanted {
      let (rows, found) = conversation(requests.count)
      pairs += found
      requests.append(Double(rows.count))
      count += rows.count
    }
    return LabelSample(pairs: pairs, requests: requests)
  }

  /// The deciding sequence over the whole traffic, looked at after each conversation with a label.
  mutating func decide(aim: Double, trueValue: Double) -> SequenceRun {
    var run = SequenceRun()
    var sequence = DecidingSequence(level: 0.05, reach: aim)
    var (requests, labels, dollars) = (0, 0, 0.0)
    var stop = 50 + randomNumber(below: 800)
    while requests < play.requests {
      let (rows, pairs) = conversation(0)
      requests += rows.count
      let drawn = pairs.filter(\.isDrawn)
      dollars += zip(rows.filter(contest.disagrees), pairs).reduce(0) {
        $0 + ($1.1.isDrawn ? contest.labelUSD($1.0) : 0)
      }
      var rest = pairs[...]
      let turns = rows.map { row -> DecidingSequence.Turn in
        guard contest.disagrees(row), let pair = rest.popFirst() else { return .agreement }
        return .disagreement(
          pair.isDrawn ? .init(difference: pair.difference, weight: pair.labelWeight ?? 1) : nil)
      }
      sequence.close(turns, scale: scale, greatestWeight: greatestWeight)
      guard !drawn.isEmpty else { continue }
      labels += drawn.count
      see(sequence.estimate.map { $0.low...$0.high }, trueValue, labels, aim, &stop, &run)
      if run.labels != nil, run.dollars == nil { run.dollars = dollars }
    }
    return run
  }

  /// Another sequence of labelled conversations.
  mutating func look(_ kind: any AnytimeInterval, reach: Double, trueValue: Double) -> SequenceRun {
    var run = SequenceRun()
    var sequence = kind
    var (requests, labels) = (0, 0)
    var stop = 50 + randomNumber(below: 800)
    while requests < play.requests {
      let (rows, pairs) = conversation(0)
      requests += rows.count
      let drawn = pairs.filter(\.isDrawn)
      guard !drawn.isEmpty else { continue }
      labels += drawn.count
      sequence.add(
        drawn.map { DecidingSequence.Label(difference: $0.difference, weight: $0.labelWeight ?? 1) }.prefix(
          DecidingSequence.greatest.labels),
        greatestWeight: greatestWeight)
      see(sequence.interval, trueValue, labels, reach, &stop, &run)
    }
    return run
  }

  private func see(
    _ interval: ClosedRange<Double>?, _ trueValue: Double, _ labels: Int, _ aim: Double, _ stop: inout Int,
    _ run: inout SequenceRun
  ) {
    let isHeld = interval?.contains(trueValue) ?? false
    if !isHeld { run.heldAlways = false }
    if labels >= stop {
      run.heldAtRandom = isHeld
      stop = .max
    }
    guard let interval else { return }
    let half = (interval.upperBound - interval.lowerBound) / 2
    if half <= aim, run.labels == nil { run.labels = labels }
    for count in [324, 700, 1_000] where labels >= count && run.halves[count] == nil { run.halves[count] = half }
  }
}
