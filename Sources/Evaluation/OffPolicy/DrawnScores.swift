import Ockham

/// Bounded scores of requests that one tier, drawn with a known probability, answered: what a guarantee about tiers that did not answer
/// is tested on.
///
/// With p the propensity of the tier s that answered, r what it gave and m(a) what was predicted, the score of tier a is
/// m(a) + [a = s]·(r − m(a)) / p. Its mean over the draw is what a truly gives, whatever m is (AIPW), and with r and m in 0…c it lies
/// in −c·(1/p − 1) … c/p. Only draws of which every tier had a chance count, and of a conversation only the first, because a test needs
/// independent draws.
struct DrawnScores: Sendable {
  /// The rows that are scored, as indices into the log; no outcome decides which [n].
  let rows: [Int]
  /// The least propensity of these rows.
  let leastPropensity: Double
  /// The largest reward c.
  let largest: Double
  private let sample: OffPolicySample
  /// Where a row of the log stands in the sample.
  private let places: [Int: Int]

  /// `nil` when no row knows who answered, by what chance and what that gave, or when a prediction is missing.
  init?(_ log: ScoredLog, _ reward: DrawLog.Reward) {
    guard let draws = DrawLog(log, source: .logged) else { return nil }
    let (sample, known) = draws.sample(reward)
    let everyTier = TierSet(below: log.tierCount)
    var seen: Set<Int> = []
    var kept: [(row: Int, place: Int)] = []
    for (place, row) in sample.rows.enumerated() where row.role == .drawn {
      let isOpen = row.hasPropensity && row.propensity < 1 && row.allowed.isSuperset(of: everyTier)
      guard isOpen, draws.draws[known[place]].inclusion == 1, seen.insert(row.conversation).inserted else { continue }
      kept.append((draws.rows[known[place]], place))
    }
    let hasPredictions = kept.allSatisfy { sample.predictions.row($0.place).allSatisfy { !$0.isNaN } }
    guard !kept.isEmpty, hasPredictions else { return nil }
    rows = kept.map(\.row)
    leastPropensity = kept.reduce(1) { min($0, sample.rows[$1.place].propensity) }
    largest = sample.range.upperBound
    self.sample = sample
    places = Dictionary(uniqueKeysWithValues: kept.map { ($0.row, $0.place) })
  }

  /// The score of a tier on one of ``rows``.
  func score(row: Int, tier: Int) -> Double {
    guard let place = places[row] else { return 0 }
    let (drawn, predicted) = (sample.rows[place], sample.predictions[place, tier])
    return tier == drawn.tier ? predicted + (drawn.reward - predicted) / drawn.propensity : predicted
  }
}
