/// A smooth function of many variables to be minimised.
///
/// Solvers see nothing else of a problem. An objective keeps its scratch memory, hence `mutating`.
package protocol Objective {
  /// The number of variables.
  var dimension: Int { get }

  /// The value at a point; writes the gradient there, `[dimension]`.
  ///
  /// Must give the same bits for the same point. A value that is not finite makes the solver take a shorter step.
  mutating func evaluate(at point: [Double], gradient: inout [Double]) -> Double

  /// Roughly the Hessian: right or wrong, the minimum is the same; only the way there is longer or shorter.
  mutating func curvature() -> Curvature
}

extension Objective {
  /// All variables alike.
  package mutating func curvature() -> Curvature { Curvature(diagonal: [Double](repeating: 1, count: dimension)) }
}

/// What a solver reports after each iteration.
package struct IterationReport: Sendable, Equatable {
  /// Iterations done, from 1.
  package var iteration: Int

  /// The value of the objective.
  package var loss: Double

  /// The largest magnitude in the gradient, ‖g‖∞.
  package var gradientNorm: Double

  /// The step taken along the search direction.
  package var step: Double

  /// Evaluations of the objective since the start.
  package var evaluations: Int
}

/// Why a solver stopped.
package enum StopReason: Sendable, Equatable {
  /// The gradient is within its tolerance.
  case converged
  /// The iterations allowed are used up.
  case iterationLimit
  /// No step lowers the objective any further: it is as low as rounding lets it be, or not smooth.
  case lineSearchFailed
  /// The caller asked to stop.
  case cancelled
}
