/// What is measured of one model when two are compared, on the log or on one resample of it.
package struct RouterFigures: Sendable, Equatable {
  /// The area under the recovered gap; see ``CurveMetrics/apgr``.
  package var apgr: Double?
  /// The strong share at half the gap; see ``CurveMetrics/cpt50``.
  package var cpt50: Double?
  /// The log-loss in nats, averaged over the heads that have labels.
  package var logLoss: Double?
  /// The expected calibration error of each head [T]; `nil` for a head without labels.
  package var calibrationErrors: [Double?]
  /// The mean quality at the model's own thresholds, over the complete rows.
  package var quality: Double?
  /// The mean cost in USD at the model's own thresholds, over the priced complete rows.
  package var costUSD: Double?
}
