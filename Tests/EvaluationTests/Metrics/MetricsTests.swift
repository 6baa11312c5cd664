import Statistics
import Foundation
import Ockham
import Testing

@testable import Evaluation

@Suite struct MetricsTests {
  private func head(seed: UInt64, count: Int, levels: Int) -> LabelledHead {
    var made = MadeUpLog(seed: seed)
    return LabelledHead(
      probabilities: (0..<count).map { _ in Double(made.index(below: levels)) / Double(levels) },
      labels: (0..<count).map { _ in Double(made.index(below: 5)) / 4 },
      weights: (0..<count).map { _ in [0.5, 1, 3][made.index(below: 3)] })
  }

  /// All pairs, as the definition says.
  private func slowAUC(_ head: LabelledHead) -> Double? {
    var won = 0.0
    var total = 0.0
    for good in 0..<head.count where head.labels[good] >= 0.5 {
      for bad in 0..<head.count where head.labels[bad] < 0.5 {
        let weight = head.weights[good] * head.weights[bad]
        let (p, q) = (head.probabilities[good], head.probabilities[bad])
        won += weight * (p > q ? 1 : p == q ? 0.5 : 0)
        total += weight
      }
    }
    return total > 0 ? won / total : nil
  }

  @Test(arguments: 0..<14) func aucIsTheShareOfWonPairs(count: Int) {
    for seed in 0..<20 {
      for levels in [1, 3, 50] {
        let head = head(seed: UInt64(seed), count: count, levels: levels)
        #expect(agree(head.areaUnderROC, slowAUC(head)))
      }
    }
  }

  @Test func aucIsNilForOneKind() {
    #expect(LabelledHead(probabilities: [0.1, 0.9], labels: [1, 0.5], weights: [1, 1]).areaUnderROC == nil)
    #expect(LabelledHead(probabilities: [], labels: [], weights: []).areaUnderROC == nil)
  }

  @Test func certainPredictionsHaveAFiniteLoss() throws {
    let head = LabelledHead(probabilities: [0, 1], labels: [1, 0], weights: [1, 1])
    #expect(agree(head.logLoss, 25 * log(2), within: 1e-6))
    #expect(head.brier == 1)
    let right = LabelledHead(probabilities: [0, 1], labels: [0, 1], weights: [1, 1])
    #expect(try #require(right.logLoss) < 1e-7)
  }

  @Test func emptyHeadsHaveNoFigures() {
    let head = LabelledHead(probabilities: [], labels: [], weights: [])
    #expect(head.logLoss == nil)
    #expect(head.brier == nil)
    #expect(ReliabilityTable(head).bins.isEmpty)
    #expect(ReliabilityTable(head).expectedCalibrationError == nil)
  }

  @Test func weightsActLikeRepetition() {
    let once = LabelledHead(probabilities: [0.2, 0.7, 0.7], labels: [0, 1, 0.25], weights: [1, 3, 2])
    let repeated = LabelledHead(
      probabilities: [0.2, 0.7, 0.7, 0.7, 0.7, 0.7], labels: [0, 1, 1, 1, 0.25, 0.25],
      weights: [1, 1, 1, 1, 1, 1])
    #expect(agree(once.logLoss, repeated.logLoss))
    #expect(agree(once.brier, repeated.brier))
    #expect(agree(once.areaUnderROC, repeated.areaUnderROC))
    #expect(
      agree(ReliabilityTable(once).expectedCalibrationError, ReliabilityTable(repeated).expectedCalibrationError))
  }

  @Test(arguments: [1, 2, 14, 15, 16, 100, 151]) func binsHoldEqualMassWhateverTheOrder(count: Int) {
    let head = head(seed: 5, count: count, levels: 1_000_000)
    let equal = LabelledHead(
      probabilities: head.probabilities, labels: head.labels, weights: [Double](repeating: 1, count: count))
    let table = ReliabilityTable(equal)
    #expect(table.bins.reduce(0) { $0 + $1.rows } == count)
    #expect(table.bins.count == min(15, count))
    let counts = table.bins.map(\.rows)
    #expect((counts.max() ?? 0) - (counts.min() ?? 0) <= 1)
    let reversed = LabelledHead(
      probabilities: equal.probabilities.reversed(), labels: equal.labels.reversed(), weights: equal.weights)
    #expect(agree(table.expectedCalibrationError, ReliabilityTable(reversed).expectedCalibrationError))
    for (lower, upper) in zip(table.bins, table.bins.dropFirst()) {
      #expect(lower.meanProbability < upper.meanProbability)
    }
  }

  @Test func equalPredictionsShareABin() {
    let table = ReliabilityTable(
      LabelledHead(probabilities: [0.3, 0.3, 0.3, 0.3], labels: [0, 0, 1, 1], weights: [1, 1, 1, 1]))
    #expect(table.bins == [.init(rows: 4, weight: 4, meanProbability: 0.3, meanQuality: 0.5)])
    #expect(agree(table.expectedCalibrationError, 0.2))
  }

  @Test func headsUseOnlyTheirKnownRows() throws {
    let log = try smallLog([[0.2, 0.9], [0.6, 0.8], [0.4, 0.7]], [[0, .nan], [1, 1], [.nan, 0]])
    #expect(HeadMetrics.all(log).map(\.rows) == [2, 2])
    #expect(HeadMetrics(log, tier: 0).meanQuality == 0.5)
    #expect(HeadMetrics(log, tier: 0).areaUnderROC == 1)
  }

  @Test func taskRecallCountsLabelledRows() throws {
    let log = try ScoredLog(
      tierNames: ["a", "b"], origins: (0..<4).map { RowOrigin(id: "\($0)") }, weights: [1, 3, 1, 1],
      promptBytes: [1, 1, 1, 1], probability: Matrix(repeating: 0.5, rows: 4, columns: 2),
      quality: Matrix(repeating: 1, rows: 4, columns: 2), cost: Matrix(repeating: 1, rows: 4, columns: 2),
      predictedTasks: [.code, .math, nil, .chat], trueTasks: [.code, .code, .code, nil])
    let metrics = try #require(TaskMetrics(log))
    #expect(metrics.rows == 2)
    #expect(metrics.accuracy == 0.25)
    #expect(metrics.kinds == [.init(kind: .code, rows: 2, recall: 0.25)])
    #expect(TaskMetrics(try smallLog([[0, 0]], [[0, 0]])) == nil)
  }
}
