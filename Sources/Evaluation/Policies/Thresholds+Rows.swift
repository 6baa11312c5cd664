import Ockham

extension Thresholds {
  /// The tier chosen for each of the given rows of a log, by the same rule that serves requests.
  func tiers(_ log: ScoredLog, rows: [Int]) -> [Int] {
    let (width, steps) = (log.probability.columns, log.probability.columns - 1)
    let all = log.probability.elements.span
    guard let stepScale = log.stepScale else {
      return rows.map { choose(all.extracting(($0 * width)..<(($0 + 1) * width))).tier }
    }
    let scales = stepScale.elements.span
    return rows.map { row in
      choose(
        all.extracting((row * width)..<((row + 1) * width)),
        stepScales: scales.extracting((row * steps)..<((row + 1) * steps))
      ).tier
    }
  }

  /// Checks that there is a finite step between each two of `tierCount` tiers.
  func check(tierCount: Int) throws(EvaluationError) {
    guard self.tierCount == tierCount else {
      throw .option(name: "thresholds", expected: "\(tierCount - 1) steps", found: "\(steps.count)")
    }
    if let bad = steps.first(where: { !$0.isFinite }) {
      throw .option(name: "thresholds", expected: "finite steps", found: "\(bad)")
    }
  }

  /// The tier chosen for a row of a log among the allowed ones.
  func tier(_ log: ScoredLog, row: Int, allowed: TierSet) -> Int {
    let scales = log.stepScale.map { Array($0.row(row)) } ?? []
    let probabilities = Array(log.probability.row(row))
    return choose(probabilities.span, stepScales: scales.span, allowed: allowed).tier
  }
}
