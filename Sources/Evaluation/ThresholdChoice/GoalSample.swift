import Statistics

/// The rows that a goal is tested on, and the margin by which each one meets it under a policy.
///
/// A margin is a bounded number whose mean must not be below 0 for the promise to hold; weights are divided by the
/// largest one and multiplied in, which keeps its sign and its range. A draw is the mean margin of the rows of a question,
/// because a test needs independent draws.
struct GoalSample {
  let log: ScoredLog
  let goal: ThresholdGoal
  /// The rows used, as indices into the log, question by question [m].
  let rows: [Int]
  /// Weights divided by the largest [m].
  private let weights: [Double]
  /// Where each question's rows end in ``rows`` [n].
  private let ends: [Int]
  /// The largest cost seen in any tier, in USD; 0 where the goal is not about cost.
  let largestCostUSD: Double

  /// Selects the rows that tell something about a goal.
  ///
  /// - Parameter log: in canonical order, which is the order of the draws too.
  /// - Throws: ``EvaluationError/missingOutcomes(needed:rows:remedy:)`` when there are none.
  init(_ log: ScoredLog, goal: ThresholdGoal) throws(EvaluationError) {
    let questions = log.questions
    let rows = try Self.informative(log, goal: goal).sorted { (questions[$0], $0) < (questions[$1], $1) }
    let largest = rows.reduce(0) { max($0, log.weights[$1]) }
    self.log = log
    self.goal = goal
    self.rows = rows
    ends = rows.indices.filter { $0 + 1 == rows.count || questions[rows[$0]] != questions[rows[$0 + 1]] }.map { $0 + 1 }
    weights = rows.map { log.weights[$0] / largest }
    largestCostUSD = rows.reduce(0) { max($0, log.cost.row($1).max() ?? 0) }
  }

  private static func informative(_ log: ScoredLog, goal: ThresholdGoal) throws(EvaluationError) -> [Int] {
    let (rows, needed, remedy) =
      switch goal {
      case .targetQuality: (log.completeRows, "the quality of every tier", "add outcomes or leave a tier out")
      case .maximumCostPer1000: (log.pricedRows, "the cost of every tier", "add costs or choose another goal")
      case .maximumShare: (Array(0..<log.rowCount), "a request", "add rows")
      }
    guard !rows.isEmpty else {
      throw .missingOutcomes(needed: needed, rows: log.rowCount, remedy: remedy)
    }
    return rows
  }

  /// Whether every row counts the same.
  var isUnweighted: Bool { weights.allSatisfy { $0 == 1 } }

  /// The number of questions n.
  var count: Int { ends.count }

  /// The number of questions of which some row is sent to a tier.
  func questions(_ tiers: [Int], in name: String) -> Int {
    var start = 0
    return ends.count { end in
      defer { start = end }
      return tiers[start..<end].contains { log.tierNames[$0] == name }
    }
  }
}

extension GoalSample {
  /// The margins of a policy.
  ///
  /// - Parameter tiers: the tier of each of ``rows`` [m].
  func margins(_ tiers: [Int]) -> BoundedSample {
    switch goal {
    case .targetQuality(let fraction): qualityMargins(tiers, fraction: fraction)
    case .maximumCostPer1000(let usd): costMargins(tiers, budgetUSD: usd / 1_000)
    case .maximumShare(let tier, let share):
      shareMargins(tiers, tier: log.tierNames.firstIndex(of: tier) ?? 0, share: share)
    }
  }

  /// q(chosen tier) − α·q(strongest tier), in −α … 1.
  func qualityMargins(_ tiers: [Int], fraction: Double) -> BoundedSample {
    let strongest = log.tierCount - 1
    return sample(-fraction...1) { position, row in
      log.quality[row, tiers[position]] - fraction * log.quality[row, strongest]
    }
  }

  /// Budget − cost of the chosen tier in USD, in budget − largest cost … budget.
  func costMargins(_ tiers: [Int], budgetUSD: Double) -> BoundedSample {
    sample((budgetUSD - largestCostUSD)...budgetUSD) { position, row in budgetUSD - log.cost[row, tiers[position]] }
  }

  /// Share − [the tier is chosen], in share − 1 … share.
  private func shareMargins(_ tiers: [Int], tier: Int, share: Double) -> BoundedSample {
    sample((share - 1)...share) { position, _ in share - (tiers[position] == tier ? 1 : 0) }
  }

  private func sample(_ range: ClosedRange<Double>, _ margin: (Int, Int) -> Double) -> BoundedSample {
    var start = 0
    let values = ends.map { end in
      defer { start = end }
      return (start..<end).reduce(0) { $0 + weights[$1] * margin($1, rows[$1]) } / Double(end - start)
    }
    // A weight below 1 moves a margin towards 0, which the range must therefore include.
    return BoundedSample(values: values, range: isUnweighted ? range : min(0, range.lowerBound)...range.upperBound)
  }
}
