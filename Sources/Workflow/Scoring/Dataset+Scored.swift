import Evaluation
import Ockham
import OckhamTraining

extension Dataset {
  /// The training rows with the scores of models that have not seen them.
  func scored(by router: TrainedRouter) throws -> ScoredLog {
    let scores = router.outOfFold
    var rows = ScoredRows(
      tierNames: tierNames, scaling: router.weights.costs.map { ThresholdScaling(meanStepUSD: $0.meanStepUSD) })
    rows.responses = ResponseColumns(tiers: scores.responses.map(\.tier), places: Array(tierNames.indices))
    let responses = OutOfFoldScores.RowOfResponses(scores)
    for (place, row) in router.rows.enumerated() {
      rows.addScores(of: scores, at: place)
      rows.responses?.addRow(
        { responses.probabilities(of: $0, at: place) }, form: { responses.formProbabilities(of: $0, at: place) })
      add(row, to: &rows)
    }
    return try rows.log()
  }

  /// All rows with P(good) = 0.5 everywhere: what can be said of them before any model.
  func unscored() throws -> ScoredLog {
    try scored(rows: Array(0..<rows), probability: [Float](repeating: 0.5, count: rows * tierNames.count))
  }

  /// Rows with other scores.
  /// - Parameter probability: P(good) by tier, row-major [rows × tiers].
  func scored(rows: [Int], probability: [Float]) throws -> ScoredLog {
    var table = ScoredRows(tierNames: tierNames, scaling: nil)
    for row in rows { add(row, to: &table) }
    table.addScores(probability)
    return try table.log()
  }

  private func add(_ row: Int, to table: inout ScoredRows) {
    let tiers = tierNames.indices
    table.add(
      RowOrigin(id: ids[row], dataset: groups[row], task: tasks[row]?.name), weight: weight(ofWholeRow: row),
      promptBytes: promptBytes[row], quality: tiers.map { Double(labels[row, $0]) },
      cost: costs[row * tiers.count..<(row + 1) * tiers.count], trueTask: tasks[row])
  }
}
