import Statistics

/// The rows that a goal is tested on, and the margin by which each one meets it under a policy.
///
/// A margin is a bounded number whose mean must not be below 0 for the promise to hold; weights are divided by the
/// largest one and multiplied in, which keeps its sign and its range. Of rows of the same question only the first is
/// used, because a test needs independent draws. The order of the rows is a seeded permutation.
struct GoalSample {
  let log: ScoredLog
  let goal: ThresholdGoal
  /// The rows used, as indices into the log, in the order of the test [n].
  let rows: [Int]
  /// Weights divided by the largest [n].
  private let weights: [Double]
  /// The largest cost seen in any tier, in USD; 0 where the goal is not about cost.
  let largestCostUSD: Double
  /// What stands for outcomes where no row tells those of every tier.
  let scores: DrawnScores?

  /// Selects the rows that tell something about a goal.
  ///
  /// - Throws: ``EvaluationError/missingOutcomes(needed:rows:remedy:)`` when there are none.
  init(_ log: ScoredLog, goal: ThresholdGoal, seed: UInt64) throws(EvaluationError) {
    let scores = goal.drawnScores(log)
    let rows = if let scores { scores.rows } else { try Self.informative(log, goal: goal) }
    var seen: Set<Int> = []
    let questions = log.questions
    let first = rows.filter { seen.insert(questions[$0]).inserted }
    var generator = SplitMix64(seed: seed)
    let order = generator.permutation(of: first.count).map { first[$0] }
    let largest = order.reduce(0) { max($0, log.weights[$1]) }
    self.log = log
    self.goal = goal
    self.scores = scores
    self.rows = order
    weights = order.map { log.weights[$0] / largest }
    largestCostUSD = order.reduce(0) { max($0, log.cost.row($1).filter { !$0.isNaN }.max() ?? 0) }
  }

  private static func informative(_ log: ScoredLog, goal: ThresholdGoal) throws(EvaluationError) -> [Int] {
    let (rows, needed, remedy) =
      switch goal {
      case .targetQuality:
        (log.completeRows, "the quality of every tier", "add outcomes, a propensity, or leave a tier out")
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

  /// The number of rows n.
  var count: Int { rows.count }
}

extension GoalSample {
  /// The margins of a policy.
  ///
  /// - Parameter tiers: the tier of each of ``rows`` [n].
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
    if let scores {
      return sample(scores.qualityRange(fraction: fraction)) { position, row in
        scores.score(row: row, tier: tiers[position]) - fraction * scores.score(row: row, tier: strongest)
      }
    }
    return sample(-fraction...1) { position, row in
      log.quality[row, tiers[position]] - fraction * log.quality[row, strongest]
    }
  }

  /// Budget − cost of the chosen tier in USD, in budget − largest cost … budget.
  func costMargins(_ tiers: [Int], budgetUSD: Double) -> BoundedSample {
    if let scores {
      return sample(scores.costRange(budgetUSD: budgetUSD)) { position, row in
        budgetUSD - scores.score(row: row, tier: tiers[position])
      }
    }
    return sample((budgetUSD - largestCostUSD)...budgetUSD) { position, row in
      budgetUSD - log.cost[row, tiers[position]]
    }
  }

  /// Share − [the tier is chosen], in share − 1 … share.
  private func shareMargins(_ tiers: [Int], tier: Int, share: Double) -> BoundedSample {
    sample((share - 1)...share) { position, _ in share - (tiers[position] == tier ? 1 : 0) }
  }

  private func sample(_ range: ClosedRange<Double>, _ margin: (Int, Int) -> Double) -> BoundedSample {
    let values = rows.indices.map { weights[$0] * margin($0, rows[$0]) }
    // A weight below 1 moves a margin towards 0, which the range must therefore include.
    return BoundedSample(values: values, range: isUnweighted ? range : min(0, range.lowerBound)...range.upperBound)
  }
}
