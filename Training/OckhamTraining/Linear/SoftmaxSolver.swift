/// Fits a softmax model, by L-BFGS on the same objective and with the same settings as ``LogisticSolver``.
///
/// All K classes have weights; the L2 penalty makes the solution unique but for a shift of all biases, which starts at 0
/// and stays there.
package struct SoftmaxSolver: Sendable {
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

  /// Fits a problem; see ``LogisticSolver/solve(_:from:report:isCancelled:)``.
  ///
  /// - Throws: ``TrainingError``: a setting out of range, fewer than two classes with labels, a start that does not fit.
  package func solve(
    _ problem: SoftmaxProblem, from start: SoftmaxModel? = nil, report: (IterationReport) -> Void = { _ in },
    isCancelled: () -> Bool = { false }
  ) throws(TrainingError) -> LinearSolution {
    var objective = try objective(for: problem)
    return try parameters.solver(pool).fit(&objective, from: start, report: report, isCancelled: isCancelled)
  }

  func objective(for problem: SoftmaxProblem) throws(TrainingError) -> LinearObjective<ClassTargets> {
    try parameters.check()
    return LinearObjective(
      design: problem.design, heads: problem.classCount, loss: try ClassTargets(problem),
      l2Sparse: parameters.l2Sparse, l2Dense: parameters.l2Dense, pool: pool, team: team)
  }
}
