package import Statistics
package import Ockham

/// A request log after scoring: what a model predicted for every row, and what is known of the tiers' outcomes.
///
/// Invariants, checked on creation: at least two tiers with different names, at least one row, all parts of equal
/// length, probabilities and known qualities in 0…1, known costs finite and not negative, weights finite and positive.
package struct ScoredLog: Sendable {
  /// The tiers' names [T], cheapest first.
  package let tierNames: [String]

  /// Where each row comes from [n].
  package let origins: [RowOrigin]

  /// How much each row counts in every mean [n].
  package let weights: [Double]

  /// The length of each row's prompt in bytes [n]: all that the length-only baseline reads.
  package let promptBytes: [Int]

  /// P(good) as predicted per tier [n × T].
  package let probability: Matrix<Float>

  /// The measured quality, 0…1, per tier [n × T]; NaN where unknown.
  package private(set) var quality: Matrix<Double>

  /// The cost in USD per tier [n × T]; NaN where unknown.
  package let cost: Matrix<Double>

  /// What each step up is multiplied with [n × (T − 1)], as the model's expected costs say; `nil` for a model without any.
  package let thresholdScale: Matrix<Float>?

  /// The predicted kind of task [n]; all `nil` for a model that predicts none.
  package let predictedTasks: [TaskKind?]

  /// The labelled kind of task [n]; `nil` where no label is known.
  package let trueTasks: [TaskKind?]

  /// Who answered each request and by what chance [n]; `nil` where no log says.
  package let draws: [LoggedDraw?]

  /// What is predicted given the tiers' responses; `nil` where none were scored.
  package let responses: ResponseScores?

  /// How long each tier took to answer, in milliseconds [n × T]; NaN where unknown, `nil` where no row shows it.
  package let latencyMilliseconds: Matrix<Double>?

  /// Creates a log after checking all invariants.
  ///
  /// - Parameters:
  ///   - weights, predictedTasks, trueTasks, draws, responses, latencyMilliseconds: `nil` for weight 1, no task, no draw, no
  ///     scored response or no known latency, in every row.
  /// - Throws: the first violation in the order tiers, shapes, values; values are checked row by row.
  package init(
    tierNames: [String], origins: [RowOrigin], weights: [Double]? = nil, promptBytes: [Int],
    probability: Matrix<Float>, quality: Matrix<Double>, cost: Matrix<Double>,
    thresholdScale: Matrix<Float>? = nil, predictedTasks: [TaskKind?]? = nil, trueTasks: [TaskKind?]? = nil,
    draws: [LoggedDraw?]? = nil, responses: ResponseScores? = nil, latencyMilliseconds: Matrix<Double>? = nil
  ) throws(EvaluationError) {
    self.tierNames = tierNames
    self.origins = origins
    self.weights = weights ?? [Double](repeating: 1, count: origins.count)
    self.promptBytes = promptBytes
    self.probability = probability
    self.quality = quality
    self.cost = cost
    self.thresholdScale = thresholdScale
    self.predictedTasks = predictedTasks ?? [TaskKind?](repeating: nil, count: origins.count)
    self.trueTasks = trueTasks ?? [TaskKind?](repeating: nil, count: origins.count)
    self.draws = draws ?? [LoggedDraw?](repeating: nil, count: origins.count)
    self.responses = responses
    self.latencyMilliseconds = latencyMilliseconds
    try checkTiers()
    try checkShapes()
    try checkValues()
    try responses?.check(rows: rowCount, tierCount: tierCount)
  }

  private init(_ log: ScoredLog, rows: [Int]) {
    tierNames = log.tierNames
    origins = rows.map { log.origins[$0] }
    weights = rows.map { log.weights[$0] }
    promptBytes = rows.map { log.promptBytes[$0] }
    probability = log.probability.selecting(rows)
    quality = log.quality.selecting(rows)
    cost = log.cost.selecting(rows)
    thresholdScale = log.thresholdScale?.selecting(rows)
    predictedTasks = rows.map { log.predictedTasks[$0] }
    trueTasks = rows.map { log.trueTasks[$0] }
    draws = rows.map { log.draws[$0] }
    responses = log.responses?.selecting(rows)
    latencyMilliseconds = log.latencyMilliseconds?.selecting(rows)
  }

  /// The log of the given rows, in the given order.
  package func selecting(_ rows: [Int]) -> ScoredLog { ScoredLog(self, rows: rows) }
}

extension ScoredLog {
  /// The number of rows n.
  package var rowCount: Int { origins.count }

  /// The number of tiers T.
  package var tierCount: Int { tierNames.count }

  /// The rows in which every tier's quality is known: those that curves and policies are measured on.
  package var completeRows: [Int] {
    (0..<rowCount).filter { row in quality.row(row).allSatisfy { !$0.isNaN } }
  }

  /// The same log with unknown qualities taken as predicted: of a log that knows one tier's answer per request, as
  /// gateways write, the best guess at all of them (the direct method; Dudík, Langford, Li 2011). No guarantee can rest on
  /// it.
  package func predictingQuality() -> ScoredLog {
    var result = self
    for row in 0..<rowCount {
      for tier in 0..<tierCount where quality[row, tier].isNaN {
        result.quality[row, tier] = Double(probability[row, tier])
      }
    }
    return result
  }

  /// The rows in which every tier's cost is known: those that mean costs are measured on.
  package var pricedRows: [Int] {
    (0..<rowCount).filter { row in cost.row(row).allSatisfy { !$0.isNaN } }
  }

  /// The index of a tier.
  ///
  /// - Throws: ``EvaluationError/unknownTier(found:expected:)``.
  package func tier(named name: String) throws(EvaluationError) -> Int {
    guard let index = tierNames.firstIndex(of: name) else {
      throw .unknownTier(found: name, expected: tierNames)
    }
    return index
  }

  /// One number per row that is the same for rows of the same question, that is of equal dataset and id; numbered from
  /// 0 in the order of first appearance. Rows of one question are not independent and are resampled together.
  package var questions: [Int] {
    var numbers: [RowOrigin.Question: Int] = [:]
    return origins.map { origin in
      if let known = numbers[origin.question] { return known }
      numbers[origin.question] = numbers.count
      return numbers.count - 1
    }
  }
}
