import Ockham
import Statistics

/// The rows that savings are measured on, with what every policy comes to on each fold of them.
struct SavingsSample {
  /// Weighted sums over rows.
  private struct Sums {
    var quality = 0.0
    var costUSD = 0.0

    static func + (left: Sums, right: Sums) -> Sums {
      Sums(quality: left.quality + right.quality, costUSD: left.costUSD + right.costUSD)
    }

    static func - (left: Sums, right: Sums) -> Sums {
      Sums(quality: left.quality - right.quality, costUSD: left.costUSD - right.costUSD)
    }
  }

  private let log: ScoredLog
  private let policies: [Thresholds]
  private let questions: [Int]
  /// The fold of each row.
  private let foldOfRow: [Int]
  /// By policy and fold; the last policy is all to the strongest.
  private var sums: [[Sums]] = []
  private var strongest: [Sums] { sums[sums.count - 1] }

  /// - Parameter log: rows in which every quality and cost is known, at least one.
  init(_ log: ScoredLog, policies: [Thresholds], seed: UInt64) {
    self.log = log
    self.policies = policies
    let questions = log.questions
    self.questions = questions
    var generator = SplitMix64(seed: seed)
    let place = generator.permutation(of: (questions.max() ?? -1) + 1)
    foldOfRow = questions.map { place[$0] % SavingsReport.folds }
    sums = policies.map { sumsByFold($0.tiers(log, rows: Array(0..<log.rowCount))) }
    sums.append(sumsByFold([Int](repeating: log.tierCount - 1, count: log.rowCount)))
  }

  private func sumsByFold(_ tiers: [Int]) -> [Sums] {
    var sums = [Sums](repeating: Sums(), count: SavingsReport.folds)
    for (row, tier) in tiers.enumerated() { sums[foldOfRow[row]] = sums[foldOfRow[row]] + value(row, tier) }
    return sums
  }

  private func value(_ row: Int, _ tier: Int) -> Sums {
    Sums(quality: log.weights[row] * log.quality[row, tier], costUSD: log.weights[row] * log.cost[row, tier])
  }

  /// Whether the strongest tier has dollars to save and quality to keep.
  var canBeSaved: Bool {
    let whole = strongest.reduce(Sums(), +)
    return whole.quality > 0 && whole.costUSD > 0
  }

  /// What comes of a level; `nil` where a resample has nothing to keep too often.
  func level(_ quality: Double, _ parameters: BootstrapParameters) -> SavingsReport.Level? {
    let tiers = tiers(keeping: quality)
    var resampling = SavingsResampling(
      questions: questions, chosen: tiers.enumerated().map { pair(value($0.offset, $0.element)) },
      strongest: tiers.indices.map { pair(value($0, log.tierCount - 1)) })
    let estimate = resampling.estimate()
    let samples = resampling.samples(parameters.resamples, seed: parameters.seed)
    guard
      let saved = Interval(
        estimate: estimate.saved, values: samples.map(\.saved), confidence: parameters.confidence),
      let kept = Interval(
        estimate: estimate.qualityKept, values: samples.map(\.qualityKept), confidence: parameters.confidence)
    else { return nil }
    return SavingsReport.Level(quality: quality, saved: saved, qualityKept: kept)
  }

  private func pair(_ sums: Sums) -> SIMD2<Double> { SIMD2(sums.quality, sums.costUSD) }

  /// The tier of each row, by thresholds chosen on the other folds.
  func tiers(keeping quality: Double) -> [Int] {
    let all = (0..<log.rowCount).map { $0 }
    let byFold = (0..<SavingsReport.folds).map { fold in
      let policy = policy(keeping: quality, outside: fold)
      return policy < policies.count
        ? policies[policy].tiers(log, rows: all) : [Int](repeating: log.tierCount - 1, count: all.count)
    }
    return all.map { byFold[foldOfRow[$0]][$0] }
  }

  /// The cheapest policy that keeps so much outside of a fold; of equal ones the better, then the first.
  private func policy(keeping quality: Double, outside fold: Int) -> Int {
    func outside(_ policy: Int) -> Sums { sums[policy].reduce(Sums(), +) - sums[policy][fold] }
    let last = sums.count - 1
    let needed = quality * outside(last).quality
    var best = (policy: last, sums: outside(last))
    for policy in 0..<last {
      let found = outside(policy)
      guard found.quality >= needed, (found.costUSD, -found.quality) < (best.sums.costUSD, -best.sums.quality) else {
        continue
      }
      best = (policy, found)
    }
    return best.policy
  }
}

/// Savings of fixed choices on resamples of the questions.
private struct SavingsResampling: Resampling {
  struct Figures: Sendable {
    var saved: Double?
    var qualityKept: Double?
  }

  let clusterCount: Int
  private let questions: [Int]
  /// Weighted quality and dollars of each row.
  private let chosen: [SIMD2<Double>]
  private let strongest: [SIMD2<Double>]

  init(questions: [Int], chosen: [SIMD2<Double>], strongest: [SIMD2<Double>]) {
    clusterCount = (questions.max() ?? -1) + 1
    self.questions = questions
    self.chosen = chosen
    self.strongest = strongest
  }

  mutating func figures(_ multiplicities: [Int]) -> Figures {
    var (own, whole) = (SIMD2<Double>.zero, SIMD2<Double>.zero)
    for (row, question) in questions.enumerated() {
      let times = Double(multiplicities[question])
      own += times * chosen[row]
      whole += times * strongest[row]
    }
    return Figures(
      saved: whole.y > 0 ? max(0, 1 - own.y / whole.y) : nil, qualityKept: whole.x > 0 ? own.x / whole.x : nil)
  }
}
