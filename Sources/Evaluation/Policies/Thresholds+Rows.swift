import Ockham

extension Thresholds {
  /// The tier chosen for each of the given rows of a log, by the same rule that serves requests.
  func tiers(_ log: ScoredLog, rows: [Int]) -> [Int] {
    let (width, steps) = (log.probability.columns, log.probability.columns - 1)
    let all = log.probability.elements.span
    guard let thresholdScale = log.thresholdScale else {
      return rows.map { choose(all.extracting(($0 * width)..<(($0 + 1) * width))).tier }
    }
    let scales = thresholdScale.elements.span
    return rows.map { row in
      choose(
        all.extracting((row * width)..<((row + 1) * width)),
        thresholdScales: scales.extracting((row * steps)..<((row + 1) * steps))
      ).tier
    }
  }

  /// Checks that there is a finite step between each two of `tierCount` tiers.
  func check(tierCount: Int) throws(EvaluationError) {
    guard self.tierCount == tierCount else {
      throw .option(name: "thresholds", expected: "\(tierCount - 1) steps", found: "\(increments.count)")
    }
    if let bad = increments.first(where: { !$0.isFinite }) {
      throw .option(name: "thresholds", expected: "finite steps", found: "\(bad)")
    }
  }

  /// The tier chosen for a row of a log among the allowed ones.
  func tier(_ log: ScoredLog, row: Int, allowed: TierSet) -> Int {
    let scales = log.thresholdScale.map { Array($0.row(row)) } ?? []
    let probabilities = Array(log.probability.row(row))
    return choose(probabilities.span, thresholdScales: scales.span, allowed: allowed).tier
  }
}
