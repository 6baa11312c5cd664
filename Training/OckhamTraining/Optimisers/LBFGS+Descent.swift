extension LBFGS {
  /// The state of one minimisation: a point, what is known there, and the way it came.
  struct Descent {
    private(set) var point: [Double]
    private(set) var value: Double
    private(set) var gradient: [Double]
    /// −H g.
    private var direction: [Double]
    /// −g·Hg, the slope along the direction.
    private var slope: Double
    private(set) var evaluations = 1

    /// Iterations in a row that lowered neither the value beyond rounding nor the gradient's norm below its smallest.
    private var idleIterations = 0
    private var smallestNorm: Double
    private var history: LBFGSHistory
    private let vectors: VectorArithmetic

    /// Evaluates the objective at the starting point.
    init<O: Objective>(point: [Double], vectors: VectorArithmetic, history memory: Int, objective: inout O) {
      self.point = point
      self.vectors = vectors
      history = LBFGSHistory(memory: memory, curvature: objective.curvature(), vectors: vectors)
      gradient = [Double](repeating: 0, count: point.count)
      value = objective.evaluate(at: point, gradient: &gradient)
      direction = history.direction(for: gradient)
      slope = vectors.dot(gradient, direction)
      smallestNorm = (-slope).squareRoot()
    }

    /// √(g·Hg); NaN where rounding has made the slope positive.
    var gradientNorm: Double { (-slope).squareRoot() }

    /// Takes one step; returns its length, or `nil` when no step lowers the objective or ten in a row did not.
    mutating func advance<O: Objective>(_ objective: inout O) -> Double? {
      guard idleIterations < 10 else { return nil }
      if let step = move(&objective) { return step }
      guard !history.isEmpty else { return nil }
      history.removeAll()
      turn()
      return move(&objective)
    }

    /// Looks along −H g.
    private mutating func turn() {
      direction = history.direction(for: gradient)
      slope = vectors.dot(gradient, direction)
    }

    private mutating func move<O: Objective>(_ objective: inout O) -> Double? {
      let start = LineSearch.Point(step: 0, value: value, slope: slope)
      guard start.slope < 0 else { return nil }
      var trial = Trial(at: point)
      let first = history.isEmpty ? 1 / max(1, (-start.slope).squareRoot()) : 1
      let outcome = LineSearch().search(from: start, firstStep: first) { step in
        trial.evaluate(&objective, from: point, along: direction, step: step, vectors)
      }
      defer { evaluations += trial.evaluations }
      switch outcome {
      case .failed: return nil
      case .strongWolfe(let found), .decreaseOnly(let found):
        if found.step != trial.step {
          _ = trial.evaluate(&objective, from: point, along: direction, step: found.step, vectors)
        }
        accept(trial)
        return found.step
      }
    }

    private mutating func accept(_ trial: Trial) {
      var step = direction
      vectors.scale(&step, by: trial.step)
      var change = trial.gradient
      vectors.add(-1, times: gradient, to: &change)
      history.append(step: step, change: change)
      let lowers = trial.value < value - 1e-15 * abs(value)
      point = trial.point
      value = trial.value
      gradient = trial.gradient
      turn()
      idleIterations = lowers || gradientNorm < smallestNorm ? 0 : idleIterations + 1
      smallestNorm = min(smallestNorm, gradientNorm)
    }

    /// What to report after an iteration.
    func report(_ iteration: Int, step: Double) -> IterationReport {
      IterationReport(
        iteration: iteration, loss: value, gradientNorm: gradientNorm, step: step, evaluations: evaluations)
    }

    /// The state as a result.
    func result(_ reason: StopReason, _ iterations: Int) -> LBFGSResult {
      LBFGSResult(
        point: point, loss: value, gradientNorm: gradientNorm, iterations: iterations, evaluations: evaluations,
        reason: reason)
    }
  }

  /// The last point that a line search tried.
  private struct Trial {
    var point: [Double]
    var gradient: [Double]
    var value = Double.infinity
    var step = 0.0
    var evaluations = 0

    init(at point: [Double]) {
      self.point = point
      gradient = [Double](repeating: 0, count: point.count)
    }

    mutating func evaluate<O: Objective>(
      _ objective: inout O, from start: [Double], along direction: [Double], step: Double, _ vectors: VectorArithmetic
    ) -> LineSearch.Point {
      vectors.move(start, along: direction, by: step, into: &point)
      value = objective.evaluate(at: point, gradient: &gradient)
      self.step = step
      evaluations += 1
      return LineSearch.Point(step: step, value: value, slope: vectors.dot(gradient, direction))
    }
  }
}
