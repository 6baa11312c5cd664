/// How well one tier's head predicts whether the tier's answer is good.
package struct HeadMetrics: Sendable, Equatable {
  /// The tier's name.
  package var tier: String
  /// The rows in which the tier's quality is known: what the other figures are measured on.
  package var rows: Int
  /// The weighted mean quality of the tier over these rows, or `nil` without rows.
  package var meanQuality: Double?
  /// Cross-entropy in nats; see ``LabelledHead/logLoss``.
  package var logLoss: Double?
  /// Mean squared error; see ``LabelledHead/brier``.
  package var brier: Double?
  /// Area under the ROC curve; see ``LabelledHead/areaUnderROC``.
  package var areaUnderROC: Double?
  /// Predicted against observed, in 15 bins of equal mass.
  package var reliability: ReliabilityTable
  /// Expected calibration error of ``reliability``.
  package var expectedCalibrationError: Double? { reliability.expectedCalibrationError }

  /// Measures the head of one tier on the rows where the tier's quality is known.
  package init(_ log: ScoredLog, tier: Int) {
    let head = LabelledHead(log, tier: tier)
    self.tier = log.tierNames[tier]
    rows = head.count
    meanQuality = head.mean { head.labels[$0] }
    logLoss = head.logLoss
    brier = head.brier
    areaUnderROC = head.areaUnderROC
    reliability = ReliabilityTable(head)
  }

  /// Measures all heads, in the order of the tiers.
  package static func all(_ log: ScoredLog) -> [HeadMetrics] {
    (0..<log.tierCount).map { HeadMetrics(log, tier: $0) }
  }
}
