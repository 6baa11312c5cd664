import Statistics

/// Logits for rows by models that have not seen them [rows × heads].
package struct HeldOutLogits: Sendable {
  /// The rows of the dataset that have logits.
  package let rows: [Int]
  /// Their logits, row-major in the order of ``rows``.
  package let logits: DenseMatrix

  /// Puts the folds' logits together.
  init(_ plan: FoldPlan, _ parts: [DenseMatrix]) {
    rows = plan.folds.flatMap(\.heldOut)
    var all = DenseMatrix(repeating: 0, rows: 0, columns: parts[0].columns)
    for part in parts { all.appendRows(part.values) }
    logits = all
  }

  /// - Parameter logits: as many rows as `rows` names.
  init(rows: [Int], logits: DenseMatrix) {
    self.rows = rows
    self.logits = logits
  }

  /// σ(logit), not calibrated, row-major in the order of ``rows``.
  package var probabilities: [Float] { logits.values.map { Float(Logistic.sigmoid(Double($0))) } }

  /// The weighted cross-entropy of σ(logit) against the known labels of each head.
  package func logLoss(_ dataset: Dataset) -> [Double] {
    dataset.tierNames.indices.map { head in
      var loss = 0.0
      var total = 0.0
      for (place, row) in rows.enumerated() where !dataset.labels[row, head].isNaN {
        let weight = Double(dataset.weight(ofRow: row, tier: head))
        loss += weight * Logistic.loss(Double(logits[place, head]), label: Double(dataset.labels[row, head]))
        total += weight
      }
      return loss / total
    }
  }

  /// By how much the loss of each row is lower by these logits than by others for the same rows: the mean over its known labels.
  func differences(to other: HeldOutLogits, _ dataset: Dataset) -> [Double] {
    zip(rows.indices, rows).map { place, row in other.loss(place, row, dataset) - loss(place, row, dataset) }
  }

  /// Those at some places.
  func selecting(_ places: [Int]) -> HeldOutLogits {
    HeldOutLogits(rows: places.map { rows[$0] }, logits: logits.selectingRows(places))
  }

  /// Whether the first and the last tier differ where both are known.
  func tellsRoutingValue(_ dataset: Dataset) -> Bool {
    let last = dataset.tierNames.count - 1
    return rows.contains { !(dataset.labels[$0, last] - dataset.labels[$0, 0]).isNaN }
      && rows.reduce(Float(0)) {
        let step = dataset.labels[$1, last] - dataset.labels[$1, 0]
        return step.isNaN ? $0 : $0 + step
      } > 0
  }

  /// What routing by gain between the first and the last tier is worth: the mean quality over all shares of requests that
  /// go to the last, in units of the gain when all do. 1/2 is worth nothing; APGR with every row an edge.
  ///
  /// Rows without both qualities are skipped; 1/2 where the tiers are equally good.
  func routingValue(_ dataset: Dataset) -> Double {
    let last = dataset.tierNames.count - 1
    let places = rows.indices.filter { !dataset.labels[rows[$0], 0].isNaN && !dataset.labels[rows[$0], last].isNaN }
    let gains = places.map { place in
      Logistic.sigmoid(Double(logits[place, last])) - Logistic.sigmoid(Double(logits[place, 0]))
    }
    var (won, area, total) = (0.0, 0.0, 0.0)
    for index in places.indices.sorted(by: { gains[$0] > gains[$1] }) {
      let row = rows[places[index]]
      let weight = Double(
        max(dataset.weight(ofRow: row, tier: 0), dataset.weight(ofRow: row, tier: last)))
      let step = weight * Double(dataset.labels[row, last] - dataset.labels[row, 0])
      area += weight * (won + step / 2)
      won += step
      total += weight
    }
    return won * total == 0 ? 0.5 : area / (won * total)
  }

  /// The loss of one row, averaged over its known labels, each times its factor.
  private func loss(_ place: Int, _ row: Int, _ dataset: Dataset) -> Double {
    let known = dataset.tierNames.indices.filter { !dataset.labels[row, $0].isNaN }
    let sum = known.reduce(0.0) { sum, tier in
      sum + Double(dataset.labelFactors?[row, tier] ?? 1)
        * Logistic.loss(Double(logits[place, tier]), label: Double(dataset.labels[row, tier]))
    }
    return known.isEmpty ? 0 : sum / Double(known.count)
  }
}

extension Dataset {
  /// The weighted cross-entropy of probabilities against the known labels of rows, over all tiers.
  ///
  /// - Parameter probabilities: row-major [rows × tiers].
  package func logLoss(rows: [Int], probabilities: [Float]) -> Double {
    let tiers = tierNames.count
    var (loss, total) = (0.0, 0.0)
    for (place, row) in rows.enumerated() {
      for tier in 0..<tiers where !labels[row, tier].isNaN {
        let probability = min(max(Double(probabilities[place * tiers + tier]), 1e-7), 1 - 1e-7)
        let weight = Double(weight(ofRow: row, tier: tier))
        loss += weight * Logistic.loss(Logistic.logit(probability), label: Double(labels[row, tier]))
        total += weight
      }
    }
    return total > 0 ? loss / total : 0
  }
}
