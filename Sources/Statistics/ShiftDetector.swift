import Foundation

/// Detects that the level of a daily figure has changed, at any time and with few false alarms: an e-detector.
///
/// A figure has a level of its own, differs by the day of the week, and wanders from day to day more than the number of its draws explains;
/// how much of each is not known. So the days are one draw of a normal process whose covariance is a mixture over a grid of such habits,
/// weighed by how well each explains the days themselves. Against it stands, for each day k, that the level moved by an unknown amount
/// on that day and stayed there. The likelihood ratio of the two is an e-process that starts on day k; their sum over k (Shiryaev 1963,
/// Roberts 1966; as an e-detector: Shin, Ramdas, Rinaldo 2024) passes N no sooner than after N days on average while nothing changes,
/// as far as the mixture describes the figure. The error of the days before, the reference, is part of the process: a short reference
/// makes the detector slower, not bolder.
package struct ShiftDetector: Sendable {
  /// The figure of one day.
  package struct Day: Sendable, Hashable {
    /// Days since any fixed one; `nil` where the draws are of no known day.
    package var number: Int?
    package var value: Double
    /// Of the value, as far as it follows from the number of draws; above 0.
    package var variance: Double

    package init(number: Int?, value: Double, variance: Double) {
      (self.number, self.value, self.variance) = (number, value, variance)
    }
  }

  /// The most days that are kept beside the reference; then the older half goes.
  package static let longest = 56

  private let scale: Double
  private let reference: [Day]
  private var live: [Day] = []
  private var habits: [Habit] = []

  /// - Parameters:
  ///   - reference: at least one day, in order.
  ///   - scale: the standard deviation of one draw, above 0: what moves and habits are measured in.
  package init(reference: [Day], scale: Double) {
    precondition(!reference.isEmpty && scale > 0, "a reference of at least one day")
    (self.reference, self.scale) = (reference, scale)
    restart()
  }

  /// ln of the sum of e-values over the days on which the level may have moved: it reaches ln N by chance no sooner than in N days on
  /// average. −∞ before the first day.
  package private(set) var evidence = -Double.infinity
  /// The day since which the level has most probably been another; `nil` before the first.
  package private(set) var likeliestStart: Int?
  /// Days since the reference or since the last restart.
  package var count: Int { live.count }

  /// Takes the next day.
  /// - Complexity: O(days²) for each of the habits.
  package mutating func add(_ day: Day) {
    if live.count >= Self.longest {
      let kept = Array(live.suffix(Self.longest / 2))
      restart()
      for day in kept { take(day) }
    }
    take(day)
  }

  /// Forgets all days but the reference.
  package mutating func restart() {
    live = []
    (evidence, likeliestStart) = (-.infinity, nil)
    habits = Habit.grid()
    for index in reference.indices { append(reference[index], after: Array(reference[..<index]), opens: false) }
  }

  private mutating func take(_ day: Day) {
    append(day, after: reference + live, opens: true)
    live.append(day)
    weigh()
  }

  private mutating func append(_ day: Day, after earlier: [Day], opens: Bool) {
    var day = day
    // Values are counted from the reference's, so that the process has mean 0.
    day.value = (day.value - reference[0].value) / scale
    day.variance /= scale * scale
    for index in habits.indices { habits[index].append(day, after: earlier, opens: opens) }
  }

  private mutating func weigh() {
    let greatest = habits.reduce(-Double.infinity) { max($0, $1.likelihood) }
    let weights = habits.map { exp($0.likelihood - greatest) }
    let total = log(weights.reduce(0, +))
    var sums = [LogSum](repeating: LogSum(), count: live.count)
    for (habit, weight) in zip(habits, weights) where weight > 1e-12 {
      for start in sums.indices { sums[start].add(log(weight) - total + habit.starts[start].ratio) }
    }
    var sum = LogSum()
    for start in sums { sum.add(start.value) }
    evidence = sum.value
    likeliestStart = sums.indices.max { sums[$0].value < sums[$1].value }.flatMap { live[$0].number }
  }
}

/// ln of a sum of exponentials.
private struct LogSum {
  private var greatest = -Double.infinity
  private var sum = 0.0

  mutating func add(_ exponent: Double) {
    if exponent > greatest {
      sum = sum * exp(greatest - exponent) + 1
      greatest = exponent
    } else if exponent > -.infinity {
      sum += exp(exponent - greatest)
    }
  }

  var value: Double { sum > 0 ? greatest + log(sum) : -.infinity }
}

/// How days differ while nothing changes, in standard deviations of one draw; and what the days so far say under it.
private struct Habit: Sendable {
  /// One by the day of the week, one by the day; the share of the latter that the next day inherits.
  let week, day, persistence: Double

  /// The lower triangle of the covariance's Cholesky factor, row after row.
  private var factor: [[Double]] = []
  /// The days' values, whitened by it.
  private var whitened: [Double] = []
  /// ln of the days' density, but for a constant.
  private(set) var likelihood = 0.0
  /// By the day since the reference on which the level may have moved.
  private(set) var starts: [Start] = []

  /// How little is known of the level itself: what a draw scatters by.
  private static let level = 1.0

  static func grid() -> [Habit] {
    var habits: [Habit] = []
    for week in [0.0, 0.02, 0.08, 0.3] {
      for day in [0.005, 0.02, 0.05, 0.12] {
        for persistence in [0.0, 0.4, 0.7] { habits.append(Habit(week: week, day: day, persistence: persistence)) }
      }
    }
    return habits
  }

  private init(week: Double, day: Double, persistence: Double) {
    (self.week, self.day, self.persistence) = (week, day, persistence)
  }

  /// A move of the level that began on one day.
  struct Start: Sendable {
    /// The move by 1, whitened.
    var whitened: [Double]
    var square = 0.0
    var product = 0.0

    /// How far levels move, in standard deviations of one draw: each as probable as the others.
    private static let moves = [0.04, 0.12, 0.4, 1.2]

    /// ln of the likelihood ratio of a move, by an amount that is normal around 0, against none.
    var ratio: Double {
      var sum = LogSum()
      for move in Self.moves {
        let variance = move * move
        let spread = 1 + variance * square
        sum.add(variance * product * product / (2 * spread) - 0.5 * log(spread))
      }
      return sum.value - log(Double(Self.moves.count))
    }
  }

  private func covariance(_ a: ShiftDetector.Day, _ b: ShiftDetector.Day) -> Double {
    guard let first = a.number, let second = b.number else { return Self.level * Self.level }
    let distance = abs(first - second)
    let weekly = distance % 7 == 0 ? week * week : 0
    return Self.level * Self.level + weekly + day * day * pow(persistence, Double(distance))
  }

  mutating func append(_ next: ShiftDetector.Day, after earlier: [ShiftDetector.Day], opens: Bool) {
    var row: [Double] = []
    row.reserveCapacity(earlier.count + 1)
    for (index, other) in earlier.enumerated() {
      var rest = covariance(next, other)
      let above = factor[index]
      for place in 0..<index { rest -= row[place] * above[place] }
      row.append(rest / above[index])
    }
    let own = covariance(next, next) + next.variance - row.reduce(0) { $0 + $1 * $1 }
    let deviation = max(own, 1e-12).squareRoot()
    row.append(deviation)
    let value = (next.value - dot(row, whitened)) / deviation
    whitened.append(value)
    likelihood -= value * value / 2 + log(deviation)
    factor.append(row)
    if opens { starts.append(Start(whitened: [Double](repeating: 0, count: earlier.count))) }
    for index in starts.indices {
      let moved = (1 - dot(row, starts[index].whitened)) / deviation
      starts[index].whitened.append(moved)
      starts[index].square += moved * moved
      starts[index].product += moved * value
    }
  }

  /// Over as many places as the second has.
  private func dot(_ row: [Double], _ values: [Double]) -> Double {
    var sum = 0.0
    for index in values.indices { sum += row[index] * values[index] }
    return sum
  }
}
