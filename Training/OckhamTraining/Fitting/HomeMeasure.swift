import Ockham

/// Tells requests of home from foreign ones by their dense features: a logistic regression, home and the rest weighing the same, and each
/// family of either the same.
struct HomeMeasure: Sendable {
  /// What each standardised feature adds to the logit of a foreign request.
  let weights: [Float]
  let bias: Float

  /// The L2 strength, divided by the number of rows. Much stronger, and the measure knows length alone; much weaker, and it separates
  /// the training's own sets, which is another question.
  private static let penalty = 100.0

  /// - Parameters:
  ///   - rows: of home and of others.
  ///   - transform: fitted to these rows.
  init(
    _ context: TrainingContext, _ families: Families, rows: [Int], _ transform: FeatureTransform, pool: WorkerPool
  ) throws(TrainingError) {
    let (dataset, recipe) = (context.dataset, context.recipe)
    guard Set(rows.map(families.isHome)).count == 2 else {
      // One of the two is left out: nothing can be told of what is like it.
      (weights, bias) = ([Float](repeating: 0, count: dataset.denseColumns), 0)
      return
    }
    var problem = try LogisticProblem(
      sparse: CSRMatrix(
        trustedRows: rows.count, columns: 0, rowStarts: [Int](repeating: 0, count: rows.count + 1), columnIndices: [],
        values: []),
      dense: transform.dense(dataset, rows: rows),
      labels: DenseMatrix(column: rows.map { families.isHome($0) ? 0 : 1 }), weights: Self.weights(rows, families),
      headNames: ["foreign"])
    problem.frames = FrameForm(dataset, transform, rows: rows)
    let parameters = LogisticParameters(
      l2Sparse: 1, l2Dense: Self.penalty / Double(rows.count), l2Frames: recipe.frameStrength / Double(rows.count),
      gradientTolerance: recipe.gradientTolerance,
      maximumIterations: recipe.maximumIterations, minimumLabelsPerOutcome: 1)
    let solution = try LogisticSolver(parameters: parameters, pool: pool)
      .solve(problem, isCancelled: context.observer.isCancelled)
    if solution.reason == .cancelled { throw .cancelled }
    weights = solution.model.dense
    bias = solution.model.bias[0]
  }

  /// 1 in the mean.
  private static func weights(_ rows: [Int], _ families: Families) -> [Float] {
    var weights = [Float](repeating: 0, count: rows.count)
    let parts = families.parted(rows)
    for side in [true, false] {
      let own = parts.filter { families.home.contains($0.family) == side }
      for part in own {
        let weight = Float(rows.count) / Float(2 * own.count * part.places.count)
        for place in part.places { weights[place] = weight }
      }
    }
    return weights
  }
}
