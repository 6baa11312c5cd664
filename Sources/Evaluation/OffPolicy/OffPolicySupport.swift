/// How much of a log speaks about a policy.
package struct OffPolicySupport: Sendable, Equatable {
  /// All rows with a known reward.
  package var rows: Int
  /// Those for which chance could have drawn another tier.
  package var drawnRows: Int
  /// Drawn rows that went where the policy would send them, and the turns that kept such a draw's tier.
  package var matchedRows: Int
  /// (Σ W)² / Σ W² over conversations with a draw, W being the product of their weights (Kish 1965).
  package var effectiveSampleSize: Double
  /// The greatest W / Σ W; `nil` where all are 0.
  package var greatestShare: Double?
  /// The share of all rows, by weight, that the policy would send elsewhere.
  package var disagreement: Double
  /// Drawn rows that are no evidence: propensity 0 or unknown, or 1 where the policy wants another tier.
  package var unsupportedRows: Int
  /// Their share of all rows, by weight.
  package var unsupportedShare: Double
  /// The conversations, a request by itself being one.
  package var conversations: Int
  /// The mean W over conversations with a draw, and its standard error: 1 on average where propensities are those of the draws
  /// and no row is left out for where it went.
  package var meanWeight: Double
  package var meanWeightError: Double

  init(_ sample: OffPolicySample, _ statistics: OffPolicyStatistics) {
    let weights = zip(statistics.products, statistics.drawWeights).map { $0 * $1 }.filter { $0 > 0 }
    let sum = weights.reduce(0, +)
    let total = statistics.fixed.weight + statistics.weighted.weight
    rows = sample.rows.count
    drawnRows = statistics.drawnRows
    matchedRows = statistics.matchedRows
    effectiveSampleSize = sum > 0 ? sum * sum / weights.reduce(0) { $0 + $1 * $1 } : 0
    greatestShare = weights.max().map { $0 / sum }
    disagreement = total > 0 ? statistics.disagreement / total : 0
    unsupportedRows = statistics.unsupported.rows
    unsupportedShare = total > 0 ? statistics.unsupported.weight / total : 0
    conversations = sample.conversationCount
    let drawn = statistics.products.indices.filter { statistics.drawWeights[$0] > 0 && !statistics.isVoid[$0] }
    let mean = drawn.reduce(0) { $0 + statistics.products[$1] } / Double(max(1, drawn.count))
    let squares = drawn.reduce(0) { $0 + (statistics.products[$1] - mean) * (statistics.products[$1] - mean) }
    meanWeight = mean
    meanWeightError = squares.squareRoot() / Double(max(1, drawn.count))
  }
}

/// Why an off-policy estimate is not given.
package enum OffPolicyRefusal: Sendable, Equatable {
  /// No row contains who answered and what that gave.
  case noRows
  /// Nothing was left to chance.
  case deterministic
  /// Too many rows lack a propensity.
  case missingPropensity(rows: Int, of: Int)
  /// Too many rows could not have gone where the policy would send them.
  case noSupport(rows: Int, of: Int)
  /// Too few draws agree with the policy.
  case fewMatches(effectiveSampleSize: Double)
  /// One conversation decides too much.
  case heavyWeight(share: Double)
  /// Weights do not add up to the number of requests, by more than chance explains.
  case inconsistent(meanWeight: Double)
  /// Nothing is known of what a tier gives that the policy uses.
  case noPrediction
  /// A fitted propensity predicts who answered nearly always, so that chance had no part in it.
  case predicted(share: Double)

  /// The least effective sample size.
  static let leastSampleSize = 50.0
  /// The greatest share of the weight that one conversation may have.
  static let greatestShare = 0.1
  /// The share of rows without support above which nothing is said.
  static let unsupportedShare = 0.01

  /// How far the mean weight may be from 1: so many standard errors, or so much.
  static let weightTolerance = (errors: 4.0, difference: 0.05)

  /// The first reason against an estimate; `nil` when there is none.
  init?(_ sample: OffPolicySample, statistics: OffPolicyStatistics, support: OffPolicySupport) {
    if sample.rows.isEmpty { self = .noRows; return }
    if support.drawnRows == 0 || sample.rows.allSatisfy({ $0.role != .drawn || $0.propensity == 1 }) {
      self = .deterministic
      return
    }
    if support.unsupportedShare > Self.unsupportedShare {
      let missing = sample.rows.count { $0.role == .drawn && !$0.hasPropensity }
      self =
        missing * 2 >= support.unsupportedRows
        ? .missingPropensity(rows: missing, of: support.rows)
        : .noSupport(rows: support.unsupportedRows, of: support.rows)
      return
    }
    if support.effectiveSampleSize < Self.leastSampleSize {
      self = .fewMatches(effectiveSampleSize: support.effectiveSampleSize)
      return
    }
    if let share = support.greatestShare, share > Self.greatestShare { self = .heavyWeight(share: share); return }
    let difference = abs(support.meanWeight - 1)
    let tolerance = max(Self.weightTolerance.difference, Self.weightTolerance.errors * support.meanWeightError)
    if difference > tolerance { self = .inconsistent(meanWeight: support.meanWeight); return }
    if statistics.lacksPrediction { self = .noPrediction; return }
    return nil
  }
}
