import Statistics
import Ockham

/// Computes all figures of a resample. Pairing: every figure sees the same draw, so that differences are taken within it.
struct PairedSampling: Resampling {
  /// The figures of one resample.
  struct Figures: Sendable {
    var gain: CurveMetrics
    var apgrOverLength: Double?
    var qualityOverRandom: Double?
    var costs: CostMetrics
  }

  let clusterCount: Int
  private let byGain: Ranking
  private let byLength: Ranking
  private let policies: Policies?
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

  /// What is measured on the complete rows alone.
  private struct Policies: Sendable {
    let contrast: OwnPolicyContrast
    let costAreas: CostAreas
    /// The question of each complete row.
    let questions: [Int]
  }

  /// - Parameter table: the complete rows of the log, or none.
  init(_ log: ScoredLog, _ table: OutcomeTable?, pair: TierPair, thresholds: Thresholds, costs: TierCosts) {
    let known = log.rows(knowing: pair)
    let paired = log.selecting(known)
    let rows = Array(0..<paired.rowCount)
    let questions = paired.questions
    clusterCount = (questions.max() ?? -1) + 1
    byGain = Ranking(RankedPair(gainOf: paired, rows: rows, pair: pair), questionOfRow: questions)
    byLength = Ranking(RankedPair(lengthOf: paired, rows: rows, pair: pair), questionOfRow: questions)
    let questionOfRow = Dictionary(uniqueKeysWithValues: zip(known, questions))
    policies = table.map { table in
      Policies(
        contrast: OwnPolicyContrast(table, tiers: table.tiers(thresholds)), costAreas: CostAreas(table, costs: costs),
        questions: table.rows.compactMap { questionOfRow[$0] })
    }
    sums = PrefixSums(capacity: rows.count)
  }

  mutating func figures(_ multiplicities: [Int]) -> Figures {
    let gain = byGain.metrics(multiplicities, &sums)
    let length = byLength.metrics(multiplicities, &sums)
    return Figures(
      gain: gain, apgrOverLength: gain.apgr.flatMap { own in length.apgr.map { own - $0 } },
      qualityOverRandom: policies.flatMap { part in part.contrast.value { multiplicities[part.questions[$0]] } },
      costs: policies.map { part in part.costAreas.metrics { multiplicities[part.questions[$0]] } } ?? CostMetrics())
  }
}

/// The quality of a model's own policy minus the quality expected from random routing with the same shares.
///
/// With weights w and multiplicities m: Σ m·w·q(own) / W − Σ_t S_t·Q_t / W², where S_t = Σ m·w·[own = t],
/// Q_t = Σ m·w·q_t and W = Σ m·w.
struct OwnPolicyContrast {
  private let tiers: [Int]
  private let weights: [Double]
  private let quality: Matrix<Double>

  /// - Parameter tiers: the tier that the model chose for each complete row [m].
  init(_ table: OutcomeTable, tiers: [Int]) {
    self.tiers = tiers
    weights = table.rows.map { table.log.weights[$0] }
    quality = table.log.quality.selecting(table.rows)
  }

  /// The contrast of a resample in which row i occurs `multiplicity(i)` times; `nil` for one without any of them.
  ///
  /// - Complexity: O(m·T).
  func value(multiplicity: (Int) -> Int) -> Double? {
    let tierCount = quality.columns
    var shares = [Double](repeating: 0, count: tierCount)
    var qualities = shares
    var total = 0.0
    var own = 0.0
    for row in tiers.indices {
      let weight = Double(multiplicity(row)) * weights[row]
      total += weight
      shares[tiers[row]] += weight
      own += weight * quality.elements[row * tierCount + tiers[row]]
      for tier in 0..<tierCount { qualities[tier] += weight * quality.elements[row * tierCount + tier] }
    }
    guard total > 0 else { return nil }
    return own / total - zip(shares, qualities).reduce(0) { $0 + $1.0 * $1.1 } / (total * total)
  }
}
