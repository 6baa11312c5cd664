import Statistics
import Ockham

/// One model's scores of a log, prepared so that its figures on any resample of the questions follow in a few passes.
struct RouterSample {
  private let pair: RankedPair
  private let pairQuestions: [Int]
  private let heads: [HeadSample]
  private let ownQuality: PolicyMean
  private let ownCost: PolicyMean
  private var sums: PrefixSums

  /// - Parameter questionOfRow: the question of each row of the log [n].
  /// - Complexity: O(n · T log n).
  init(_ log: ScoredLog, pair: TierPair, thresholds: Thresholds, questionOfRow: [Int]) {
    let complete = log.completeRows
    self.pair = RankedPair(gainOf: log, rows: log.rows(knowing: pair), pair: pair)
    pairQuestions = self.pair.rows.map { questionOfRow[$0] }
    heads = (0..<log.tierCount).map { HeadSample(log, tier: $0, questionOfRow: questionOfRow) }
    let tiers = thresholds.tiers(log, rows: complete)
    let choices = zip(complete, tiers).map { (row: $0, tier: $1) }
    ownQuality = PolicyMean(log, values: log.quality, choices: choices, questionOfRow: questionOfRow)
    let priced = choices.filter { choice in log.cost.row(choice.row).allSatisfy { !$0.isNaN } }
    ownCost = PolicyMean(log, values: log.cost, choices: priced, questionOfRow: questionOfRow)
    sums = PrefixSums(capacity: self.pair.count)
  }

  /// The figures of a resample in which question i counts `multiplicities[i]` times.
  ///
  /// - Complexity: O(n · T).
  mutating func figures(_ multiplicities: [Int]) -> RouterFigures {
    sums.sum(pair) { multiplicities[pairQuestions[$0]] }
    let curve = CurveMetrics(pair.points(sums))
    let headFigures = heads.map { $0.figures(multiplicities) }
    let losses = headFigures.compactMap { $0?.logLoss }
    return RouterFigures(
      apgr: curve.apgr, cpt50: curve.cpt50,
      logLoss: losses.isEmpty ? nil : losses.reduce(0, +) / Double(losses.count),
      calibrationErrors: headFigures.map { $0?.calibrationError }, quality: ownQuality.value(multiplicities),
      costUSD: ownCost.value(multiplicities))
  }
}

/// The weighted mean of what a policy's choices came to: Σ m·w·x / Σ m·w.
private struct PolicyMean {
  private let weights: [Double]
  private let products: [Double]
  private let questions: [Int]

  init(
    _ log: ScoredLog, values: Matrix<Double>, choices: [(row: Int, tier: Int)], questionOfRow: [Int]
  ) {
    weights = choices.map { log.weights[$0.row] }
    products = choices.map { log.weights[$0.row] * values[$0.row, $0.tier] }
    questions = choices.map { questionOfRow[$0.row] }
  }

  /// The mean of a resample; `nil` when it has none of the rows.
  func value(_ multiplicities: [Int]) -> Double? {
    var sum = 0.0
    var total = 0.0
    for place in weights.indices {
      let times = Double(multiplicities[questions[place]])
      sum += times * products[place]
      total += times * weights[place]
    }
    return total > 0 ? sum / total : nil
  }
}

/// What is measured of one model when two are compared, on the log or on one resample of it.
package struct RouterFigures: Sendable, Equatable {
  /// The area under the recovered gap; see ``CurveMetrics/apgr``.
  package var apgr: Double?
  /// The strong share at half the gap; see ``CurveMetrics/cpt50``.
  package var cpt50: Double?
  /// The log-loss in nats, averaged over the heads that have labels.
  package var logLoss: Double?
  /// The expected calibration error of each head [T]; `nil` for a head without labels.
  package var calibrationErrors: [Double?]
  /// The mean quality at the model's own thresholds, over the complete rows.
  package var quality: Double?
  /// The mean cost in USD at the model's own thresholds, over the priced complete rows.
  package var costUSD: Double?
}

/// Measures both models on the same resamples.
struct ComparisonSampling: Resampling {
  let clusterCount: Int
  private var first: RouterSample
  private var second: RouterSample

  init(_ first: ModelComparison.Side, _ second: ModelComparison.Side, pair: TierPair) {
    let questions = first.log.questions
    let count = (questions.max() ?? -1) + 1
    clusterCount = count
    self.first = RouterSample(
      first.log, pair: pair, thresholds: first.thresholds, questionOfRow: questions)
    self.second = RouterSample(
      second.log, pair: pair, thresholds: second.thresholds, questionOfRow: questions)
  }

  mutating func figures(_ multiplicities: [Int]) -> (RouterFigures, RouterFigures) {
    (first.figures(multiplicities), second.figures(multiplicities))
  }
}
