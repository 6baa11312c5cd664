import Ockham

extension Thresholds {
  /// The tier chosen for each of the given rows, by the same rule that serves requests.
  ///
  /// - Parameter probability: P(good) [n × T].
  func tiers(_ probability: Matrix<Float>, rows: [Int]) -> [Int] {
    let all = probability.elements.span
    let width = probability.columns
    return rows.map { choose(all.extracting(($0 * width)..<(($0 + 1) * width))).tier }
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
}
