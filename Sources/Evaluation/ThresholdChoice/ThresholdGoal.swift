/// What the thresholds are chosen to guarantee.
package enum ThresholdGoal: Sendable, Equatable {
  /// Keep at least this fraction, above 0 and up to 1, of the mean quality of the strongest tier.
  case targetQuality(fraction: Double)
  /// Spend at most this many USD, above 0, per 1,000 requests.
  case maximumCostPer1000(usd: Double)
  /// Send at most this share of the requests, above 0 and below 1, to a tier.
  case maximumShare(tier: String, share: Double)
}

extension ThresholdGoal {
  /// Checks that the goal's number lies in its range and that its tier exists.
  func check(_ log: ScoredLog) throws(EvaluationError) {
    switch self {
    case .targetQuality(let fraction) where !(fraction > 0 && fraction <= 1):
      throw .option(name: "target quality", expected: "a fraction above 0 and up to 1", found: "\(fraction)")
    case .maximumCostPer1000(let usd) where !(usd > 0 && usd.isFinite):
      throw .option(name: "maximum cost per 1,000 requests", expected: "USD above 0", found: "\(usd)")
    case .maximumShare(let tier, let share):
      _ = try log.tier(named: tier)
      guard share > 0, share < 1 else {
        throw .option(name: "maximum share", expected: "a share above 0 and below 1", found: "\(share)")
      }
    default: return
    }
  }
}
