/// Limited-memory BFGS: minimises any ``Objective`` with a few gradients' worth of memory.
///
/// Each iteration goes along −H g (see ``LBFGSHistory``) by a step that fulfils the strong Wolfe conditions (see
/// ``LineSearch``). Where no such step is found the history is dropped and the steepest descent tried once.
package struct LBFGS: Sendable {
  /// Stops when √(g·Hg) ≤ tolerance, H the inverse Hessian as far as it is known: where the loss is about tolerance² / 2 above
  /// its minimum, whatever the scale of the variables (the Newton decrement, Boyd & Vandenberghe 2004, §9.5.1).
  package var gradientTolerance: Double

  /// The most iterations.
  package var maximumIterations: Int

  /// The number of steps remembered.
  package var memory: Int

  /// The threads for vector arithmetic; the result does not depend on their number.
  package var pool: WorkerPool

  /// Creates a solver.
  package init(
    gradientTolerance: Double = 1e-6, maximumIterations: Int = 500, memory: Int = 10,
    pool: WorkerPool = WorkerPool(threads: 1)
  ) {
    self.gradientTolerance = gradientTolerance
    self.maximumIterations = maximumIterations
    self.memory = memory
    self.pool = pool
  }

  /// Minimises an objective.
  ///
  /// - Parameters:
  ///   - objective: what to minimise.
  ///   - start: the starting point, `[dimension]`; the solution of a similar problem saves iterations.
  ///   - report: called after every iteration.
  ///   - isCancelled: asked before every iteration.
  /// - Throws: ``TrainingError/shape(subject:expected:found:)`` for a start of another size, `diverged` when the
  ///   objective or its gradient is not finite at the start.
  package func minimise<O: Objective>(
    _ objective: inout O, from start: [Double], report: (IterationReport) -> Void = { _ in },
    isCancelled: () -> Bool = { false }
  ) throws(TrainingError) -> LBFGSResult {
    try requireEqual("starting point", start.count, expected: objective.dimension)
    var descent = Descent(
      point: start, vectors: VectorArithmetic(pool: pool), history: memory, objective: &objective)
    guard descent.value.isFinite, descent.gradientNorm.isFinite else {
      throw .diverged(subject: "starting point", iteration: 0)
    }
    var iteration = 0
    while true {
      if descent.gradientNorm <= gradientTolerance { return descent.result(.converged, iteration) }
      if iteration >= maximumIterations { return descent.result(.iterationLimit, iteration) }
      if isCancelled() { return descent.result(.cancelled, iteration) }
      guard let step = descent.advance(&objective) else { return descent.result(.lineSearchFailed, iteration) }
      iteration += 1
      report(descent.report(iteration, step: step))
    }
  }
}

/// Where L-BFGS ended and why.
package struct LBFGSResult: Sendable {
  /// The best point found.
  package var point: [Double]

  /// The value of the objective there.
  package var loss: Double

  /// √(g·Hg) there.
  package var gradientNorm: Double

  /// Iterations done.
  package var iterations: Int

  /// Evaluations of the objective.
  package var evaluations: Int

  /// Why the solver stopped.
  package var reason: StopReason
}
