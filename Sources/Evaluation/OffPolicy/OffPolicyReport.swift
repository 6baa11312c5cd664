package import Ockham
import Statistics

/// What ways of routing would have given on a log that knows one answer per request: see <doc:OffPolicyEstimates>.
package struct OffPolicyReport: Sendable, Equatable {
  /// One way of routing.
  package struct Policy: Sendable, Equatable {
    /// Its name in reports.
    package var name: String
    /// The share of requests per tier, by weight [T]; those without a choice where they went.
    package var share: [Double]
    /// The mean quality, 0…1.
    package var quality: OffPolicyEstimate
    /// The mean cost in USD; `nil` where no row knows its cost.
    package var costUSD: OffPolicyEstimate?
  }

  /// Where propensities come from.
  package var source: PropensitySource
  /// The confidence of intervals.
  package var confidence: Double
  /// Rows that show who answered and how good that was.
  package var rows: Int
  /// Those for which chance could have drawn another tier.
  package var drawnRows: Int
  /// Turns that kept the tier of an earlier draw.
  package var heldRows: Int
  /// Rows without a choice: every way of routing gets what they gave.
  package var fixedRows: Int
  /// Those of ``fixedRows`` that the model would send elsewhere.
  package var fixedElsewhereRows: Int
  /// Rows that know their cost.
  package var pricedRows: Int
  /// The model at its own thresholds.
  package var own: Policy
  /// What it is compared with: each tier alone, and chance with the same shares.
  package var others: [Policy]

  /// All ways of routing, the model's own first.
  package var policies: [Policy] { [own] + others }

  /// Estimates from the rows that show who answered; `nil` when there are none, or when all outcomes are known and no row contains a
  /// propensity, so that nothing need be estimated.
  ///
  /// - Complexity: O(n · T²).
  package init?(
    _ log: ScoredLog, thresholds: Thresholds, source: PropensitySource = .logged, confidence: Double = 0.95
  ) {
    let isAsked = source == .fitted || log.draws.contains { $0?.propensity != nil } || log.completeRows.isEmpty
    guard isAsked, let draws = DrawLog(log, source: source) else { return nil }
    let (quality, places) = draws.sample(.quality)
    let (cost, pricedPlaces) = draws.sample(.cost)
    let chosen = draws.chances(thresholds, places: places)
    let estimates = PolicyEstimator(draws: draws, quality: quality, cost: cost, confidence: confidence)
    let shares = quality.shares(chosen, of: .drawn)
    self.source = source
    self.confidence = confidence
    rows = quality.rows.count
    drawnRows = quality.rows.count { $0.role == .drawn }
    heldRows = quality.rows.count { $0.role == .held }
    fixedRows = rows - drawnRows - heldRows
    fixedElsewhereRows = quality.rows.indices.count {
      quality.rows[$0].role == .fixed && chosen[$0, quality.rows[$0].tier] == 0
    }
    pricedRows = cost.rows.count
    own = estimates.policy(
      Baselines.ownName, chances: chosen, costChances: draws.chances(thresholds, places: pricedPlaces))
    others = log.tierNames.indices.map { tier in
      let chances = { (rows: Int) in
        OffPolicyEstimate.chances(tiers: [Int](repeating: tier, count: rows), tierCount: log.tierCount)
      }
      return estimates.policy(
        "all to \(log.tierNames[tier])", chances: chances(places.count), costChances: chances(pricedPlaces.count))
    }
    others.append(
      estimates.policy(
        "random, same shares", chances: draws.chances(shares: shares, places: places),
        costChances: draws.chances(shares: shares, places: pricedPlaces)))
  }
}

/// Estimates of several policies on the same rows.
private struct PolicyEstimator {
  let draws: DrawLog
  let quality: OffPolicySample
  let cost: OffPolicySample
  let confidence: Double

  func policy(_ name: String, chances: Matrix<Double>, costChances: Matrix<Double>) -> OffPolicyReport.Policy {
    OffPolicyReport.Policy(
      name: name, share: quality.shares(chances), quality: estimate(quality, chances),
      costUSD: cost.rows.isEmpty ? nil : estimate(cost, costChances))
  }

  private func estimate(_ sample: OffPolicySample, _ chances: Matrix<Double>) -> OffPolicyEstimate {
    var estimate = OffPolicyEstimate(sample, chances: chances, confidence: confidence)
    guard let share = draws.predictedShare, share >= FittedPropensity.predictedShare else { return estimate }
    estimate.refusal = .predicted(share: share)
    estimate.robust = nil
    return estimate
  }
}

extension OffPolicySample {
  /// The share of requests per tier, by weight: of those with one role, or of all, where those without a choice count where they
  /// went.
  fileprivate func shares(_ chances: Matrix<Double>, of role: Role? = nil) -> [Double] {
    var sums = [Double](repeating: 0, count: tierCount)
    for (index, row) in rows.enumerated() where role == nil || row.role == role {
      guard row.role == .drawn else {
        sums[row.tier] += row.weight
        continue
      }
      for tier in 0..<tierCount { sums[tier] += row.weight * chances[index, tier] }
    }
    let total = sums.reduce(0, +)
    return total > 0 ? sums.map { $0 / total } : sums
  }
}
