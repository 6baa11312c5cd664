import Statistics

/// The rows that a goal is tested on, and the margin by which each one meets it under a policy.
///
/// A margin is a bounded number whose mean must not be below 0 for the guarantee to hold; weights are divided by the
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
  /// Whether each row is a question of its own, counts the same and has qualities of 0 or 1.
  private let isBinary: Bool
  /// The most that a request may cost, as far as the rows contain, in USD; 0 where the goal is not about cost.
  let largestCostUSD: Double
  /// What stands for outcomes where no row contains those of every tier.
  let scores: DrawnScores?

  /// Selects the rows that show something about a goal.
  ///
  /// - Parameters:
  ///   - log: in canonical order, which is the order of the draws too.
  ///   - grid: the policies that will be tested.
  /// - Throws: ``EvaluationError/missingOutcomes(needed:rows:remedy:)`` when there are none.
  init(_ log: ScoredLog, goal: ThresholdGoal, grid: StepGrid) throws(EvaluationError) {
    let scores = goal.drawnScores(log)
    let informative = if let scores { scores.rows } else { try Self.informative(log, goal: goal, grid: grid) }
    self.init(log, goal: goal, rows: informative, scores: scores) { $0.max() ?? 0 }
  }

  /// Takes the given rows, which know every outcome that the goal is about.
  ///
  /// - Parameter most expensive: the most that a request may cost, of what it costs in the tiers.
  init(
    _ log: ScoredLog, goal: ThresholdGoal, rows informative: [Int], scores: DrawnScores? = nil,
    mostExpensive: (_ costsUSD: [Double]) -> Double
  ) {
    let questions = log.questions
    let rows = informative.sorted { (questions[$0], $0) < (questions[$1], $1) }
    let largest = rows.reduce(0) { max($0, log.weights[$1]) }
    self.log = log
    self.goal = goal
    self.scores = scores
    self.rows = rows
    ends = rows.indices.filter { $0 + 1 == rows.count || questions[rows[$0]] != questions[rows[$0 + 1]] }.map { $0 + 1 }
    weights = rows.map { log.weights[$0] / largest }
    isBinary =
      scores == nil && ends.count == rows.count && weights.allSatisfy { $0 == 1 }
      && rows.allSatisfy { log.quality.row($0).allSatisfy { $0 == 0 || $0 == 1 || $0.isNaN } }
    largestCostUSD = rows.reduce(0) { max($0, mostExpensive(log.cost.row($1).filter { !$0.isNaN })) }
  }

  private static func informative(
    _ log: ScoredLog, goal: ThresholdGoal, grid: StepGrid
  ) throws(EvaluationError) -> [Int] {
    let (rows, needed, remedy) =
      switch goal {
      case .targetQuality(let fraction):
        (
          log.rowsOfKnownPairs(grid, tolerance: (1 - fraction) / 10), "the quality of every tier",
          "add outcomes, a propensity, or leave a tier out"
        )
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
}

extension ScoredLog {
  /// The rows that know the strongest tier's quality, where nearly all of them know that of every tier they are sent to too;
  /// else those that know every tier's. Which ones does not depend on what any quality is.
  ///
  /// - Parameters:
  ///   - grid: the policies in question, of which some are looked at.
  ///   - tolerance: the greatest share of rows sent to a tier of unknown quality; these will count as lost.
  fileprivate func rowsOfKnownPairs(_ grid: StepGrid, tolerance: Double) -> [Int] {
    let complete = completeRows
    let known = (0..<rowCount).filter { !quality[$0, tierCount - 1].isNaN }
    guard complete.count < known.count else { return complete }
    let gains = stride(from: 0, to: grid.gains.count, by: 20).map { grid.gains[$0] }
    let isTolerable = gains.allSatisfy { gain in
      let tiers = grid.thresholds(gain).tiers(self, rows: known)
      let unknown = zip(known, tiers).count { quality[$0, $1].isNaN }
      return Double(unknown) <= tolerance * Double(known.count)
    }
    return isTolerable ? known : complete
  }
}

extension GoalSample {
  /// What the rows say about a policy.
  ///
  /// - Parameters:
  ///   - tiers: the tier of each of ``rows`` [m].
  ///   - goal: the goal, or the same one with another number.
  ///   - spentUSD: what each of ``rows`` costs [m]; that of its tier where it is `nil`.
  func evidence(_ tiers: [Int], goal: ThresholdGoal, spentUSD: [Double]? = nil) -> GuaranteeEvidence {
    switch goal {
    case .targetQuality(let fraction) where isBinary: .outcomes(outcomes(tiers), fraction: fraction)
    case .maximumShare(let tier, let share) where isUnweighted:
      .requests(questions(tiers, in: tier), of: count, share: share)
    default: .draws(margins(tiers, goal: goal, spentUSD: spentUSD))
    }
  }

  /// What a policy makes of rows of qualities 0 and 1.
  private func outcomes(_ tiers: [Int]) -> OutcomeCounts {
    var counts = OutcomeCounts()
    for (row, tier) in zip(rows, tiers) {
      counts.add(chosenIsRight: log.quality[row, tier] == 1, strongestIsRight: log.quality[row, log.tierCount - 1] == 1)
    }
    return counts
  }

  /// The number of questions of which some row is sent to a tier.
  private func questions(_ tiers: [Int], in name: String) -> Int {
    let tier = log.tierNames.firstIndex(of: name)
    var start = 0
    return ends.count { end in
      defer { start = end }
      return tiers[start..<end].contains { $0 == tier }
    }
  }

  /// The margins of a policy.
  ///
  /// - Parameters:
  ///   - tiers: the tier of each of ``rows`` [m].
  ///   - goal: the goal, or the same one with another number.
  ///   - spentUSD: what each of ``rows`` costs [m]; that of its tier where it is `nil`.
  func margins(_ tiers: [Int], goal: ThresholdGoal, spentUSD: [Double]? = nil) -> BoundedSample {
    switch goal {
    case .targetQuality(let fraction): qualityMargins(tiers, fraction: fraction)
    case .maximumCostPer1000(let usd): costMargins(tiers, budgetUSD: usd / 1_000, spentUSD: spentUSD)
    case .maximumShare(let tier, let share):
      shareMargins(tiers, tier: log.tierNames.firstIndex(of: tier) ?? 0, share: share)
    }
  }

  /// q(chosen tier) − α·q(strongest tier), in −α … 1; an unknown quality of the chosen tier counts as 0.
  private func qualityMargins(_ tiers: [Int], fraction: Double) -> BoundedSample {
    let strongest = log.tierCount - 1
    if let scores {
      return sample(scores.qualityRange(fraction: fraction)) { position, row in
        scores.score(row: row, tier: tiers[position]) - fraction * scores.score(row: row, tier: strongest)
      }
    }
    return sample(-fraction...1) { position, row in
      let quality = log.quality[row, tiers[position]]
      return (quality.isNaN ? 0 : quality) - fraction * log.quality[row, strongest]
    }
  }

  /// Budget − cost in USD, in budget − largest cost … budget.
  private func costMargins(_ tiers: [Int], budgetUSD: Double, spentUSD: [Double]?) -> BoundedSample {
    if let scores {
      return sample(scores.costRange(budgetUSD: budgetUSD)) { position, row in
        budgetUSD - scores.score(row: row, tier: tiers[position])
      }
    }
    return sample((budgetUSD - largestCostUSD)...budgetUSD) { position, row in
      budgetUSD - (spentUSD?[position] ?? log.cost[row, tiers[position]])
    }
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
