/// All that is measured of routing: on the rows that know both tiers of the pair, and on those that know every tier.
package struct RoutingReport: Sendable, Equatable {
  /// The rows in which the quality of every tier is known.
  package var rows: Int
  /// The rows in which the qualities of both tiers of the pair are known, at least 1: those of ``rows`` and more.
  package var pairRows: Int
  /// Those of ``rows`` in which every tier's cost is known too: what mean costs are measured on.
  package var pricedRows: Int
  /// The model at its own thresholds, and what it is compared with; `nil` without complete rows.
  package var baselines: Baselines?
  /// Quality against strong share when routed by predicted gain, on ``pairRows``.
  package var curve: PairCurve
  /// The figures of ``curve``.
  package var metrics: CurveMetrics
  /// Quality against strong share when routed by prompt length, on ``pairRows``.
  package var lengthCurve: PairCurve
  /// The figures of ``lengthCurve``.
  package var lengthMetrics: CurveMetrics
  /// What gain per dollar comes to, on ``pricedRows``.
  package var costMetrics: CostMetrics
  /// Intervals of the figures.
  package var intervals: BootstrapIntervals
  /// The model's choices against what was needed; `nil` without complete rows.
  package var confusion: TierConfusion?

  /// Measures a log; `nil` where no row knows both tiers of the pair.
  ///
  /// - Parameter table: the log's complete rows, or none.
  init?(_ log: ScoredLog, _ table: OutcomeTable?, pair: TierPair, costs: TierCosts, options: EvaluationOptions) {
    let known = log.rows(knowing: pair)
    guard !known.isEmpty else { return nil }
    rows = table?.rows.count ?? 0
    pairRows = known.count
    pricedRows = table?.pricedPositions.count ?? 0
    baselines = table.map { Baselines($0, thresholds: options.thresholds) }
    curve = RankedPair(gainOf: log, rows: known, pair: pair).curve(log, pair: pair)
    metrics = CurveMetrics(curve)
    lengthCurve = RankedPair(lengthOf: log, rows: known, pair: pair).curve(log, pair: pair)
    lengthMetrics = CurveMetrics(lengthCurve)
    costMetrics = table.map { CostAreas($0, costs: costs).metrics { _ in 1 } } ?? CostMetrics()
    intervals = BootstrapIntervals(
      log, table, pair: pair, thresholds: options.thresholds, costs: costs, parameters: options.bootstrap)
    confusion = table.map { TierConfusion($0, thresholds: options.thresholds) }
  }
}
