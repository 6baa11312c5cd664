package import Ockham

/// What to report of a scored log.
package struct EvaluationOptions: Sendable {
  /// The model's own thresholds.
  package var thresholds: Thresholds
  /// Costs per tier to price the frontier with, in USD; `nil` to measure them.
  package var tierCosts: [Double]?
  /// Two tiers as `A,B` for the pair curve; `nil` for the first and the last.
  package var pair: String?
  /// What to break the report down by; `nil` for no groups.
  package var grouping: Grouping?
  /// How intervals are computed.
  package var bootstrap: BootstrapParameters
  /// The largest number of frontier points, at least 2.
  package var frontierPoints: Int
  /// Where the propensities of a log with one answer per request come from.
  package var propensity: PropensitySource

  /// What the report is about.
  package var origin: ReportOrigin?

  /// Creates options; the defaults are those of `evaluate`.
  package init(
    thresholds: Thresholds, tierCosts: [Double]? = nil, pair: String? = nil, grouping: Grouping? = nil,
    bootstrap: BootstrapParameters = .init(), frontierPoints: Int = 101,
    propensity: PropensitySource = .logged, origin: ReportOrigin? = nil
  ) {
    self.origin = origin
    self.thresholds = thresholds
    self.tierCosts = tierCosts
    self.pair = pair
    self.grouping = grouping
    self.bootstrap = bootstrap
    self.frontierPoints = frontierPoints
    self.propensity = propensity
  }

  /// Checks everything that the log's tiers decide.
  func check(_ log: ScoredLog) throws(EvaluationError) {
    try thresholds.check(tierCount: log.tierCount)
    try bootstrap.check()
    guard frontierPoints >= 2 else {
      throw .option(name: "frontier points", expected: "at least 2", found: "\(frontierPoints)")
    }
  }
}
