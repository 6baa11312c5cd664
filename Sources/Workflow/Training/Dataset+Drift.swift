import Evaluation
import Ockham
import OckhamTraining

extension Dataset {
  /// What the traffic behind the training rows looked like: features of requests, and what models make of them that have not seen them.
  ///
  /// `nil` where no row says with what probability it was picked: then no one knows what traffic the rows stand for. Rows have no times
  /// here, so that live days are weighed against all of them at once.
  func driftReference(_ router: TrainedRouter) -> DriftReference? {
    guard labelWeighting != nil else { return nil }
    let (tiers, scores) = (tierNames.count, router.outOfFold)
    let columns = DriftColumn.all(tiers: tiers, hasTasks: false).filter { column in
      switch column {
      case .feature, .logit: true
      default: false
      }
    }
    var table = DriftTable(columns: columns, tiers: tiers)
    for (place, row) in router.rows.enumerated() where weights[row] > 0 {
      var facts = DriftFacts(conversation: conversationName(ofRow: row))
      facts.weight = Double(weights[row])
      facts.dense = denseFeatures(ofRow: row)
      let own = place * tiers..<(place + 1) * tiers
      (facts.logits, facts.probabilities) = (Array(scores.logits[own]), Array(scores.probabilities[own]))
      facts.labels = (0..<tiers).map { labels[row, $0].isNaN ? nil : Double(labels[row, $0]) }
      table.add(facts)
    }
    return table.trainingReference
  }
}
