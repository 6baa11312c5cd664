import Ockham
import TextKit

extension ScoredLog {
  /// Checks that there are tiers to choose between, and that their names distinguish them.
  func checkTiers() throws(EvaluationError) {
    guard tierNames.count >= TierCount.range.lowerBound else { throw .tooFewTiers(found: tierNames.count) }
    guard tierNames.count <= TierCount.range.upperBound else { throw .tooManyTiers(found: tierNames.count) }
    var seen: Set<String> = []
    for name in tierNames where !seen.insert(name).inserted { throw .duplicateTier(name: name) }
  }

  /// Checks that all parts have n rows, and all matrices T columns.
  func checkShapes() throws(EvaluationError) {
    guard rowCount > 0 else { throw .noRows }
    try checkCount("weights", weights.count)
    try checkCount("prompt lengths", promptBytes.count)
    try checkCount("predicted tasks", predictedTasks.count)
    try checkCount("true tasks", trueTasks.count)
    try checkCount("draws", draws.count)
    try checkShape("probabilities", rows: probability.rows, columns: probability.columns)
    try checkShape("qualities", rows: quality.rows, columns: quality.columns)
    try checkShape("costs", rows: cost.rows, columns: cost.columns)
    if let latencyMilliseconds {
      try checkShape("latencies", rows: latencyMilliseconds.rows, columns: latencyMilliseconds.columns)
    }
    guard let thresholdScale, thresholdScale.rows != rowCount || thresholdScale.columns != tierCount - 1 else { return }
    throw .shape(
      field: "step scales", expected: [rowCount, tierCount - 1], found: [thresholdScale.rows, thresholdScale.columns])
  }

  private func checkCount(_ field: String, _ count: Int) throws(EvaluationError) {
    guard count == rowCount else { throw .length(field: field, expected: rowCount, found: count) }
  }

  private func checkShape(_ field: String, rows: Int, columns: Int) throws(EvaluationError) {
    guard rows == rowCount, columns == tierCount else {
      throw .shape(field: field, expected: [rowCount, tierCount], found: [rows, columns])
    }
  }

  /// Checks every number of every row.
  func checkValues() throws(EvaluationError) {
    for row in 0..<rowCount {
      try check(weights[row], field: "weight", row: row, expected: "a finite number above 0") { $0.isFinite && $0 > 0 }
      try check(Double(promptBytes[row]), field: "prompt length", row: row, expected: "0 or more bytes") { $0 >= 0 }
      for tier in 0..<tierCount { try checkValues(row: row, tier: tier) }
      for scale in thresholdScale?.row(row) ?? [] {
        try check(Double(scale), field: "step scale", row: row, expected: "a number from 1/8 to 8") {
          ThresholdScaling.range.contains(Float($0))
        }
      }
    }
  }

  private func checkValues(row: Int, tier: Int) throws(EvaluationError) {
    let name = SafeText.name(tierNames[tier])
    try check(
      Double(probability[row, tier]), field: "probability of '\(name)'", row: row, expected: "a number from 0 to 1"
    ) {
      $0 >= 0 && $0 <= 1
    }
    try check(
      quality[row, tier], field: "quality of '\(name)'", row: row,
      expected: "a number from 0 to 1, or NaN where unknown"
    ) {
      $0.isNaN || ($0 >= 0 && $0 <= 1)
    }
    try check(
      cost[row, tier], field: "cost of '\(name)'", row: row, expected: "finite USD from 0 up, or NaN where unknown"
    ) {
      $0.isNaN || ($0.isFinite && $0 >= 0)
    }
    try check(
      latencyMilliseconds?[row, tier] ?? .nan, field: "latency of '\(name)'", row: row,
      expected: "finite milliseconds from 0 up, or NaN where unknown"
    ) { $0.isNaN || ($0.isFinite && $0 >= 0) }
  }

  private func check(
    _ value: Double, field: @autoclosure () -> String, row: Int, expected: @autoclosure () -> String,
    isValid: (Double) -> Bool
  ) throws(EvaluationError) {
    guard !isValid(value) else { return }
    throw .value(field: field(), row: row, expected: expected(), found: value)
  }
}
