import Foundation
import Statistics
import Testing

/// What detectors must not depend on, and what they forget.
@Suite struct DetectorPropertyTests {
  private typealias Day = ShiftDetector.Day

  private static func days(_ numbers: Range<Int>, seed: UInt64, moved: Int = .max) -> [Day] {
    var random = SplitMix64(seed: seed)
    return numbers.map { number in
      let noise = Double(random.nextUnit()) - 0.5
      return Day(
        number: number, value: 0.3 + 0.04 * noise + (number >= moved ? 0.05 : 0),
        variance: 0.0001 + 0.0002 * Double(random.nextUnit()))
    }
  }

  private static func evidence(_ reference: [Day], _ live: [Day], scale: Double) -> [Double] {
    var detector = ShiftDetector(reference: reference, scale: scale)
    return live.map { day in
      detector.add(day)
      return detector.evidence
    }
  }

  private static func agree(_ left: [Double], _ right: [Double]) -> Bool {
    left.count == right.count && zip(left, right).allSatisfy { abs($0 - $1) < 1e-7 * max(1, abs($1)) }
  }

  /// Another unit, another zero, another calendar, a mirror: the same evidence.
  @Test func unitsAndCalendarsDoNotMatter() {
    let (reference, live) = (Self.days(0..<9, seed: 1), Self.days(9..<20, seed: 2, moved: 15))
    let plain = Self.evidence(reference, live, scale: 0.4)
    #expect(plain.last! > plain.first! + 3, "the move is seen")
    func changed(_ days: [Day], by change: (inout Day) -> Void) -> [Day] {
      days.map { day in
        var day = day
        change(&day)
        return day
      }
    }
    let changes: [(scale: Double, change: (inout Day) -> Void)] = [
      (0.4, { $0.value += 1_000 }), (0.4, { $0.value = 1 - $0.value }), (0.4, { $0.number! += 20_000 }),
      (0.4 * 250, { ($0.value, $0.variance) = ($0.value * 250, $0.variance * 250 * 250) }),
    ]
    for (scale, change) in changes {
      let found = Self.evidence(changed(reference, by: change), changed(live, by: change), scale: scale)
      #expect(Self.agree(found, plain))
    }
  }

  /// Of long traffic the last half stays: as if the detector had begun there.
  @Test func whatIsForgottenHasNoTraceLeft() {
    let reference = Self.days(0..<4, seed: 3)
    let live = Self.days(4..<4 + ShiftDetector.longest + 3, seed: 4, moved: 40)
    var (old, young) = (
      ShiftDetector(reference: reference, scale: 0.4), ShiftDetector(reference: reference, scale: 0.4)
    )
    for day in live { old.add(day) }
    for day in live.dropFirst(ShiftDetector.longest / 2) { young.add(day) }
    #expect(old.count == young.count && old.evidence == young.evidence && old.likeliestStart == young.likeliestStart)
    old.restart()
    young = ShiftDetector(reference: reference, scale: 0.4)
    for day in live.suffix(5) {
      old.add(day)
      young.add(day)
      #expect(old.evidence == young.evidence)
    }
  }

  /// More moves, and clearer ones, are more evidence; the day of the move is found with either sign.
  @Test(arguments: [-0.2, -0.05, 0.05, 0.2]) func theDayOfAMoveIsFound(move: Double) {
    let reference = (0..<7).map { Day(number: $0, value: 0.5, variance: 0.0001) }
    var detector = ShiftDetector(reference: reference, scale: 0.4)
    var evidence: [Double] = []
    for number in 7..<19 {
      detector.add(Day(number: number, value: 0.5 + (number >= 12 ? move : 0), variance: 0.0001))
      evidence.append(detector.evidence)
      if number >= 13 { #expect(detector.likeliestStart == 12, "on day \(number)") }
    }
    #expect(evidence.prefix(5).allSatisfy { $0 < log(10) }, "the days before say nothing")
    #expect(evidence[11] > evidence[4] + 5)
  }

  @Test func daysWithoutANumberHaveNoStart() {
    var detector = ShiftDetector(reference: [Day(number: nil, value: 0, variance: 0.01)], scale: 1)
    #expect(detector.likeliestStart == nil && detector.evidence == -.infinity)
    for _ in 0..<3 { detector.add(Day(number: nil, value: 0.9, variance: 0.01)) }
    #expect(detector.likeliestStart == nil && detector.evidence.isFinite && detector.count == 3)
  }

  // MARK: Bets

  @Test(arguments: [0.01, 3, 1_000]) func theUnitOfADrawDoesNotMatter(unit: Double) {
    var random = SplitMix64(seed: 5)
    var (plain, scaled) = (BettingDetector(lowest: -1), BettingDetector(lowest: -unit))
    for _ in 0..<200 {
      let draw = 2 * Double(random.nextUnit()) - 0.8
      plain.add(draw)
      scaled.add(draw * unit)
      #expect(abs(plain.evidence - scaled.evidence) < 1e-9 * max(1, abs(plain.evidence)))
    }
  }

  /// A draw below what was stated takes the capital, never more; later starts go on.
  @Test func noDrawLeavesTheEvidenceWithoutAValue() {
    var detector = BettingDetector(lowest: -1)
    for _ in 0..<20_000 { detector.add(1) }
    #expect(detector.evidence.isFinite && detector.evidence < 1_000)
    detector.add(-1e9)
    #expect(detector.evidence == -.infinity)
    detector.add(0)
    #expect(abs(detector.evidence) < 1e-12 && detector.count == 20_002)
  }

  // MARK: Differences of pairs

  @Test func pairsMayComeInAnyOrderAndUnit() {
    var random = SplitMix64(seed: 6)
    let differences = (0..<60).map { _ in Double(random.nextUnit()) - 0.4 }
    let weights = (0..<60).map { _ in Double(random.nextUnit()) + 0.1 }
    let groups = (0..<10).map { group in (0..<60).filter { $0 % 10 == group } }
    let plain = PairedDifference(differences, weights: weights, groups: groups)
    let order = random.permutation(of: 60)
    let places = (0..<60).map { order.firstIndex(of: $0)! }
    let shuffled = PairedDifference(
      order.map { differences[$0] }, weights: order.map { 5 * weights[$0] },
      groups: random.permutation(of: 10).map { groups[$0].map { places[$0] } })
    #expect(abs(plain.mean - shuffled.mean) < 1e-12)
    #expect(abs(plain.standardError - shuffled.standardError) < 1e-12)
    let turned = PairedDifference(differences.map(-), weights: weights, groups: groups)
    #expect(turned.mean == -plain.mean && turned.standardError == plain.standardError)
    let one = PairedDifference(differences, weights: weights, groups: [Array(0..<60)])
    #expect(abs(one.mean - plain.mean) < 1e-12 && one.standardError < 1e-12, "one group shows no spread")
  }

  @Test func groupsWithoutWeightAreNone() {
    let found = PairedDifference([1, -1, 0.5, 9], weights: [1, 2, 1, 0], groups: [[0, 1], [3], [2]])
    #expect(found == PairedDifference([1, -1, 0.5], weights: [1, 2, 1], groups: [[0, 1], [2]]))
  }

  // MARK: Newton's method

  /// −Σ ln x − ln(1 − Σ x) is finite inside a triangle alone; its least value is in the middle, wherever one starts.
  @Test(arguments: [[0.001, 0.001], [0.98, 0.01], [0.3, 0.3], [1e-9, 0.5]])
  func stepsOutOfTheDomainAreShortened(start: [Double]) {
    func loss(_ point: [Double]) -> Double { -log(point[0]) - log(point[1]) - log(1 - point[0] - point[1]) }
    let found = Newton(maximumIterations: 100).minimise(from: start, loss: loss) { point, _ in
      let rest = 1 - point[0] - point[1]
      let slope = point.map { -1 / $0 + 1 / rest }
      let (a, b) = (1 / (point[0] * point[0]), 1 / (point[1] * point[1]))
      let c = 1 / (rest * rest)
      let determinant = (a + c) * (b + c) - c * c
      let step = [
        ((b + c) * slope[0] - c * slope[1]) / determinant, ((a + c) * slope[1] - c * slope[0]) / determinant,
      ]
      let decrease = step[0] * slope[0] + step[1] * slope[1]
      guard decrease > 1e-14 else { return nil }
      return Newton.Step(decrease: decrease) { part in zip(point, step).map { $0 - part * $1 } }
    }
    #expect(abs(found[0] - 1.0 / 3) < 1e-6 && abs(found[1] - 1.0 / 3) < 1e-6, "\(found)")
  }

  /// A whole step is taken where it serves, and half of it where that alone does.
  @Test func theLongestStepThatServesIsTaken() {
    func first(_ length: Double) -> Double {
      Newton(maximumIterations: 1).minimise(from: 8.0, loss: { $0 * $0 }) { x, _ in
        Newton.Step(decrease: 2 * x * length) { x - $0 * length }
      }
    }
    #expect(first(8) == 0 && first(15) == -7 && first(32) == 0 && first(100) == -4.5)
  }

  // MARK: Matrices

  @Test func rowsOfAMatrixAreTakenInAnyOrderAndAsOftenAsNamed() {
    let matrix = Matrix([1, 2, 3, 4, 5, 6], columns: 2)
    #expect(matrix.selecting([2, 0, 2]) == Matrix([5, 6, 1, 2, 5, 6], columns: 2))
    #expect(matrix.selecting([]).rows == 0 && matrix.selecting([]).columns == 2)
    #expect(matrix.column(1) == [2, 4, 6] && Array(matrix.row(1)) == [3, 4])
    var changed = matrix
    changed[1, 0] = 9
    #expect(changed.elements == [1, 2, 9, 4, 5, 6] && matrix[1, 0] == 3)
    #expect(Matrix(repeating: 7, rows: 0, columns: 3).rows == 0)
  }
}
