import Ockham

/// Computes all figures of a resample. Pairing: every figure sees the same draw, so that differences are taken within it.
struct PairedSampling: Resampling {
  /// The figures of one resample.
  struct Figures: Sendable {
    var gain: CurveMetrics
    var apgrOverLength: Double?
    var qualityOverRandom: Double
    var costs: CostMetrics
  }

  let questionCount: Int
  private let byGain: Ranking
  private let byLength: Ranking
  private let contrast: OwnPolicyContrast
  private let costAreas: CostAreas
  private let questionOfRow: [Int]
  private var sums: PrefixSums

  /// An order of the rows with the question at each position.
  private struct Ranking: Sendable {
    let pair: RankedPair
    let questions: [Int]

    init(_ pair: RankedPair, questionOfRow: [Int]) {
      self.pair = pair
      questions = pair.rows.map { questionOfRow[$0] }
    }

    func metrics(_ multiplicities: [Int], _ sums: inout PrefixSums) -> CurveMetrics {
      sums.sum(pair) { multiplicities[questions[$0]] }
      return CurveMetrics(pair.points(sums))
    }
  }

  init(_ table: OutcomeTable, pair: TierPair, thresholds: Thresholds, costs: TierCosts) {
    let complete = table.log.selecting(table.rows)
    let rows = Array(0..<complete.rowCount)
    let questions = complete.questions
    questionCount = (questions.max() ?? -1) + 1
    questionOfRow = questions
    byGain = Ranking(RankedPair(gainOf: complete, rows: rows, pair: pair), questionOfRow: questions)
    byLength = Ranking(RankedPair(lengthOf: complete, rows: rows, pair: pair), questionOfRow: questions)
    contrast = OwnPolicyContrast(table, tiers: table.tiers(thresholds))
    costAreas = CostAreas(table, costs: costs)
    sums = PrefixSums(capacity: rows.count)
  }

  mutating func figures(_ multiplicities: [Int]) -> Figures {
    let gain = byGain.metrics(multiplicities, &sums)
    let length = byLength.metrics(multiplicities, &sums)
    return Figures(
      gain: gain, apgrOverLength: gain.apgr.flatMap { own in length.apgr.map { own - $0 } },
      qualityOverRandom: contrast.value { multiplicities[questionOfRow[$0]] },
      costs: costAreas.metrics { multiplicities[questionOfRow[$0]] })
  }
}
