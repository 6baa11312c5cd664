import Ockham
import Statistics
import Testing

@testable import Evaluation

/// The order that rows have by their content alone.
@Suite struct CanonicalOrderTests {
  /// Rows of few values, so that many are alike in what was known before any outcome, and some in everything.
  private static func log(seed: UInt64, rows: Int = 40) throws -> ScoredLog {
    var random = SplitMix64(seed: seed)
    func pick<Value>(_ values: [Value]) -> Value { values[random.next(below: values.count)] }
    var (probability, quality, cost) = ([Float](), [Double](), [Double]())
    var (origins, weights, bytes) = ([RowOrigin](), [Double](), [Int]())
    var draws: [LoggedDraw?] = []
    for row in 0..<rows {
      origins.append(RowOrigin(id: "line \(row)", dataset: pick(["", "a"])))
      weights.append(pick([1, 2]))
      bytes.append(pick([5, 6]))
      for _ in 0..<2 {
        probability.append(pick([0.25, 0.5]))
        quality.append(pick([0, 1, .nan]))
        cost.append(pick([0.1, .nan]))
      }
      draws.append(pick([nil, LoggedDraw(tier: 0, propensity: 0.5), LoggedDraw(tier: 1, propensity: 0.25)]))
    }
    return try ScoredLog(
      tierNames: ["x", "y"], origins: origins, weights: weights, promptBytes: bytes,
      probability: Matrix(probability, columns: 2), quality: Matrix(quality, columns: 2),
      cost: Matrix(cost, columns: 2), draws: draws)
  }

  private static func text(_ log: ScoredLog, names: Bool) -> [String] {
    (0..<log.rowCount).map { row in
      let numbers = "\(log.weights[row]) \(log.promptBytes[row]) \(log.probability.row(row)) \(log.quality.row(row))"
      let rest = "\(log.cost.row(row)) \(log.draws[row]?.propensity ?? -1) \(log.origins[row].dataset)"
      return "\(names ? log.origins[row].id : "") \(numbers) \(rest)"
    }
  }

  @Test(arguments: 1...5 as ClosedRange<UInt64>) func shufflingChangesNothing(seed: UInt64) throws {
    let log = try Self.log(seed: seed)
    let canonical = log.inCanonicalOrder()
    #expect(Self.text(canonical, names: true).sorted() == Self.text(log, names: true).sorted())
    var random = SplitMix64(seed: seed)
    for _ in 0..<10 {
      let shuffled = log.selecting(random.permutation(of: log.rowCount)).inCanonicalOrder()
      #expect(Self.text(shuffled, names: true) == Self.text(canonical, names: true))
    }
    #expect(Self.text(canonical.inCanonicalOrder(), names: true) == Self.text(canonical, names: true))
  }

  /// Rows without a name are named by their line: another line is the same row.
  @Test func namesDecideOnlyBetweenRowsThatAreAlike() throws {
    let log = try Self.log(seed: 9)
    var random = SplitMix64(seed: 9)
    let order = random.permutation(of: log.rowCount)
    let moved = log.selecting(order)
    let renamed = try ScoredLog(
      tierNames: log.tierNames,
      origins: moved.origins.enumerated().map { RowOrigin(id: "line \($0)", dataset: $1.dataset) },
      weights: moved.weights, promptBytes: moved.promptBytes, probability: moved.probability, quality: moved.quality,
      cost: moved.cost, draws: moved.draws)
    #expect(Self.text(renamed.inCanonicalOrder(), names: false) == Self.text(log.inCanonicalOrder(), names: false))
  }

  /// The order of draws is that of a hash: what an outcome is has no part in it while scores differ.
  @Test func outcomesHaveNoPartInTheOrder() throws {
    var made = MadeUpLog(seed: 12)
    let log = try made.log(rows: 60)
    let lost = try ScoredLog(
      tierNames: log.tierNames, origins: log.origins, weights: log.weights, promptBytes: log.promptBytes,
      probability: log.probability, quality: Matrix(repeating: 0, rows: 60, columns: 2), cost: log.cost)
    #expect(lost.inCanonicalOrder().origins == log.inCanonicalOrder().origins)
    #expect(log.inCanonicalOrder().origins != log.origins)
  }

  /// Every part of a row goes with it.
  @Test func selectingTakesAllPartsOfARow() throws {
    var made = MadeUpLog(seed: 13)
    let cascade = try made.cascade(rows: 12, costs: [1, 2, 3])
    let log = try ScoredLog(
      tierNames: cascade.tierNames, origins: cascade.origins, weights: (1...12).map(Double.init),
      promptBytes: Array(1...12), probability: cascade.probability, quality: cascade.quality, cost: cascade.cost,
      thresholdScale: Matrix((0..<24).map { 1 + Float($0) / 24 }, columns: 2),
      predictedTasks: (0..<12).map { TaskKind.allCases[$0 % 3] },
      trueTasks: (0..<12).map { $0 % 2 == 0 ? nil : TaskKind.allCases[$0 % 5] },
      draws: (0..<12).map { LoggedDraw(tier: $0 % 3, propensity: Double($0 + 1) / 12) }, responses: cascade.responses,
      latencyMilliseconds: Matrix((0..<36).map(Double.init), columns: 3))
    let rows = [7, 0, 7, 11]
    let found = log.selecting(rows)
    #expect(found.rowCount == 4 && found.weights == [8, 1, 8, 12] && found.promptBytes == [8, 1, 8, 12])
    #expect(found.origins == rows.map { log.origins[$0] } && found.draws == rows.map { log.draws[$0] })
    #expect(found.trueTasks == rows.map { log.trueTasks[$0] })
    #expect(found.predictedTasks == rows.map { log.predictedTasks[$0] })
    for (place, row) in rows.enumerated() {
      #expect(found.probability.row(place).elementsEqual(log.probability.row(row)))
      #expect(found.quality.row(place).elementsEqual(log.quality.row(row)))
      #expect(found.thresholdScale?.row(place).elementsEqual(log.thresholdScale?.row(row) ?? []) == true)
      #expect(found.latencyMilliseconds?.row(place).elementsEqual(log.latencyMilliseconds?.row(row) ?? []) == true)
      #expect(found.responses?.content(place) == log.responses?.content(row))
    }
    #expect(log.selecting([]).rowCount == 0)
  }

  /// Scores of responses have the shape of the tiers that they stand above; a row is known or unknown as a whole.
  @Test func responsesOfAnotherShapeAreRefused() throws {
    var made = MadeUpLog(seed: 14)
    let log = try made.cascade(rows: 3, costs: [1, 2, 3])
    func refusal(_ responses: ResponseScores) -> EvaluationError? {
      do throws(EvaluationError) {
        try responses.check(rows: 3, tierCount: 3)
        return nil
      } catch { return error }
    }
    let (first, second) = (
      Matrix<Float>(repeating: 0.5, rows: 3, columns: 3), Matrix<Float>(repeating: 0.5, rows: 3, columns: 2)
    )
    #expect(refusal(try #require(log.responses)) == nil)
    #expect(refusal(ResponseScores(probability: [first, nil])) == nil)
    #expect(refusal(ResponseScores(probability: [])) == nil, "nothing was scored")
    #expect(refusal(ResponseScores(probability: [first])) == .length(field: "response scores", expected: 2, found: 1))
    #expect(
      refusal(ResponseScores(probability: [second, second]))
        == .shape(field: "response scores", expected: [3, 3], found: [3, 2]))
    #expect(
      refusal(ResponseScores(probability: [first, second], form: [nil, first]))
        == .shape(field: "form scores", expected: [3, 2], found: [3, 3]))
    for (value, isBad) in [(Float.nan, true), (1.5, true), (-0.1, true), (0, false), (1, false)] {
      var bad = second
      bad[2, 1] = value
      let found = refusal(ResponseScores(probability: [nil, bad]))
      #expect((found != nil) == isBad, "\(value)")
      let words = "row 2, response scores: expected all numbers from 0 to 1, or all NaN"
      #expect(found.map { "\($0)".hasPrefix(words) } ?? true)
    }
    var unknown = second
    (unknown[1, 0], unknown[1, 1]) = (.nan, .nan)
    let scores = ResponseScores(probability: [nil, unknown], form: [nil, second])
    #expect(refusal(scores) == nil && scores.knows(row: 0) && !scores.knows(row: 1) && scores.tiers == [1])
    #expect(scores.byForm?.tiers == [1])
    #expect(
      ResponseScores(probability: [first, second], form: [nil, second]).byForm == nil, "a check of some is none")
  }
}
