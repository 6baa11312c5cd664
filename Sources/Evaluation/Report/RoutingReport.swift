/// All that is measured on the rows in which every tier's quality is known.
package struct RoutingReport: Sendable, Equatable {
  /// The number of these rows, at least 1.
  package var rows: Int
  /// Those of them in which every tier's cost is known too: what mean costs are measured on.
  package var pricedRows: Int
  /// The model at its own thresholds, and what it is compared with.
  package var baselines: Baselines
  /// Quality against strong share when routed by predicted gain.
  package var curve: PairCurve
  /// The figures of ``curve``.
  package var metrics: CurveMetrics
  /// Quality against strong share when routed by prompt length.
  package var lengthCurve: PairCurve
  /// The figures of ``lengthCurve``.
  package var lengthMetrics: CurveMetrics
  /// What gain per dollar comes to.
  package var costMetrics: CostMetrics
  /// Intervals of the figures.
  package var intervals: BootstrapIntervals
  /// The model's choices against what was needed.
  package var confusion: TierConfusion

  /// Measures a table.
  init(_ table: OutcomeTable, pair: TierPair, costs: TierCosts, options: EvaluationOptions) {
    let byGain = RankedPair(gainOf: table.log, rows: table.rows, pair: pair)
    let byLength = RankedPair(lengthOf: table.log, rows: table.rows, pair: pair)
    rows = table.rows.count
    pricedRows = table.pricedPositions.count
    baselines = Baselines(table, thresholds: options.thresholds)
    curve = byGain.curve(table.log, pair: pair)
    metrics = CurveMetrics(curve)
    lengthCurve = byLength.curve(table.log, pair: pair)
    lengthMetrics = CurveMetrics(lengthCurve)
    costMetrics = CostAreas(table, costs: costs).metrics { _ in 1 }
    intervals = BootstrapIntervals(
      table, pair: pair, thresholds: options.thresholds, costs: costs, parameters: options.bootstrap)
    confusion = TierConfusion(table, thresholds: options.thresholds)
  }
}
