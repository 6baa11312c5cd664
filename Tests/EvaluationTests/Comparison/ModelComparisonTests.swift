import Statistics
import Ockham
import Testing

@testable import Evaluation

@Suite struct ModelComparisonTests {
  private static let quick = BootstrapParameters(resamples: 200)

  private func compare(
    _ first: ModelComparison.Side, _ second: ModelComparison.Side, _ parameters: BootstrapParameters = quick
  ) throws -> ModelComparison { try ModelComparison(first, second, parameters: parameters) }

  // MARK: Intervals

  /// Both models are measured on the same draws, and the interval is that of the differences.
  @Test func intervalsArePercentilesOfPairedDifferences() throws {
    let logs = ComparedLogs(rows: 50, copies: 2)
    let (first, second) = (try logs.side("a", error: 0.6), try logs.side("b", error: 0.1, scoreSeed: 2))
    let comparison = try compare(first, second)
    var resampler = Resampler(clusterCount: 25, seed: Self.quick.seed)
    var differences: [Double?] = []
    for _ in 0..<Self.quick.resamples {
      resampler.draw()
      let rows = (0..<50).flatMap { [Int](repeating: $0, count: resampler.multiplicities[$0 / 2]) }
      let values = [first, second].map { CurveMetrics($0.log.selecting(rows), pair: TierPair(weak: 0, strong: 1)).apgr }
      differences.append(values[0].flatMap { first in values[1].map { $0 - first } })
    }
    let estimate = try #require(comparison.second.apgr) - (try #require(comparison.first.apgr))
    let expected = try #require(Interval(estimate: estimate, values: differences, confidence: 0.95))
    let found = try #require(comparison.differences.apgr)
    for (a, b) in [(found.estimate, expected.estimate), (found.lower, expected.lower), (found.upper, expected.upper)] {
      #expect(abs(a - b) < 1e-9)
    }
    #expect(comparison.questions == 25)
  }

  @Test func exchangingTheModelsTurnsEverySign() throws {
    let logs = ComparedLogs(rows: 80)
    let (a, b) = (try logs.side("a", error: 0.5), try logs.side("b", error: 0.2, scoreSeed: 2, step: 0.3))
    let (forth, back) = (try compare(a, b), try compare(b, a))
    func isTurned(_ left: Interval?, _ right: Interval?) -> Bool {
      guard let left, let right else { return left == nil && right == nil }
      return abs(left.estimate + right.estimate) < 1e-12 && abs(left.lower + right.upper) < 1e-12
        && abs(left.upper + right.lower) < 1e-12
    }
    let (f, g) = (forth.differences, back.differences)
    #expect(isTurned(f.apgr, g.apgr) && isTurned(f.cpt50, g.cpt50) && isTurned(f.logLoss, g.logLoss))
    #expect(isTurned(f.quality, g.quality) && isTurned(f.costUSD, g.costUSD))
    for (left, right) in zip(f.calibrationErrors, g.calibrationErrors) { #expect(isTurned(left, right)) }
    #expect(forth.differingShare == back.differingShare)
    #expect(forth.shares == back.shares.reversed())
  }

  @Test func sharesAndDifferingRowsAreWeighted() throws {
    let log = { (probability: [Float]) in
      try ScoredLog(
        tierNames: ["a", "b"], origins: (0..<3).map { RowOrigin(id: "\($0)") }, weights: [1, 2, 5],
        promptBytes: [1, 2, 3], probability: Matrix(probability, columns: 2),
        quality: Matrix(repeating: 1, rows: 3, columns: 2), cost: Matrix(repeating: .nan, rows: 3, columns: 2))
    }
    let thresholds = Thresholds(increments: [0.5])
    let comparison = try compare(
      .init(name: "x", log: try log([0, 1, 0, 1, 1, 1]), thresholds: thresholds),
      .init(name: "y", log: try log([0, 1, 1, 1, 1, 1]), thresholds: thresholds))
    #expect(comparison.differingShare == 0.25)
    #expect(comparison.shares == [[0.625, 0.375], [0.875, 0.125]])
    #expect(comparison.differences.costUSD == nil)
    #expect(comparison.differences.quality?.estimate == 0)
  }

  // MARK: Verdict

  @Test func theBetterModelWinsOnEitherSide() throws {
    let logs = ComparedLogs(rows: 600)
    let (good, bad) = (try logs.side("good", error: 0.05), try logs.side("bad", error: 3, scoreSeed: 2))
    #expect(try compare(bad, good).verdict.winner == .second)
    #expect(try compare(good, bad).verdict.winner == .first)
    let sentence = try #require(try compare(bad, good).verdict.sentences.first)
    #expect(sentence.hasPrefix("The second model routes better: APGR second − first +"))
  }

  @Test func aDifferenceOfChanceIsUndecided() throws {
    let logs = ComparedLogs(rows: 100)
    let comparison = try compare(try logs.side("a", error: 0.3), try logs.side("b", error: 0.3, scoreSeed: 9))
    #expect(comparison.verdict.winner == .undecided)
    #expect(comparison.verdict.sentences[0].hasPrefix("The log cannot determine which model routes better"))
    #expect(comparison.verdict.sentences[0].contains("complete rows to show"))
  }

  @Test func equalScoresAreAlikeUnlessThresholdsDiffer() throws {
    let logs = ComparedLogs(rows: 60)
    let side = try logs.side("a", error: 0.3)
    #expect(try compare(side, side).verdict.winner == .alike)
    let stingy = try compare(side, try logs.side("b", error: 0.3, step: 0.6))
    #expect(stingy.verdict.winner == .undecided)
    #expect(stingy.differingShare > 0)
    #expect(stingy.verdict.sentences.last?.contains("cheaper") == true)
  }

  /// In two in a hundred cases of chance, more or less, an interval of 95 % leaves 0 on either side.
  @Test func chanceSeldomMakesAWinner() throws {
    let winners = try (0..<40).map { index in
      let logs = ComparedLogs(rows: 80, seed: UInt64(index) + 50)
      return try compare(
        try logs.side("a", error: 0.4, scoreSeed: UInt64(index)),
        try logs.side("b", error: 0.4, scoreSeed: UInt64(index) + 500),
        BootstrapParameters(resamples: 100)
      ).verdict.winner
    }
    #expect(winners.count { $0 != .undecided } <= 8)
  }

  @Test func withoutCompleteRowsTheHeadsAreStillCompared() throws {
    var logs = ComparedLogs(rows: 40)
    logs.unknown = 1
    let comparison = try compare(try logs.side("a", error: 0.4), try logs.side("b", error: 0.1, scoreSeed: 4))
    #expect(comparison.completeRows == 0)
    #expect(comparison.verdict.winner == .undecided)
    #expect(
      comparison.verdict.sentences == [
        "The log cannot determine which model routes better: APGR has no meaning on these rows, or on too many resamples."
      ])
    #expect(comparison.text().contains("40 rows, 0 with every tier's quality"))
    #expect(comparison.json.text().contains("\"apgr\": null"))
  }

  // MARK: Errors

  @Test func sidesOfOtherRowsAreRefused() throws {
    let logs = ComparedLogs(rows: 30)
    let side = try logs.side("a", error: 0.3)
    func refusal(_ other: ScoredLog) -> ComparisonError? {
      #expect(throws: ComparisonError.self) {
        try ModelComparison(side, .init(name: "b", log: other, thresholds: side.thresholds))
      }
    }
    func changed(
      tiers: [String] = ["small", "mid"], id: String = "q7", weight: Double? = nil, quality: Double? = nil,
      cost: Double? = nil
    ) throws -> ScoredLog {
      var (origins, weights) = (side.log.origins, side.log.weights)
      var (qualities, costs) = (side.log.quality, side.log.cost)
      origins[7].id = id
      if let weight { weights[7] = weight }
      if let quality { qualities[7, 1] = quality }
      if let cost { costs[7, 0] = cost }
      return try ScoredLog(
        tierNames: tiers, origins: origins, weights: weights, promptBytes: side.log.promptBytes,
        probability: side.log.probability, quality: qualities, cost: costs)
    }
    #expect(
      refusal(try changed(tiers: ["small", "large"])) == .tiers(first: ["small", "mid"], second: ["small", "large"]))
    #expect(refusal(side.log.selecting(Array(0..<29))) == .rowCount(first: 30, second: 29))
    #expect(refusal(try changed(id: "other")) == .row(field: "id", row: 7))
    #expect(refusal(try changed(weight: 9)) == .row(field: "weight", row: 7))
    #expect(refusal(try changed(quality: 0.5)) == .row(field: "quality", row: 7))
    #expect(refusal(try changed(quality: .nan)) == .row(field: "quality", row: 7))
    #expect(refusal(try changed(cost: 0.75)) == .row(field: "cost", row: 7))
    let text = ComparisonError.rowCount(first: 30, second: 29).description
    #expect(text.contains("30 and 29") && text.contains("same log"))
  }

  @Test func thresholdsAndParametersAreChecked() throws {
    let logs = ComparedLogs(rows: 30)
    let side = try logs.side("a", error: 0.3)
    let wrong = ModelComparison.Side(name: "b", log: side.log, thresholds: Thresholds(increments: [0, 0]))
    #expect(throws: EvaluationError.self) { try ModelComparison(side, wrong) }
    #expect(throws: EvaluationError.self) { try ModelComparison(side, side, parameters: .init(resamples: 99)) }
    #expect(throws: EvaluationError.self) { try ModelComparison(side, side, parameters: .init(confidence: 1)) }
  }

  // MARK: Output

  @Test func theSameInputMakesTheSameBytes() throws {
    let logs = ComparedLogs(rows: 60, tiers: 3)
    let (a, b) = (try logs.side("a", error: 0.5), try logs.side("b", error: 0.2, scoreSeed: 2))
    #expect(try compare(a, b).json == compare(a, b).json)
    #expect(try compare(a, b).text() == compare(a, b).text())
    #expect(try compare(a, b).json != compare(a, b, .init(resamples: 200, seed: 2)).json)
  }

  /// A model's path cannot command a terminal.
  @Test func namesAreHarmless() throws {
    let logs = ComparedLogs(rows: 30)
    let comparison = try compare(try logs.side("a\u{1B}[31m", error: 0.5), try logs.side("b", error: 0.2))
    #expect(!comparison.text().contains("\u{1B}"))
    #expect(comparison.text(coloured: true).contains("\u{1B}[1m"))
  }
}
