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

  /// The weighted cross-entropy of σ(logit) against the known labels of each head.
  package func logLoss(_ dataset: Dataset) -> [Double] {
    dataset.tierNames.indices.map { head in
      var loss = 0.0
      var total = 0.0
      for (place, row) in rows.enumerated() where !dataset.labels[row, head].isNaN {
        let weight = Double(dataset.weights[row])
        loss += weight * logisticLoss(Double(logits[place, head]), label: Double(dataset.labels[row, head]))
        total += weight
      }
      return loss / total
    }
  }
}
