/// The outcome of looking for the thresholds that meet a goal: thresholds with a guarantee, or the reason why there are
/// none.
package enum ThresholdChoice: Sendable, Equatable {
  /// Thresholds that keep the guarantee with the confidence asked for.
  case chosen(ChosenThresholds)
  /// The log is too small, or the goal out of reach.
  case refused(ThresholdRefusal)

  /// Chooses the thresholds that meet a goal at the least cost, or within a budget at the best quality. The order of the
  /// rows does not matter.
  ///
  /// - Parameters:
  ///   - tierCosts: what a request costs per tier, rising. Taken as given: the guarantee does not cover errors in them.
  /// - Throws: ``EvaluationError`` for a goal or parameter out of range, costs that do not rise, or a log without the
  ///   outcomes that the goal is about.
  /// - Complexity: O(grid · n · T + tests · n · orders).
  package init(
    _ log: ScoredLog, goal: ThresholdGoal, tierCosts: TierCosts, parameters: ThresholdChoiceParameters = .init()
  ) throws(EvaluationError) {
    try parameters.check()
    try goal.check(log)
    let log = log.inCanonicalOrder()
    let grid = try StepGrid(costs: tierCosts, log: log, count: parameters.gridCount)
    let sequence = FixedSequence(
      sample: try GoalSample(log, goal: goal, grid: grid), grid: grid, level: 1 - parameters.confidence,
      orders: parameters.orders,
      seed: parameters.seed)
    let end = sequence.run()
    if let accepted = end.accepted, accepted.isInformative {
      self = .chosen(ChosenThresholds(sequence, accepted, costs: tierCosts, confidence: parameters.confidence))
    } else {
      self = .refused(
        ThresholdRefusal(sequence, failed: end.failed, costs: tierCosts, confidence: parameters.confidence))
    }
  }
}

/// How thresholds are chosen.
package struct ThresholdChoiceParameters: Sendable, Equatable {
  /// 1 − δ: how sure the guarantee must be, above 0 and below 1.
  package var confidence: Double
  /// The number of policies to test on either side of gain 0, at least 10.
  package var gridCount: Int
  /// The number of orders in which rows are bet on, at least 1. The more, the less any of them matters.
  package var orders: Int
  /// The seed of these orders.
  package var seed: UInt64

  /// Creates parameters; the defaults are those of `calibrate`.
  package init(confidence: Double = 0.95, gridCount: Int = 1_000, orders: Int = 100, seed: UInt64 = 1) {
    self.confidence = confidence
    self.gridCount = gridCount
    self.orders = orders
    self.seed = seed
  }

  /// Checks the ranges before any work is done.
  func check() throws(EvaluationError) {
    guard confidence > 0, confidence < 1 else {
      throw .option(name: "confidence", expected: "a number above 0 and below 1", found: "\(confidence)")
    }
    guard gridCount >= 10 else { throw .option(name: "grid", expected: "at least 10", found: "\(gridCount)") }
    guard orders >= 1 else { throw .option(name: "orders", expected: "at least 1", found: "\(orders)") }
  }
}
