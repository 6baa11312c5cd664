extension ScoredLog {
  /// What the tiers count as for one row, up to a constant, when λ is above 0: the first tier's cost and scaled steps on
  /// top of it. The costs as they are without scales.
  ///
  /// - Parameter costs: the mean cost of each tier [T].
  func scaledCosts(_ costs: [Double], row: Int) -> [Double] {
    guard let stepScale else { return costs }
    var result = [costs[0]]
    for step in 0..<costs.count - 1 {
      let difference = costs[step + 1] - costs[step]
      result.append(result[step] + (difference > 0 ? Double(stepScale[row, step]) * difference : difference))
    }
    return result
  }
}
