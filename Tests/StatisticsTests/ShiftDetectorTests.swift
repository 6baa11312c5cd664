import Foundation
import Testing

@testable import Statistics

/// The detector of days that have moved, beside a plain reckoning with whole matrices.
@Suite struct ShiftDetectorTests {
  private typealias Day = ShiftDetector.Day

  /// ln of the density of normal values of mean 0, by elimination without tricks; but for a constant.
  private static func logDensity(_ covariance: [[Double]], _ values: [Double]) -> Double {
    var rows = covariance
    var right = values
    var (logDeterminant, form) = (0.0, 0.0)
    for pivot in rows.indices {
      logDeterminant += log(rows[pivot][pivot])
      form += right[pivot] * right[pivot] / rows[pivot][pivot]
      for row in rows.indices where row > pivot {
        let factor = rows[row][pivot] / rows[pivot][pivot]
        for column in rows.indices { rows[row][column] -= factor * rows[pivot][column] }
        right[row] -= factor * right[pivot]
      }
    }
    return -0.5 * (logDeterminant + form)
  }

  /// The evidence by its definition: for each habit and day the whole covariance with and without a move.
  private static func plain(_ reference: [Day], _ live: [Day], scale: Double) -> Double {
    let days = reference + live
    let values = days.map { ($0.value - reference[0].value) / scale }
    var (null, alternatives) = ([Double](), [Double]())
    for week in [0.0, 0.02, 0.08, 0.3] {
      for day in [0.005, 0.02, 0.05, 0.12] {
        for persistence in [0.0, 0.4, 0.7] {
          let covariance = days.indices.map { a in
            days.indices.map { b -> Double in
              var sum = 1 + (a == b ? days[a].variance / (scale * scale) : 0)
              if let first = days[a].number, let second = days[b].number {
                let distance = abs(first - second)
                sum += distance % 7 == 0 ? week * week : 0
                sum += distance == 0 ? day * day : day * day * pow(persistence, Double(distance))
              }
              return sum
            }
          }
          null.append(logDensity(covariance, values))
          for start in live.indices {
            for move in [0.04, 0.12, 0.4, 1.2] {
              let moved = days.indices.map { a in
                days.indices.map { b in
                  covariance[a][b]
                    + (min(a, b) >= reference.count + start ? move * move : 0)
                }
              }
              alternatives.append(logDensity(moved, values) - log(4))
            }
          }
        }
      }
    }
    func sum(_ logs: [Double]) -> Double {
      let greatest = logs.max() ?? 0
      return greatest + log(logs.reduce(0) { $0 + exp($1 - greatest) })
    }
    return sum(alternatives) - sum(null)
  }

  @Test func agreesWithWholeMatrices() {
    var random = SplitMix64(seed: 5)
    func noise() -> Double { Double(random.nextUnit()) - 0.5 }
    let reference = (0..<7).map { Day(number: $0, value: 0.4 + 0.02 * noise(), variance: 0.0001) }
    var detector = ShiftDetector(reference: reference, scale: 0.3)
    var live: [Day] = []
    for number in 7..<12 {
      live.append(Day(number: number, value: 0.4 + 0.02 * noise() + (number > 9 ? 0.03 : 0), variance: 0.00012))
      detector.add(live.last!)
      #expect(abs(detector.evidence - Self.plain(reference, live, scale: 0.3)) < 1e-6)
    }
  }

  @Test func agreesWhereTheReferenceHasNoDay() {
    let reference = [Day(number: nil, value: 0.5, variance: 0.0002)]
    let live = [Day(number: 3, value: 0.53, variance: 0.0004), Day(number: 5, value: 0.49, variance: 0.0004)]
    var detector = ShiftDetector(reference: reference, scale: 0.3)
    for day in live { detector.add(day) }
    #expect(abs(detector.evidence - Self.plain(reference, live, scale: 0.3)) < 1e-6)
  }

  @Test func aMoveIsFoundWithItsDay() {
    var detector = ShiftDetector(
      reference: (0..<7).map { Day(number: $0, value: 0.5 + ($0 == 5 ? 0.02 : 0), variance: 0.0001) }, scale: 0.3)
    for number in 7..<20 {
      detector.add(Day(number: number, value: number % 7 == 5 ? 0.52 : 0.5, variance: 0.0001))
    }
    #expect(detector.evidence < log(100))
    for number in 20..<25 {
      detector.add(Day(number: number, value: (number % 7 == 5 ? 0.52 : 0.5) + 0.1, variance: 0.0001))
    }
    #expect(detector.evidence > log(1e6))
    #expect(detector.likeliestStart == 20)
    detector.restart()
    #expect(detector.count == 0 && detector.evidence == -.infinity)
  }

  /// While the process is one of the mixture the sum over starts is as great as the number of days, on average.
  @Test func theSumIsAsGreatAsTheDaysOnAverage() {
    var random = SplitMix64(seed: 9)
    func normal() -> Double {
      (-2 * log(1 - Double(random.next() >> 11) * 0x1p-53)).squareRoot()
        * cos(2 * Double.pi * Double(random.next() >> 11) * 0x1p-53)
    }
    let (runs, days) = (300, 6)
    var (sum, alarms) = (0.0, 0)
    for _ in 0..<runs {
      let level = normal()
      let habit = [0.005, 0.02, 0.05, 0.12][random.next(below: 4)]
      func day(_ number: Int) -> Day {
        Day(number: number, value: level + habit * normal() + 0.03 * normal(), variance: 0.0009)
      }
      var detector = ShiftDetector(reference: (0..<7).map(day), scale: 1)
      for number in 7..<7 + days { detector.add(day(number)) }
      sum += min(exp(detector.evidence), 200)
      alarms += detector.evidence > log(200) ? 1 : 0
    }
    #expect(sum / Double(runs) < 2 * Double(days))
    // P(sum > 200) is below 6 / 200.
    #expect(alarms <= 18)
  }

  @Test func oldDaysGoAndTheReferenceStays() {
    var detector = ShiftDetector(
      reference: (0..<7).map { Day(number: $0, value: 0.5, variance: 0.0001) }, scale: 0.3)
    for number in 7..<7 + ShiftDetector.longest + 1 {
      detector.add(Day(number: number, value: 0.5, variance: 0.0001))
    }
    #expect(detector.count == ShiftDetector.longest / 2 + 1)
    for number in 100..<104 { detector.add(Day(number: number, value: 0.65, variance: 0.0001)) }
    #expect(detector.evidence > log(1e6))
  }
}
