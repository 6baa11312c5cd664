package import Ockham
import Statistics

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Fits σ(a · logit + b) (Platt 1999), by Newton's method with backtracking (Lin, Lin & Weng 2007).
///
/// Labels are drawn in as if each outcome had been seen once more than it was: with N₊ = Σ w y and N₋ = Σ w (1 − y), a
/// label y becomes y (N₊ + 1) / (N₊ + 2) + (1 − y) / (N₋ + 2). That keeps the slope finite when the logits separate the
/// outcomes perfectly.
package struct PlattScaling: Sendable {
  /// The most Newton steps; 10 are usual.
  package var maximumIterations = 100

  /// Stops when the gradient of the summed loss is at most this times Σ w.
  package var gradientTolerance = 1e-10

  /// The slope a where it is given, as by ``SharedSlope``: then only the intercept is fitted.
  package var slope: Double?

  /// Creates the default fit.
  package init(slope: Double? = nil) { self.slope = slope }

  /// The slope a and the intercept b in double precision. O(rows · iterations).
  func fitLine(_ sample: CalibrationSample) -> (slope: Double, intercept: Double) {
    let loss = PlattLoss(sample)
    let start = SIMD2(slope ?? loss.start.x, loss.start.y)
    let line = Newton(maximumIterations: maximumIterations).minimise(from: start, loss: loss.value) { line, _ in
      let (gradient, step) = slope == nil ? loss.newtonStep(line) : loss.interceptStep(line)
      guard max(abs(gradient.x), abs(gradient.y)) > gradientTolerance * loss.totalWeight else { return nil }
      return Newton.Step(decrease: -(gradient * step).sum()) { line + $0 * step }
    }
    return (line.x, line.y)
  }

  /// Fits a sample.
  package func fit(_ sample: CalibrationSample) -> Calibration {
    let (slope, intercept) = fitLine(sample)
    return .platt(slope: Float(slope), intercept: Float(intercept))
  }
}
