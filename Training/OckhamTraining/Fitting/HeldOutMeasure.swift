import Statistics

/// What held-out logits are judged by: rows by themselves, or families of sets where those were left out.
///
/// Rows of one family succeed and fail together. What differs between two settings is therefore as sure as its families agree on
/// it, not as its rows are many.
struct HeldOutMeasure: Sendable {
  /// With weights by which families count as they are to.
  let dataset: Dataset
  let families: Families?

  init(_ dataset: Dataset, families: Families? = nil) {
    self.dataset = dataset
    self.families = families
  }

  /// By head.
  func logLoss(_ logits: HeldOutLogits) -> [Double] { logits.logLoss(dataset) }

  /// How much lower the loss of some logits is than that of others for the same rows.
  func advantage(of logits: HeldOutLogits, over other: HeldOutLogits) -> PairedDifference {
    let differences = logits.differences(to: other, dataset)
    let weights = logits.rows.map { Double(dataset.weights[$0]) }
    guard let families else { return PairedDifference(differences, weights: weights) }
    return PairedDifference(differences, weights: weights, groups: families.parted(logits.rows).map { $0.places })
  }

  /// What routing by gain is worth; with families, the mean over those whose tiers differ.
  func routingValue(_ logits: HeldOutLogits) -> Double {
    guard let families else { return logits.routingValue(dataset) }
    var (sum, total) = (0.0, 0.0)
    for (_, places) in families.parted(logits.rows) {
      let part = logits.selecting(places)
      guard part.tellsRoutingValue(dataset) else { continue }
      let weight = part.rows.reduce(0) { $0 + Double(dataset.weights[$1]) }
      sum += weight * part.routingValue(dataset)
      total += weight
    }
    return total > 0 ? sum / total : 0.5
  }
}
