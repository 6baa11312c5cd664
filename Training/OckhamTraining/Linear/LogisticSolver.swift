/// Fits one logistic model to all heads at once, by L-BFGS.
package struct LogisticSolver: Sendable {
  /// How to fit.
  package var parameters: LogisticParameters

  /// The threads; the weights do not depend on their number.
  package var pool: WorkerPool

  /// The processes that share the rows; `nil` for one on its own.
  package var team: (any ProcessGroup)?

  /// Creates a solver.
  package init(parameters: LogisticParameters, pool: WorkerPool, team: (any ProcessGroup)? = nil) {
    self.parameters = parameters
    self.pool = pool
    self.team = team
  }

  /// Fits a problem.
  ///
  /// - Parameters:
  ///   - problem: features, labels, weights.
  ///   - start: the model to start from, such as the solution for a neighbouring λ; zeros when left out.
  ///   - report: called after every iteration.
  ///   - isCancelled: asked before every iteration; a cancelled fit returns what it has.
  /// - Throws: ``TrainingError``: a setting out of range, a head without two outcomes, a start that does not fit.
  package func solve(
    _ problem: LogisticProblem, from start: LogisticModel? = nil, report: (IterationReport) -> Void = { _ in },
    isCancelled: () -> Bool = { false }
  ) throws(TrainingError) -> LinearSolution {
    var objective = try objective(for: problem)
    let coupling = coupling(of: problem)
    var solution = try parameters.solver(pool).fit(
      &objective, from: start.map(coupling.unmixed), report: report, isCancelled: isCancelled)
    solution.model = coupling.mixed(solution.model)
    return solution
  }

  func objective(for problem: LogisticProblem) throws(TrainingError) -> LinearObjective<HeadTargets> {
    try parameters.check()
    try HeadTargets.requireOutcomes(
      labels: problem.labels, weights: problem.weights, headNames: problem.headNames,
      minimum: parameters.minimumLabelsPerOutcome)
    let coupling = coupling(of: problem)
    let targets = HeadTargets(
      labels: problem.labels, weights: problem.weights, factors: problem.factors, coupling: coupling)
    return LinearObjective(
      design: problem.design, heads: problem.headNames.count, loss: targets, l2Sparse: parameters.l2Sparse,
      l2Dense: parameters.l2Dense, densePenalty: coupling.densePenalty, frames: problem.frames,
      l2Frames: parameters.l2Frames,
      frameMixing: coupling.mixing, pool: pool, team: team)
  }

  private func coupling(of problem: LogisticProblem) -> MultiTaskCoupling {
    MultiTaskCoupling(
      heads: problem.headNames.count, sparse: parameters.sparseCorrelation, dense: parameters.denseCorrelation)
  }
}

/// A fitted linear model and how the fit went.
package struct LinearSolution: Sendable {
  /// The weights.
  package var model: LinearModel

  /// The value of the objective.
  package var loss: Double

  /// ‖g‖∞ at the end.
  package var gradientNorm: Double

  /// Iterations done.
  package var iterations: Int

  /// Evaluations of the objective.
  package var evaluations: Int

  /// Why the solver stopped.
  package var reason: StopReason
}

extension LBFGS {
  /// Minimises a linear objective from a model, or from zeros.
  func fit<Loss: RowLoss>(
    _ objective: inout LinearObjective<Loss>, from start: LinearModel?, report: (IterationReport) -> Void,
    isCancelled: () -> Bool
  ) throws(TrainingError) -> LinearSolution {
    if let start { try Self.requireFit(start.layout, objective.layout) }
    let point = start?.parameters ?? [Double](repeating: 0, count: objective.dimension)
    let result: LBFGSResult
    if let team = objective.team {
      var whole = GroupObjective(objective, team: team)
      result = try minimise(&whole, from: point, report: report, isCancelled: isCancelled)
    } else {
      result = try minimise(&objective, from: point, report: report, isCancelled: isCancelled)
    }
    return LinearSolution(
      model: LinearModel(result.point, layout: objective.layout), loss: result.loss, gradientNorm: result.gradientNorm,
      iterations: result.iterations, evaluations: result.evaluations, reason: result.reason)
  }

  private static func requireFit(_ found: LinearLayout, _ expected: LinearLayout) throws(TrainingError) {
    try requireEqual("starting model, heads", found.heads, expected: expected.heads)
    try requireEqual("starting model, sparse columns", found.sparseColumns, expected: expected.sparseColumns)
    try requireEqual("starting model, dense columns", found.denseColumns, expected: expected.denseColumns)
  }
}
